"""The dashboard over a real state directory, at a fixed instant, without a terminal."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, tzinfo

from textual.app import App
from textual.pilot import Pilot

from clawtui.storage.paths import StatePaths
from clawtui.tui.app import ClawtuiApp
from clawtui.tui.widgets.line_content import FixedLines
from clawtui.tui.widgets.line_view import LinesView
from tests.gateway_root import NOON, GatewayRoot


class ScreenTester:
    """Presses keys in any app, and reads what is on its screen then."""

    def __init__(self, app: App[None], pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def rows(self) -> list[str]:
        """Return the screen, row by row."""
        width, height = self.app.size
        strips = self.app.screen._compositor.render_strips(self.app.size)
        rows = ["".join(segment.text for segment in strip) for strip in strips]
        assert len(rows) == height
        assert all(len(row) <= width for row in rows)
        return rows

    @property
    def text(self) -> str:
        """Return the whole screen."""
        return "\n".join(row.rstrip() for row in self.rows)

    @property
    def unwrapped(self) -> str:
        """Return the whole screen without white space, for a sentence whose wrapping depends on a path in it."""
        return "".join(self.text.split())

    @property
    def dialog(self) -> str:
        """Return the lines of the dialog in front without blanks, for a command whose wrapping depends on a path."""
        lines = [
            view.content.lines for view in self.app.screen.query(LinesView) if isinstance(view.content, FixedLines)
        ]
        return "".join("".join(span.text for line in each for span in line) for each in lines).replace(" ", "")

    async def press(self, *keys: str) -> None:
        """Press keys, and wait until they are handled."""
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def wait_for(self, expected: str | Callable[[], object], deadline: float = 30.0) -> None:
        """Wait until ``expected`` is on the screen, or holds."""
        end = time.monotonic() + deadline
        while not (expected() if callable(expected) else expected in self.text):
            assert time.monotonic() < end, f"{expected!r} did not come; the screen:\n{self.text}"
            await self.pilot.pause(0.01)


class DashboardTester(ScreenTester):
    """Presses keys in the dashboard, and reads what is on its screen then."""

    app: ClawtuiApp

    def __init__(self, app: ClawtuiApp, pilot: Pilot[None]) -> None:
        super().__init__(app, pilot)

    async def wait_until_loaded(self) -> None:
        """Wait until everything has been read.

        A text on the screen is no sign of that: parts are shown as they are read, and a change that comes before the
        end of loading is no news.
        """
        await self.wait_for(lambda: self.app.dashboard.view.fleet.loaded)
        await self.pilot.pause()


@asynccontextmanager
async def dashboard_at_noon(
    gateway: GatewayRoot, size: tuple[int, int] = (120, 40), *, read_only: bool = False, zone: tzinfo = UTC
) -> AsyncIterator[DashboardTester]:
    """Yield the dashboard once everything has been read."""
    paths = StatePaths(gateway.root)
    app = ClawtuiApp(paths, host="gateway-1", clock=lambda: NOON, zone=zone, read_only=read_only)
    async with app.run_test(size=size, notifications=True) as pilot:
        tester = DashboardTester(app, pilot)
        await tester.wait_until_loaded()
        yield tester

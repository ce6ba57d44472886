"""The list of several roots over real directories, without a terminal."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from textual.pilot import Pilot

from clawtui.live.source import Source
from clawtui.model.documents.settings import LabelColour
from clawtui.model.listed_root import ListedRoot
from clawtui.roots.sources import RootSources, local_source
from clawtui.tui.roots_app import Position, RootsApp
from tests.gateway_root import GatewayRoot
from tests.tui.dashboard_at_noon import ScreenTester


class RootsListTester(ScreenTester):
    """Presses keys in the list of several roots, and reads what is on its screen then."""

    app: RootsApp

    def __init__(self, app: RootsApp, pilot: Pilot[None]) -> None:
        super().__init__(app, pilot)

    def row(self, *texts: str) -> str:
        """Return the row of the table that has all ``texts``; empty if there is none."""
        return next((row for row in self.rows[3:-2] if all(text in row for text in texts)), "")

    @property
    def order(self) -> list[str]:
        """Return the roots of the rows, from the top; a root's name is the first word after the mark."""
        names = set(self.app.view.roots)
        return [word for row in self.rows[3:-2] for word in row[:12].split() if word in names]

    async def go_to(self, *texts: str) -> None:
        """Move the cursor to the row that has all ``texts``."""
        await self.wait_for(lambda: self.row(*texts))
        await self.press("g")
        for _ in self.rows:
            if self.row("›", *texts):
                return
            await self.press("j")
        raise AssertionError(f"no row has {texts}; the screen:\n{self.text}")


def listed(place: Path, name: str, colour: LabelColour = "blue", *, read_only: bool = False) -> ListedRoot:
    """Return a root at ``place``/``name``, which need not exist."""
    return ListedRoot(name, name, colour, str(place / name), read_only=read_only)


def gateway(place: Path, name: str, *ids: str, running: str = "") -> GatewayRoot:
    """Write a root with automations, of which one may have been running for a moment."""
    made = GatewayRoot(place / name)
    made.dispatcher()
    for id in ids:
        made.automation(id)
    if running:
        now = datetime.now(UTC).isoformat()
        made.state(running, startTime=now, lastUpdate=now)
    return made


@asynccontextmanager
async def roots_list(
    roots: Sequence[ListedRoot],
    size: tuple[int, int] = (120, 40),
    *,
    read_only: bool = False,
    position: Position | None = None,
    make: Callable[[ListedRoot], Source | None] = local_source,
    lasting: RootSources | None = None,
) -> AsyncIterator[RootsListTester]:
    """Yield the list once every root on this host has been read; ``make`` makes the source of a root.

    The sources ``lasting`` go on when the list has ended, as they do while the dashboard of a root is open.
    """
    sources = lasting or RootSources(roots, make)
    app = RootsApp(sources, clock=lambda: datetime.now(UTC), zone=UTC, read_only=read_only, position=position)
    try:
        async with app.run_test(size=size, notifications=True) as pilot:
            tester = RootsListTester(app, pilot)
            await tester.wait_for(lambda: "reading …" not in tester.text)
            yield tester
    finally:
        if lasting is None:
            sources.stop()

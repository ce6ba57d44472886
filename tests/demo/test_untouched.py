"""Two minutes of the demo that is left alone: what is urgent is in sight or announced in every frame."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from clawtui.demo.gateway_process import GatewayProcess
from clawtui.demo.home import kept_home
from clawtui.storage.paths import StatePaths
from clawtui.tui.app import ClawtuiApp
from tests.tui.dashboard_at_noon import DashboardTester

SPEED = 20
DEMO_SECONDS = 120


def number(pattern: str, text: str) -> int:
    found = re.search(pattern, text)
    return int(found[1]) if found else 0


def check(frame: list[str]) -> None:
    """Assert that the header of the list counts no more than is in its rows or announced as out of sight."""
    first = next(at for at, row in enumerate(frame) if "1 Automations" in row)
    title = frame[first]
    last = next(at for at, row in enumerate(frame) if "2 Timeline" in row)
    shown = sum(row[1:2] in ("▸", "✗", "!") for row in frame[first + 2 : last])
    announced = number(r"▲ (\d+) urgent", title) + number(r"▼ (\d+) urgent", title)
    counted = sum(number(rf"(\d+) {status}", title) for status in ("running", "failed", "lost", "invalid"))
    both = sum(row[1:2] == "▸" and "✗ failed" in row for row in frame[first + 2 : last])
    assert counted <= shown + announced + both, "\n".join(frame)
    if shown < counted:
        assert "urgent" in title or both, "\n".join(frame)


@pytest.mark.slow
@pytest.mark.parametrize("size", [(120, 40), pytest.param((100, 30), marks=pytest.mark.exhaustive)])
async def test_counted_rows_are_visible_or_announced(tmp_path: Path, size: tuple[int, int]) -> None:
    frames = set()
    home = kept_home(tmp_path / "demo")
    with GatewayProcess(home, [f"--speed={SPEED}", "--automations=24", "--seed=7"]):
        app = ClawtuiApp(StatePaths(home), host="demo", clock=lambda: datetime.now(UTC), zone=UTC)
        async with app.run_test(size=size) as pilot:
            tester = DashboardTester(app, pilot)
            await tester.wait_for(lambda: app.dashboard.view.fleet.loaded)
            end = time.monotonic() + DEMO_SECONDS / SPEED
            while time.monotonic() < end:
                await pilot.pause(0.02)
                frame = tester.rows
                check(frame)
                frames.add("\n".join(frame))
            table = app.dashboard.view.automations.table
            assert (table.cursor.row, table.scroll_offset.y) == (0, 0)
    assert len(frames) > 1, "nothing happened"

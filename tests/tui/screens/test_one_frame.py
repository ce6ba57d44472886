"""The change that a key makes is painted in one frame, without an intermediate one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from textual.geometry import Region
from textual.strip import Strip

from clawtui.tui.panes.log import pane as log_pane
from clawtui.tui.panes.log.body import LogBody
from clawtui.tui.widgets.line_view import LinesView
from tests.gateway_root import NOON, GatewayRoot, run_entry
from tests.operations.evidence.test_processes import ended_pid
from tests.tui.dashboard_at_noon import DashboardTester, dashboard_at_noon
from tests.tui.dashboard_now import dashboard_now

LOG = "logs/smart-sync-fork/alpha-2025-01-26-11-00-00.jsonl"


@pytest.fixture
def scrolled(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the first visible line of a dialog in each of its frames."""
    drawn: list[int] = []
    render = LinesView.render_lines

    def note(view: LinesView, crop: Region) -> list[Strip]:
        drawn.append(view.scroll_offset.y)
        return render(view, crop)

    monkeypatch.setattr(LinesView, "render_lines", note)
    return drawn


@pytest.fixture
def logged(gateway: GatewayRoot) -> GatewayRoot:
    gateway.dispatcher()
    gateway.automation("alpha")
    for number in range(100):
        level = "error" if number % 2 else "info"
        at = NOON - timedelta(seconds=900 - number)
        gateway.append_log(LOG, run_entry("alpha", f"Step {number}.", at, level=level))
    return gateway


async def test_findings_open_at_the_first_and_do_not_move(gateway: GatewayRoot, scrolled: list[int]) -> None:
    gateway.dispatcher()
    for number in range(9):
        gateway.lock(f"github.com/acme/site-{number}", "alpha", pid=ended_pid())
    async with dashboard_now(gateway) as tester:
        await tester.wait_for(lambda: "findings" in tester.rows[0])
        await tester.press("D")
        await tester.wait_for("Enter goes there")
        await tester.wait_for("lock-orphaned")
        assert set(scrolled) == {0}


async def test_a_filter_replaces_the_lines_at_once(logged: GatewayRoot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_pane, "_PATIENCE", 60.0)
    async with dashboard_at_noon(logged) as tester:
        await tester.wait_for("Step 99.")
        await tester.press("3")
        drawn: list[tuple[int, int]] = []
        render = LogBody.render_lines

        def note(body: LogBody, crop: Region) -> list[Strip]:
            strips = render(body, crop)
            drawn.append((len(body.window.rows), body.size.height))
            return strips

        monkeypatch.setattr(LogBody, "render_lines", note)
        await _least_level(tester, "info and above")
        await _least_level(tester, "warn and above")
        await tester.wait_for(lambda: "Step 98." not in tester.text)
        assert drawn
        assert all(rows == height for rows, height in drawn)


async def _least_level(tester: DashboardTester, expected: str) -> None:
    await tester.press("s")
    await tester.wait_for(expected)


async def test_a_slow_filter_shows_its_first_matches(logged: GatewayRoot, monkeypatch: pytest.MonkeyPatch) -> None:
    async with dashboard_at_noon(logged) as tester:
        await tester.wait_for("Step 99.")
        await tester.press("3")
        monkeypatch.setattr(log_pane.LogPane, "on_log_pane_change", lambda pane: None)  # its end is not reported
        await tester.press("s")
        await tester.wait_for("info and above")

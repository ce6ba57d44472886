"""What the operator looks at stays: the row of the cursor, the run that is read, and what failed until it is seen."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from clawtui.tui.screens.run_selection import RunSelection
from tests.gateway_root import NOON, GatewayRoot, iso, run_entry
from tests.model.fleets import NOON as FLEET_NOON
from tests.tui.dashboard_at_noon import DashboardTester, dashboard_at_noon


def result(status: str, hours_ago: float, summary: str = "Push rejected") -> dict[str, object]:
    at = iso(NOON - timedelta(hours=hours_ago))
    return {"timestamp": at, "status": status, "duration": 1000, "summary": summary}


def ended(gateway: GatewayRoot, id: str, *runs: dict[str, object], **changes: object) -> None:
    gateway.automation(id, "smart-sync-fork", lastRun=runs[0], runHistory=list(runs), **changes)


def title(tester: DashboardTester, number: int = 1) -> str:
    """Return the title of a pane, without the mark of the focus."""
    return next(row for row in tester.rows if f"{number} " in row[:3] or f" {number} " in row)


@pytest.fixture
def many(gateway: GatewayRoot) -> GatewayRoot:
    """Write forty automations that wait, in the order of their ids."""
    gateway.dispatcher()
    for number in range(40):
        ended(gateway, f"a{number:02}", result("success", 1), nextRun=iso(NOON + timedelta(minutes=number + 1)))
    return gateway


async def test_a_cursor_that_was_not_moved_stays_on_the_top_row(many: GatewayRoot) -> None:
    many.state("a05")
    async with dashboard_at_noon(many) as tester:
        table = tester.app.dashboard.view.automations.table
        assert table.selected == "config/smart-sync-fork/a05.json"
        (many.automations / "workspaces/a05/state.json").unlink()
        many.state("a30")
        await tester.wait_for(lambda: table.selected == "config/smart-sync-fork/a30.json")
        assert (table.cursor.row, table.scroll_offset.y) == (0, 0)
        await tester.wait_for("2 Timeline  A30")


async def test_a_moved_cursor_stays_on_its_item_and_hidden_urgent_rows_are_counted(
    many: GatewayRoot,
) -> None:
    async with dashboard_at_noon(many) as tester:
        table = tester.app.dashboard.view.automations.table
        await tester.press("G")
        assert table.selected == "config/smart-sync-fork/a39.json"
        assert "40/40" in title(tester)
        assert "urgent" not in title(tester)
        many.state("a20")
        ended(many, "a21", result("failed", 1))
        await tester.wait_for("▲ 2 urgent above")
        assert table.selected == "config/smart-sync-fork/a39.json"
        await tester.press("g")
        assert "1/40" in title(tester)
        assert "urgent" not in title(tester)


async def test_sorted_by_name_the_urgent_ones_below_are_announced(many: GatewayRoot) -> None:
    many.state("a39")
    async with dashboard_at_noon(many) as tester:
        assert "urgent" not in title(tester)
        await tester.press("greater_than_sign")
        assert "▼ 1 urgent below" in title(tester)


async def test_the_wheel_announces_too(many: GatewayRoot) -> None:
    many.state("a00")
    async with dashboard_at_noon(many) as tester:
        tester.app.dashboard.view.automations.table.scroll_to(y=9, animate=False)
        await tester.wait_for("▲ 1 urgent above")


def going(gateway: GatewayRoot, id: str, start: datetime) -> None:
    gateway.state(id, startTime=iso(start), sessionId=f"s{start.minute}")


@pytest.mark.parametrize("keys", [("enter",), ("3",), ("L",), ("2", "1")])
async def test_a_run_that_is_read_stays_when_a_newer_one_starts(gateway: GatewayRoot, keys: tuple[str, ...]) -> None:
    ended(gateway, "alpha", result("failed", 2, "The old failure"))
    gateway.append_log("logs/smart-sync-fork/alpha-2025-01-26-10-00-00.jsonl", run_entry("alpha", "An old line"))
    async with dashboard_at_noon(gateway) as tester:
        await tester.wait_for("An old line")
        await tester.press(*keys)
        gateway.append_log("logs/smart-sync-fork/alpha-2025-01-26-11-59-00.jsonl", run_entry("alpha", "A new line"))
        going(gateway, "alpha", NOON - timedelta(minutes=1))
        await tester.wait_for("NEWER RUN STARTED 1m AGO · Esc shows it")
        assert "An old line" in tester.text
        assert "A new line" not in tester.text
        await tester.press("escape")
        await tester.wait_for("A new line")
        assert "NEWER RUN" not in tester.text


async def test_the_shown_run_stays_when_the_top_row_changes(gateway: GatewayRoot) -> None:
    ended(gateway, "alpha", result("failed", 2, "The old failure"))
    gateway.automation("bravo")
    async with dashboard_at_noon(gateway) as tester:
        await tester.wait_for("2 Timeline  Alpha")
        await tester.press("3")
        gateway.state("bravo")
        await tester.wait_for("1 running")
        assert "2 Timeline  Alpha" in tester.text


async def test_without_having_been_read_the_newest_run_is_shown(gateway: GatewayRoot) -> None:
    ended(gateway, "alpha", result("failed", 2, "The old failure"))
    async with dashboard_at_noon(gateway) as tester:
        await tester.press("2", "escape")
        going(gateway, "alpha", NOON - timedelta(minutes=1))
        await tester.wait_for("1m00s elapsed")
        assert "NEWER RUN" not in tester.text


async def test_a_failed_automation_that_runs_again_is_marked_until_it_was_seen(gateway: GatewayRoot) -> None:
    gateway.automation("alpha")
    gateway.state("alpha")
    ended(gateway, "bravo", result("failed", 2, "Pack exceeds the limit"))
    going(gateway, "bravo", NOON - timedelta(minutes=1))
    async with dashboard_at_noon(gateway) as tester:
        assert "2 running · 1 failed" in title(tester)
        await tester.press("F")
        await tester.wait_for("Pack exceeds the limit")
        assert "2 Timeline  PAST RUN, 1 back" in tester.text
        await tester.wait_for(lambda: "failed" not in title(tester))
        await tester.press("F")
        await tester.wait_for("None has failed.")


async def test_a_failed_automation_is_marked_until_it_succeeds(gateway: GatewayRoot) -> None:
    ended(gateway, "bravo", result("cancelled", 1), result("failed", 2))
    async with dashboard_at_noon(gateway) as tester:
        assert "1 failed" in title(tester)
        ended(gateway, "bravo", result("success", 0.5), result("cancelled", 1), result("failed", 2))
        await tester.wait_for(lambda: "failed" not in title(tester))


async def test_an_unattended_dashboard_has_seen_nothing(gateway: GatewayRoot) -> None:
    ended(gateway, "alpha", result("failed", 2))
    async with dashboard_at_noon(gateway) as tester:
        await tester.wait_for("2 Timeline  Alpha")
        going(gateway, "alpha", NOON - timedelta(minutes=1))
        await tester.wait_for("1 running · 1 failed")


async def test_failed_ones_that_the_filter_hides_are_named(gateway: GatewayRoot) -> None:
    gateway.automation("alpha")
    ended(gateway, "bravo", result("failed", 2))
    async with dashboard_at_noon(gateway) as tester:
        await tester.press("slash", *"alph", "enter", "F")
        await tester.wait_for("The filter hides 1 that failed; Esc clears it.")


def test_a_pinned_run_is_found_again_when_its_start_is_written_otherwise() -> None:
    from clawtui.model.fleet import Fleet
    from tests.model.fleets import automation

    def at(start: datetime, **more: object) -> Fleet:
        last = {"timestamp": iso(start), "status": "failed", "duration": 1000, "summary": "x", **more}
        alpha = automation("alpha", lastRun=last, runHistory=[last])
        return Fleet("", automations={"alpha": alpha})

    selection, start = RunSelection(), FLEET_NOON - timedelta(hours=1)
    fleet = at(start)
    selection.look(fleet, fleet.automations["alpha"])
    selection.pin()
    later = at(start + timedelta(seconds=7))
    choice = selection.look(later, later.automations["alpha"])
    assert (choice.position, choice.overtaken) == (0, False)

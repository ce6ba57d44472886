"""The cursor of the chart: on one run or skip, by row and by time."""

from __future__ import annotations

from datetime import UTC, timedelta

from clawtui.model.runs.dispatch_history import ActivityRow, RunSpan, SkippedDispatch
from clawtui.tui.panes.activity.cursor import ActivityCursor, event_text
from tests.gateway_root import NOON, GatewayRoot, iso
from tests.tui.dashboard_at_noon import dashboard_at_noon

HOUR = timedelta(hours=1)
OLD = RunSpan(NOON - 4 * HOUR, NOON - 3 * HOUR, "failed")
NEW = RunSpan(NOON - HOUR, None, "running")
SKIP = SkippedDispatch(NOON - 2 * HOUR, "a", "repository-locked")
ROWS = (ActivityRow("A", (NEW, OLD), (SKIP,), "a"), ActivityRow("B", (OLD,), (), "b"))


def test_it_steps_through_the_runs_and_skips_of_a_row() -> None:
    cursor = ActivityCursor()
    cursor.show(ROWS)
    assert cursor.marked == (0, NEW.began)
    cursor.move_event(-1)
    assert cursor.marked == (0, SKIP.at)
    cursor.move_event(-1)
    cursor.move_event(-1)
    assert (cursor.event, cursor.marked) == (OLD, (0, OLD.began))
    cursor.move_row(1)
    assert (cursor.key, cursor.event) == ("b", OLD)


def test_it_stays_on_its_row_and_its_event_when_rows_move() -> None:
    cursor = ActivityCursor()
    cursor.show(ROWS)
    cursor.move_event(-1)
    cursor.show(ROWS[::-1])
    assert (cursor.row, cursor.event) == (1, SKIP)
    cursor.show(())
    assert (cursor.event, cursor.marked, cursor.key) == (None, None, "")


def test_the_reason_of_a_skip_is_shown() -> None:
    assert event_text(SKIP, UTC) == "10:00:00 skipped: repository-locked, its repository was locked"
    assert event_text(OLD, UTC) == "08:00:00 failed, took 1h00m · Enter shows it"


async def test_enter_opens_the_run_at_the_cursor(gateway: GatewayRoot) -> None:
    runs = [
        {"timestamp": iso(NOON - hours * HOUR), "status": status, "duration": 1000, "summary": f"Ended {status}"}
        for hours, status in ((1, "success"), (2, "failed"))
    ]
    gateway.automation("alpha", "smart-sync-fork", lastRun=runs[0], runHistory=runs)
    async with dashboard_at_noon(gateway) as tester:
        await tester.press("W")
        await tester.wait_for("11:00:00 success")
        await tester.wait_for("slot 1")
        await tester.press("h")
        await tester.wait_for("10:00:00 failed")
        await tester.press("enter")
        await tester.wait_for("▌2 Timeline  PAST RUN, 1 back")
        await tester.wait_for("Ended failed")


async def test_the_alarms_of_the_header_stay_in_sight_on_other_screens(gateway: GatewayRoot) -> None:
    gateway.automation("alpha", "smart-sync-fork")
    async with dashboard_at_noon(gateway, (60, 15)) as tester:
        for number, key in enumerate(("W", "H", "B"), 1):
            await tester.press(key)
            await tester.wait_for("Esc q back")
            gateway.write(f"config/smart-sync-fork/{key}.json", "{")
            problems = f"{number} problem"
            await tester.wait_for(problems)
            assert problems in tester.rows[0]
            await tester.press("3")
            await tester.wait_for("▌3 Log")

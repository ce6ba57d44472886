"""The cursor of the timeline, and the way from a milestone to its line in the log."""

from __future__ import annotations

from datetime import timedelta

from clawtui.model.runs.timeline import Step
from clawtui.tui.panes.timeline.view_model import StepCursor
from tests.gateway_root import NOON, GatewayRoot, iso, run_entry
from tests.tui.dashboard_at_noon import dashboard_at_noon

SECOND = timedelta(seconds=1)
STEPS = tuple(Step(NOON + number * SECOND, f"step {number}", None) for number in range(10))


def test_it_follows_the_newest_milestone_until_it_is_moved_and_again_when_it_returns() -> None:
    cursor = StepCursor()
    assert not cursor.move("lines", -1, 5)
    cursor.show(STEPS[:4])
    assert cursor.position == 3
    assert cursor.move("lines", -1, 5)
    cursor.show(STEPS)
    assert (cursor.position, cursor.chosen) == (2, STEPS[2])
    assert not cursor.move("lines", 0, 5)
    assert cursor.move("pages", 0.5, 5)
    assert cursor.chosen == STEPS[4]
    cursor.move("top", 0, 5)
    assert (cursor.position, cursor.move("lines", -1, 5)) == (0, False)
    cursor.move("bottom", 0, 5)
    assert cursor.position == 9


async def test_enter_on_a_milestone_selects_its_line_in_the_log(gateway: GatewayRoot) -> None:
    began = NOON - timedelta(minutes=30)
    result = {"timestamp": iso(began), "status": "success", "duration": 600_000, "summary": "Synced"}
    gateway.automation("alpha", lastRun=result, runHistory=[result])
    log = f"logs/smart-sync-fork/alpha-{began:%Y-%m-%d-%H-%M-%S}.jsonl"
    titles = ("Cloning fork repository", "Merging upstream", "Opening the pull request")
    for number, (title, phase) in enumerate(zip(titles, ("git", "merge", "pr"), strict=True)):
        at = began + number * timedelta(minutes=3)
        gateway.append_log(log, run_entry("alpha", title, at, phase=phase))
        more = [run_entry("alpha", f"Detail {number}-{line}", at + line * SECOND, phase=phase) for line in range(1, 60)]
        gateway.append_log(log, *more)
    async with dashboard_at_noon(gateway) as tester:
        await tester.wait_for("Opening the pull request")
        await tester.press("2")
        await tester.wait_for(lambda: any("›" in row and "Opening the pull request" in row for row in tester.rows))
        await tester.press("k")
        await tester.wait_for(lambda: any("›" in row and "Merging upstream" in row for row in tester.rows))
        await tester.press("enter")
        await tester.wait_for("▌3 Log")
        await tester.wait_for(lambda: any("›11:33:00" in row and "Merging upstream" in row for row in tester.rows))
        await tester.press("2", "z", "k", "enter")
        await tester.wait_for(lambda: any("›11:30:00" in row and titles[0] in row for row in tester.rows))


async def test_a_milestone_written_a_little_after_its_line_is_found_by_its_message(gateway: GatewayRoot) -> None:
    began = NOON - timedelta(minutes=5)
    gateway.automation("alpha")
    gateway.state("alpha")
    gateway.progress("alpha", ("Cloning", 10), ("Merging", 40), ("Resolving", 60))
    log = f"logs/smart-sync-fork/alpha-{began:%Y-%m-%d-%H-%M-%S}.jsonl"
    for second, message in ((0, "Cloning"), (28, "Merging"), (29, "Something else"), (31, "More"), (58, "Resolving")):
        gateway.append_log(log, run_entry("alpha", message, began + second * SECOND))
    async with dashboard_at_noon(gateway) as tester:
        await tester.wait_for("Something else")
        await tester.press("2", "k")
        await tester.wait_for(lambda: any(row.startswith("›  11:55:30") for row in tester.rows))
        await tester.press("enter")
        await tester.wait_for(lambda: any("›11:55:28" in row and "Merging" in row for row in tester.rows))

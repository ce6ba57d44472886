"""Who ran when, and who was passed over."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from clawtui.model.fleet import Fleet
from clawtui.model.runs.dispatch_history import DispatchHistory, SkippedDispatch, activity_rows
from clawtui.model.runs.judgement import RunJudgement
from tests.gateway_root import NOON, iso
from tests.model.fleets import automation, workspace

HOUR = timedelta(hours=1)


def result(hours_ago: float, status: str = "success", minutes: float = 6) -> dict[str, object]:
    at = iso(NOON - hours_ago * HOUR)
    return {"timestamp": at, "status": status, "duration": minutes * 60_000, "summary": ""}


def fleet() -> Fleet:
    shown = {
        "quiet": automation("quiet", name="Quiet", runHistory=[result(30)]),
        "ran": automation("ran", name="Ran", runHistory=[result(1, "failed"), result(5), result(9)]),
        "going": automation("going", name="Going"),
        "skipped": automation("skipped", name="Skipped"),
    }
    going = workspace("going")
    assert going.state is not None and going.state.value is not None
    started = going.state.value.changed(start_time=NOON - HOUR)
    state = going.state.__class__(going.state.path, started, None, going.state.stamp)
    return Fleet("", automations=shown, workspaces={"going": going.__class__("going", state=state)})


def test_every_active_automation_has_a_row_with_running_ones_first() -> None:
    passed = (
        SkippedDispatch(NOON - 3 * HOUR, "skipped", "repository-locked"),
        SkippedDispatch(NOON - 8 * HOUR, "quiet", "too early"),
    )
    rows = activity_rows(fleet(), DispatchHistory(passed=passed), NOON - 6 * HOUR)
    assert [row.name for row in rows] == ["Going", "Ran", "Skipped"]
    assert [run.status for run in rows[1].ran] == ["failed", "success"]
    assert rows[0].running and rows[0].ran[0].ended is None
    assert rows[2].passed == passed[:1]


def test_an_automation_that_was_deleted_is_shown_by_its_id() -> None:
    rows = activity_rows(Fleet(""), DispatchHistory(passed=(SkippedDispatch(NOON, "gone", ""),)), NOON - HOUR)
    assert [(row.name, len(row.passed)) for row in rows] == [("gone", 1)]


def test_a_run_that_reaches_into_the_time_counts() -> None:
    shown = {"a": automation("a", runHistory=[result(6.5, minutes=60)])}
    assert len(activity_rows(Fleet("", automations=shown), DispatchHistory(), NOON - 6 * HOUR)) == 1


def test_a_run_that_is_only_in_the_last_run_counts() -> None:
    shown = {"a": automation("a", lastRun=result(1, "failed"))}
    (row,) = activity_rows(Fleet("", automations=shown), DispatchHistory(), NOON - 6 * HOUR)
    assert [(run.status, run.began) for run in row.ran] == [("failed", NOON - HOUR)]


def test_a_lost_run_ends_with_its_last_sign_of_life() -> None:
    going = fleet().workspaces["going"]
    lost = RunJudgement("lost", started=NOON - HOUR, ended=NOON - HOUR / 2)
    shown = {"going": automation("going")}
    (row,) = activity_rows(
        Fleet("", automations=shown, workspaces={"going": replace(going, run=lost)}), DispatchHistory(), NOON - 6 * HOUR
    )
    assert [(run.status, run.began, run.ended) for run in row.ran] == [("lost", NOON - HOUR, NOON - HOUR / 2)]
    assert not row.running

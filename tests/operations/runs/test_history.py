"""The runs of an automation, and their timelines."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from clawtui.model.errors import NoSuch
from clawtui.model.runs.run import Run
from clawtui.model.runs.timeline import Timeline
from clawtui.operations.runs import report as run_timeline
from clawtui.operations.runs.history import find_run, list_runs
from clawtui.operations.runs.log_summary import read_log_summary
from clawtui.storage.paths import StatePaths
from tests.gateway_root import NOON, GatewayRoot, iso, run_entry

MINUTE = timedelta(minutes=1)
ID = "auto-sync-main-123"


@pytest.fixture
def paths(gateway: GatewayRoot) -> StatePaths:
    return StatePaths(gateway.root)


def result(started: datetime, status: str = "success", minutes: float = 5) -> dict[str, object]:
    return {"timestamp": iso(started), "status": status, "duration": minutes * 60_000, "summary": f"{status} run"}


def timeline_of(paths: StatePaths, run: Run, now: datetime) -> Timeline:
    return run_timeline.timeline_of(paths, run, read_log_summary(paths, run), now)


def log(gateway: GatewayRoot, started: datetime, *entries: dict[str, object], form: str = "%Y-%m-%d-%H-%M-%S") -> str:
    path = f"logs/smart-sync-fork/{ID}-{started:{form}}.jsonl"
    gateway.append_log(path, *(entries or [run_entry(ID, "Starting", started, phase="init")]))
    return path


def test_runs_come_from_the_record_newest_first(gateway: GatewayRoot, paths: StatePaths) -> None:
    history = [result(NOON - 60 * MINUTE, "failed"), result(NOON - 180 * MINUTE, "partial")]
    gateway.automation(ID, runHistory=history, lastRun=result(NOON - 30 * MINUTE))
    runs = list_runs(paths, ID)
    assert [run.status for run in runs] == ["success", "failed", "partial"]
    assert runs[0].name == "2025-01-26T11:30:00.000Z"
    assert runs[0].log is None
    assert runs[1].next_start == runs[0].started


def test_the_last_run_is_listed_once_where_the_history_has_it_too(gateway: GatewayRoot, paths: StatePaths) -> None:
    gateway.automation(ID, runHistory=[result(NOON)], lastRun=result(NOON))
    assert len(list_runs(paths, ID)) == 1


@pytest.mark.parametrize("form", ["%Y-%m-%d-%H-%M-%S", "%Y%m%d-%H%M%S"])
@pytest.mark.parametrize("late", [timedelta(0), timedelta(seconds=40), 5 * MINUTE])
def test_a_run_has_the_log_that_was_begun_when_it_was(
    gateway: GatewayRoot, paths: StatePaths, form: str, late: timedelta
) -> None:
    started = NOON - 60 * MINUTE
    path = log(gateway, started, form=form)
    gateway.automation(ID, runHistory=[result(started + late)])
    (run,) = list_runs(paths, ID)
    assert run.log == path
    assert run.name == f"{ID}-{started:{form}}"
    assert run.status == "success"


def test_each_of_two_runs_in_quick_succession_has_its_own_log(gateway: GatewayRoot, paths: StatePaths) -> None:
    starts = [NOON - 10 * MINUTE, NOON - 10 * MINUTE + timedelta(seconds=30)]
    logs = [log(gateway, start) for start in starts]
    gateway.automation(ID, runHistory=[result(start, minutes=0.2) for start in reversed(starts)])
    assert [run.log for run in list_runs(paths, ID)] == list(reversed(logs))


def test_a_run_with_only_a_log_has_the_result_in_its_last_lines(gateway: GatewayRoot, paths: StatePaths) -> None:
    gateway.automation(ID)
    ended = run_entry(ID, "Done", NOON, phase="complete", status="partial", duration=164000, sessionId="cron:7")
    log(gateway, NOON - 5 * MINUTE, ended, run_entry(ID, "Cleaning up", NOON, phase="cleanup"))
    died = log(gateway, NOON - 60 * MINUTE)
    runs = list_runs(paths, ID)
    assert [(run.status, run.duration, run.session_id) for run in runs] == [
        ("partial", 164000, "cron:7"),
        (None, None, None),
    ]
    assert runs[1].log == died


def test_the_run_in_progress_is_first_and_has_its_log(gateway: GatewayRoot, paths: StatePaths) -> None:
    gateway.automation(ID, runHistory=[result(NOON - 60 * MINUTE)])
    gateway.state(ID, startTime=iso(NOON - 5 * MINUTE))
    path = log(gateway, NOON - 5 * MINUTE)
    first = list_runs(paths, ID)[0]
    assert (first.status, first.log, first.session_id) == ("running", path, f"cron:{ID}")


def test_a_run_with_a_recorded_end_is_not_in_progress(gateway: GatewayRoot, paths: StatePaths) -> None:
    gateway.automation(ID, runHistory=[result(NOON - 5 * MINUTE, "failed")])
    gateway.state(ID, startTime=iso(NOON - 5 * MINUTE))
    assert [run.status for run in list_runs(paths, ID)] == ["failed"]


def test_runs_that_share_the_log_of_a_day_each_have_their_own_lines(gateway: GatewayRoot, paths: StatePaths) -> None:
    starts = [NOON - 60 * MINUTE, NOON - 120 * MINUTE]
    gateway.automation(ID, runHistory=[result(start) for start in starts])
    day = "logs/smart-sync-fork/2025-01-26.jsonl"
    gateway.append_log(
        day, run_entry(ID, "older", starts[1] + MINUTE), run_entry("other", "not ours", starts[0] + MINUTE)
    )
    gateway.append_log(day, run_entry(ID, "newer", starts[0] + MINUTE))
    newest, older = list_runs(paths, ID)
    assert newest.log == older.log == day
    assert newest.name == iso(starts[0])
    assert [one.title for one in timeline_of(paths, newest, NOON).steps] == ["newer"]
    assert [one.title for one in timeline_of(paths, older, NOON).steps] == ["older"]


def test_a_deleted_automation_still_has_the_runs_that_left_logs(gateway: GatewayRoot, paths: StatePaths) -> None:
    path = log(gateway, NOON - 60 * MINUTE)
    assert [run.log for run in list_runs(paths, ID)] == [path]
    with pytest.raises(NoSuch, match="no automation"):
        list_runs(paths, "another")


def test_an_absurd_duration_breaks_nothing(gateway: GatewayRoot, paths: StatePaths) -> None:
    log(gateway, NOON - 60 * MINUTE)
    gateway.automation(ID, runHistory=[result(NOON - 60 * MINUTE) | {"duration": 1e300}])
    (run,) = list_runs(paths, ID)
    assert run.took is None


def test_a_run_is_found_by_its_name_its_log_and_its_start(gateway: GatewayRoot, paths: StatePaths) -> None:
    started = NOON - 60 * MINUTE
    path = log(gateway, started)
    gateway.automation(ID, runHistory=[result(NOON), result(started)])
    run = list_runs(paths, ID)[1]
    for name in (run.name, path, path.rpartition("/")[2], "2025-01-26T11:00:00Z", "2025-01-26T13:00:00+02:00"):
        assert find_run(paths, ID, name) == run
    assert find_run(paths, ID, None).started == NOON
    with pytest.raises(NoSuch, match="run list"):
        find_run(paths, ID, "yesterday")


def test_the_timeline_is_that_of_progress_while_it_is_of_this_run(gateway: GatewayRoot, paths: StatePaths) -> None:
    gateway.automation(ID, runHistory=[result(NOON - 60 * MINUTE)])
    gateway.state(ID)
    gateway.progress(ID, ("Cloning", 10), ("Resolving", 45))
    timeline = timeline_of(paths, find_run(paths, ID, None), NOON)
    assert timeline.source == "progress"
    assert [(one.title, one.percentage, one.took) for one in timeline.steps] == [
        ("Cloning", 10, timedelta(seconds=30)),
        ("Resolving", 45, 5 * MINUTE - timedelta(seconds=30)),
    ]
    assert timeline_of(paths, list_runs(paths, ID)[1], NOON).source is None


def test_a_run_without_its_timeline_is_reconstructed_from_its_log(gateway: GatewayRoot, paths: StatePaths) -> None:
    started = NOON - 60 * MINUTE
    log(
        gateway,
        started,
        run_entry(ID, "Starting", started, phase="init"),
        run_entry(ID, "Cloning", started + MINUTE, phase="git", repository="git@github.com:user/x.git"),
        run_entry(ID, "Fetching", started + 2 * MINUTE, phase="git"),
        run_entry(ID, "Thinking", started + 3 * MINUTE, phase="resolution", level="debug"),
        run_entry(ID, "Push rejected", started + 4 * MINUTE, phase="git", level="error"),
        run_entry(ID, "Failed", started + 5 * MINUTE, phase="complete", status="failed"),
    )
    gateway.automation(ID, runHistory=[result(started, "failed")])
    gateway.state(ID)
    gateway.progress(ID, ("Of the next run", 10))
    run = list_runs(paths, ID)[1]
    timeline = timeline_of(paths, run, NOON)
    assert timeline.source == "log"
    assert [(one.title, one.took) for one in timeline.steps] == [
        ("Starting", MINUTE),
        ("Cloning", 3 * MINUTE),
        ("Push rejected", MINUTE),
        ("Failed", timedelta(0)),
    ]
    assert {one.percentage for one in timeline.steps} == {None}
    assert timeline.steps[1].details == {"phase": "git", "repository": "git@github.com:user/x.git"}


def test_a_new_run_does_not_get_the_timeline_of_the_last(gateway: GatewayRoot, paths: StatePaths) -> None:
    gateway.automation(ID)
    gateway.progress(ID, ("Of the last run", 100))
    gateway.state(ID, sessionId="cron:new", startTime=iso(NOON))
    log(gateway, NOON, run_entry(ID, "Of the new run", NOON))
    timeline = timeline_of(paths, find_run(paths, ID, None), NOON + MINUTE)
    assert [(one.title, one.took) for one in timeline.steps] == [("Of the new run", MINUTE)]


def test_a_run_without_a_timeline_has_none() -> None:
    run = Run(ID, NOON, "success", duration=1000)
    assert run.ended == NOON + timedelta(seconds=1)
    assert run.name == "2025-01-26T12:00:00.000Z"

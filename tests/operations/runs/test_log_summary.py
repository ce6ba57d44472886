"""The usual durations, read from the history and the remaining logs."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from clawtui.model.runs.durations import Range
from clawtui.operations.runs.dispatch_history import read_dispatches
from clawtui.operations.runs.history import list_runs
from clawtui.operations.runs.log_summary import DurationStatsReader
from clawtui.operations.runs.report import read_report
from clawtui.storage.paths import StatePaths
from tests.gateway_root import NOON, GatewayRoot, iso, run_entry

MINUTE = timedelta(minutes=1)
ID = "auto-sync-main-123"


@pytest.fixture
def paths(gateway: GatewayRoot) -> StatePaths:
    return StatePaths(gateway.root)


def past(gateway: GatewayRoot, *minutes: tuple[float, float], status: str = "success") -> list[dict[str, object]]:
    """Write runs that cloned and then merged for so many minutes; return their records, newest first."""
    records = []
    for age, (git, merge) in enumerate(minutes, 1):
        began = NOON - age * timedelta(hours=1)
        log(gateway, began, ("git", 0), ("merge", git), ("complete", git + merge))
        duration = (git + merge) * 60_000
        records.append({"timestamp": iso(began), "status": status, "duration": duration, "summary": "Synced"})
    return records


def log(gateway: GatewayRoot, began: datetime, *phases: tuple[str, float]) -> str:
    path = f"logs/smart-sync-fork/{ID}-{began:%Y-%m-%d-%H-%M-%S}.jsonl"
    gateway.append_log(path, *(run_entry(ID, phase, began + at * MINUTE, phase=phase) for phase, at in phases))
    return path


def test_durations_are_read_from_the_records_and_phases_from_the_logs(gateway: GatewayRoot, paths: StatePaths) -> None:
    gateway.automation(ID, runHistory=past(gateway, (1, 4), (2, 5), (3, 6)))
    usual = DurationStatsReader(paths).read(list_runs(paths, ID))
    assert usual.whole.usual == Range(6 * MINUTE, 8 * MINUTE)
    assert usual.phase("merge").usual == Range(4.5 * MINUTE, 5.5 * MINUTE)
    assert usual.rest["merge"].usual == Range(4.5 * MINUTE, 5.5 * MINUTE)


def test_runs_that_were_broken_off_tell_nothing(gateway: GatewayRoot, paths: StatePaths) -> None:
    gateway.automation(ID, runHistory=past(gateway, (1, 4), (2, 5), (3, 6), status="failed"))
    assert DurationStatsReader(paths).read(list_runs(paths, ID)).whole.usual is None


def test_a_log_is_read_once_and_again_when_it_is_another(gateway: GatewayRoot, paths: StatePaths) -> None:
    gateway.automation(ID, runHistory=past(gateway, (1, 4), (2, 5), (3, 6)))
    reader, runs = DurationStatsReader(paths), list_runs(paths, ID)
    before = reader.read(runs)
    assert reader.read(runs) == before
    gateway.append_log(runs[0].log or "", run_entry(ID, "late", NOON, phase="cleanup"))
    assert "cleanup" in reader.read(runs).phases


def test_the_logs_gone_it_is_the_records_alone(gateway: GatewayRoot, paths: StatePaths) -> None:
    gateway.automation(ID, runHistory=past(gateway, (1, 4), (2, 5), (3, 6)))
    for path in (gateway.automations / "logs/smart-sync-fork").iterdir():
        path.unlink()
    usual = DurationStatsReader(paths).read(list_runs(paths, ID))
    assert usual.whole.usual == Range(6 * MINUTE, 8 * MINUTE)
    assert usual.phases == {}


def test_the_time_left_depends_on_the_phase_of_the_run(gateway: GatewayRoot, paths: StatePaths) -> None:
    gateway.automation(ID, runHistory=past(gateway, (1, 4), (1, 6), (1, 8)))
    began = NOON - 10 * MINUTE
    gateway.state(ID, startTime=iso(began))
    log(gateway, began, ("git", 0), ("merge", 9))
    runs = list_runs(paths, ID)
    page = read_report(paths, runs[0], runs, NOON)
    assert page.left(NOON) == Range(4 * MINUTE, 6 * MINUTE)
    assert page.slow_phases(NOON) == ("git",)


def test_two_past_runs_promise_nothing(gateway: GatewayRoot, paths: StatePaths) -> None:
    gateway.automation(ID, runHistory=past(gateway, (1, 4), (1, 6)))
    gateway.state(ID)
    runs = list_runs(paths, ID)
    page = read_report(paths, runs[0], runs, NOON)
    assert (page.left(NOON), page.slow_phases(NOON), page.is_slow(NOON)) == (None, (), False)


def test_an_unreadable_log_is_reported_on_its_page(gateway: GatewayRoot, paths: StatePaths) -> None:
    gateway.automation(ID, runHistory=past(gateway, (1, 4)))
    path = gateway.automations / (list_runs(paths, ID)[0].log or "")
    path.unlink()
    path.symlink_to("/etc/hostname")
    runs = list_runs(paths, ID)
    page = read_report(paths, runs[0], runs, NOON)
    assert page.problem is not None
    assert "symbolic link" in page.problem


def test_the_dispatcher_s_logs_tell_when_it_looked_and_whom_it_passed_over(
    gateway: GatewayRoot, paths: StatePaths
) -> None:
    def entry(minutes_ago: float, event: str, **fields: object) -> dict[str, object]:
        return {"timestamp": iso(NOON - minutes_ago * MINUTE), "level": "info", "event": event, **fields}

    skipped = {"automationId": ID, "reason": "repository-locked"}
    yesterday, today = "logs/dispatcher/2025-01-25.jsonl", "logs/dispatcher/2025-01-26.jsonl"
    gateway.append_log(yesterday, entry(13 * 60, "automation-skipped", **skipped))
    gateway.append_log(today, entry(500, "dispatch-started"), entry(30, "dispatch-started"))
    gateway.append_log(today, entry(29, "automation-skipped", **skipped), entry(28, "automation-dispatched"))
    with (gateway.automations / today).open("a") as log:
        log.write('{"event":"automation-skipped", half a line\n')
    hours = read_dispatches(paths, NOON - 60 * MINUTE)
    assert hours.at == (NOON - 30 * MINUTE,)
    assert [(one.automation_id, one.reason) for one in hours.passed] == [(ID, "repository-locked")]
    assert len(read_dispatches(paths, NOON - 24 * 60 * MINUTE).passed) == 2

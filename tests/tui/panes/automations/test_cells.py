"""The cells of one automation at a fixed instant."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from clawtui.model.documents.workspace import RuntimeState
from clawtui.model.fleet import Automation, Reading, Workspace
from clawtui.model.run_state import Skip
from clawtui.model.runs.judgement import RunJudgement, RunState
from clawtui.tui.panes.automations.cells import CellCache, CellRoom, cells
from tests.gateway_root import NOON, iso
from tests.model.fleets import automation, good, unreadable
from tests.model.samples import read


def row(shown: Automation, workspace: Workspace | None = None, skip: Skip | None = None) -> list[str]:
    """Return the cells as plain text: mark, name, now, last run, ago, took, runs."""
    return ["".join(span.text for span in cell) for cell in cells(shown, workspace, skip, NOON)]


def run(status: str, hours_ago: float = 2, seconds: int = 324) -> dict[str, object]:
    at = iso(NOON - timedelta(hours=hours_ago))
    return {"timestamp": at, "status": status, "duration": seconds * 1000, "summary": "Synced"}


def going(minutes_silent: float = 0) -> Workspace:
    state = read(
        RuntimeState,
        automationId="a",
        lastUpdate=iso(NOON - timedelta(minutes=minutes_silent)),
        progress={"percentage": 65, "milestone": "Resolving conflicts"},
    )
    return Workspace("a", state=good(state))


def test_a_running_automation_shows_its_progress() -> None:
    assert row(automation("a"), going())[:3] == ["▸", "Sync Main", "█████▏──  65% Resolving conflicts"]


def test_a_run_without_writes_for_the_quiet_time_is_silent() -> None:
    assert row(automation("a"), going(minutes_silent=25))[2] == "█████▏──  65% silent 25m Resolving conflicts"


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [(12, "in 12m"), (150, "in 2h"), (0, "due now"), (-3, "overdue 3m"), (-200, "overdue 3h")],
)
def test_a_waiting_automation_shows_when_it_is_due(minutes: int, expected: str) -> None:
    assert row(automation("a", nextRun=iso(NOON + timedelta(minutes=minutes))))[2] == expected


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("cron", "0 9 * * *", "in about 21h"),  # the zone of the gateway's host is not known here
        ("cron", "61 * * * *", "schedule not understood: 61"),
        ("cron", "0 9 31 2 *", "never"),
        ("interval", "1M", "schedule not understood: 1M"),
        ("at", "2020-01-01T00:00:00Z", "never again"),
    ],
)
def test_the_next_run_is_a_time_or_never_or_an_invalid_schedule(kind: str, value: str, expected: str) -> None:
    ran = run("success", hours_ago=1.5)
    assert row(automation("a", schedule={"type": kind, "value": value}, lastRun=ran))[2] == expected


def test_a_skipped_automation_shows_the_reason() -> None:
    late = automation("a", nextRun=iso(NOON - timedelta(minutes=3)))
    assert row(late, skip=Skip(NOON, "repository-locked"))[2] == "overdue 3m · its repository was locked"


def test_a_missing_next_run_is_derived_from_the_schedule() -> None:
    last = run("success", hours_ago=1.5)
    assert row(automation("a", lastRun=last, schedule={"type": "interval", "value": "2h"}))[2] == "in 30m"


def test_a_disabled_one_is_not_due() -> None:
    assert row(automation("a", enabled=False, nextRun=iso(NOON)))[:3] == ["○", "Sync Main", "disabled"]


def test_how_the_last_run_ended_when_and_how_long_it_took() -> None:
    assert row(automation("a", lastRun=run("partial")))[3:6] == ["◐ partial", "2h", "5m24s"]
    assert row(automation("a"))[3] == "never"


def test_the_last_runs_are_a_strip_with_the_newest_at_the_right() -> None:
    history = [run("failed"), run("success"), run("partial"), run("cancelled")]
    assert row(automation("a", runHistory=history))[6] == "–◐█✗"


def test_an_unreadable_configuration_shows_the_reason() -> None:
    assert row(unreadable("a"))[:3] == ["!", "a", "is empty"]


def test_an_unreadable_state_is_shown_beside_the_other_cells() -> None:
    broken = Workspace("a", state=Reading("workspaces/a/state.json", None, unreadable("a").config.problem, None))
    shown = row(automation("a", lastRun=run("success")), broken)
    assert shown[2] == "! state.json is empty"
    assert shown[3] == "✓ success"


def judged(state: RunState, **values: Any) -> Workspace:
    return replace(going(), run=RunJudgement(state, **values))


def test_a_lost_run_shows_its_time_and_reason_and_no_duration() -> None:
    lost = judged("lost", reason="its process is gone", ended=NOON - timedelta(minutes=4), started=NOON)
    assert row(automation("a"), lost)[:4] == ["✗", "Sync Main", "lost 4m ago: its process is gone", "✗ lost"]


def test_an_ended_run_with_a_running_state_is_not_shown_as_running() -> None:
    ended = judged("success", started=NOON - timedelta(hours=1), ended=NOON - timedelta(minutes=50))
    shown = row(automation("a", lastRun=run("failed")), ended)
    assert (shown[0], shown[3], shown[5]) == (" ", "✓ success", "10m00s")


def test_a_paused_one_is_not_overdue() -> None:
    due = iso(NOON - timedelta(hours=3))
    assert row(automation("a", nextRun=due), judged("paused"))[2] == "paused · Resolving conflicts"
    assert row(automation("a", nextRun=due, status="paused"))[2] == "paused"


def test_a_next_run_before_the_last_one_is_over() -> None:
    stale = automation("a", nextRun=iso(NOON - timedelta(minutes=121)), lastRun=run("success"))
    assert row(stale)[2] == "due now"
    at = {"type": "at", "value": iso(NOON - timedelta(hours=3))}
    assert row(automation("a", schedule=at, nextRun=at["value"], lastRun=run("success")))[2] == "never again"


def test_a_failed_automation_shows_the_cause() -> None:
    failed = {**run("failed"), "summary": "Push rejected: pack exceeds"}
    shown = automation("a", nextRun=iso(NOON + timedelta(hours=2)), lastRun=failed)
    assert row(shown)[2] == "in 2h · Push rejected: pack exceeds"


def test_a_row_is_made_again_only_after_a_change_of_what_it_shows() -> None:
    cache, due, runs = CellCache(), automation("a", nextRun=iso(NOON + timedelta(minutes=12, seconds=30))), going()

    def shown(seconds: float, shown: Automation = due, workspace: Workspace | None = None) -> object:
        now = NOON + timedelta(seconds=seconds)
        row = cache.cells("key", shown, workspace, None, now, None, CellRoom())
        assert row == cells(shown, workspace, None, now)
        return row

    first = shown(0)
    assert shown(29) is first
    assert shown(31) is not first
    assert shown(31, automation("a", nextRun=iso(NOON))) != first
    running = shown(31, due, runs)
    assert shown(90, due, runs) is running
    assert shown(1200, due, runs) != running

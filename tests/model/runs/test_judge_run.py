"""The one decision about the state of a run."""

from __future__ import annotations

from datetime import timedelta

import pytest

from clawtui.model.documents.automation import AutomationConfig
from clawtui.model.documents.base import RunStatus
from clawtui.model.documents.concurrency import ConcurrencyState
from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.documents.workspace import RuntimeState, WorkspaceInfo
from clawtui.model.fleet import Automation, Fleet, Workspace
from clawtui.model.liveness.slot_verdict import SlotJudgement, SlotVerdict
from clawtui.model.liveness.verdict import LockJudgement, Verdict
from clawtui.model.runs.judge_run import GONE, judge_runs
from clawtui.model.runs.judgement import RunJudgement, RunState
from clawtui.model.runs.run_evidence import LogEnd, RunContext
from clawtui.model.text.units import format_timestamp
from tests.model.fleets import NOON, good
from tests.model.samples import SLOT, read

START = NOON - timedelta(hours=1)
LAST = NOON - timedelta(minutes=30)
LOCK = "locks/a.lock"


def at(minutes: float) -> str:
    return format_timestamp(NOON - timedelta(minutes=minutes))


class Case:
    """A run that began an hour ago, whose ``state.json`` says ``running`` and was written half an hour ago."""

    def __init__(self, **state: object) -> None:
        values = {"startTime": format_timestamp(START), "lastUpdate": format_timestamp(LAST), **state}
        self.state: RuntimeState | None = read(RuntimeState, **values)
        self.info: WorkspaceInfo | None = None
        self.config = read(AutomationConfig, id="a")
        self.locks: dict[str, LockJudgement | None] = {}
        self.slot: SlotVerdict | None = None
        self.takes_slot = False
        self.context = RunContext()

    def judged(self) -> RunJudgement:
        slots = read(ConcurrencyState, activeSlots=[SLOT] if self.takes_slot else [])
        fleet = Fleet(
            "root",
            loaded=True,
            concurrency=good(slots),
            automations={"config/t/a.json": Automation("t", "a", good(self.config, "config/t/a.json"))},
            workspaces={
                "a": Workspace(
                    "a",
                    info=good(self.info) if self.info is not None else None,
                    state=good(self.state) if self.state is not None else None,
                )
            },
            locks={path: good(read(RepositoryLock, sessionId="s"), path) for path in self.locks},
        )
        slot = (SlotJudgement(slots.active_slots[0], self.slot, ("its session is over",)),) if self.slot else ()
        context = RunContext(
            {path: lock for path, lock in self.locks.items() if lock is not None},
            slot,
            self.context.released,
            self.context.log_ends,
            self.context.last_signs,
        )
        return judge_runs(fleet, context, NOON)["a"]

    def lock(self, verdict: Verdict | None, *, gone: bool = False) -> Case:
        judged = LockJudgement(verdict, False, ("pid 7 is gone",), process_gone=gone) if verdict is not None else None
        self.locks[LOCK] = judged
        return self

    def history(self, timestamp: float, status: str, minutes: float = 10) -> Case:
        result = {"timestamp": at(timestamp), "status": status, "duration": minutes * 60_000, "summary": "It is so"}
        self.config = read(AutomationConfig, id="a", runHistory=[result])
        return self

    def log_end(self, minutes_ago: float, status: RunStatus) -> Case:
        self.context = RunContext(
            log_ends={"a": LogEnd(NOON - timedelta(minutes=minutes_ago), status, "The end", "logs/t/a.jsonl")}
        )
        return self


def test_a_workspace_without_documents_has_no_run() -> None:
    assert not judge_runs(Fleet("root", workspaces={"a": Workspace("a")}), RunContext(), NOON)


@pytest.mark.parametrize("verdict", ["live", "quiet", "foreign", "invalid", None])
def test_a_lock_that_is_not_left_behind_keeps_a_run_going(verdict: Verdict | None) -> None:
    assert Case().lock(verdict).judged().state == "running"


def test_a_run_whose_process_is_gone_is_lost_since_its_last_sign_of_life() -> None:
    judged = Case().lock("orphaned", gone=True).judged()

    assert judged.text(NOON) == f"lost 30m ago: {GONE}"
    assert judged.facts[0].startswith("pid 7 is gone")
    assert not judged.is_going


def test_a_run_is_lost_with_its_slot_and_with_a_lock_that_was_released_by_hand() -> None:
    case = Case()
    case.takes_slot, case.slot = True, "orphaned"
    assert case.judged().text(NOON) == "lost 30m ago: its session is over"

    released = Case(lastUpdate=at(1))
    released.context = RunContext(
        released={"s": {"github.com/a/b": LockJudgement("orphaned", False, ("x",), None, True)}}
    )
    assert released.judged().text(NOON) == f"lost 1m ago: {GONE}"


def test_a_slot_in_use_keeps_a_run_going() -> None:
    case = Case()
    case.takes_slot, case.slot = True, "quiet"
    assert case.judged().state == "running"


def test_without_lock_and_slot_a_run_is_lost_when_it_has_been_silent() -> None:
    judged = Case().judged()
    assert judged.state == "lost"
    assert judged.reason == "it holds no lock and no slot, and has been silent for 30m"
    assert Case(lastUpdate=at(14)).judged().state == "running"


@pytest.mark.parametrize(
    ("status", "state"),
    [("success", "success"), ("partial", "partial"), ("failed", "failed"), ("cancelled", "cancelled")],
)
@pytest.mark.parametrize(("timestamp", "end"), [(60, 50), (50, 50)], ids=["start", "end"])
def test_a_result_in_the_history_ends_a_run_whose_state_is_running(
    status: str, state: RunState, timestamp: float, end: float
) -> None:
    judged = Case(lastUpdate=at(51)).history(timestamp, status).judged()

    assert (judged.state, judged.ended) == (state, NOON - timedelta(minutes=end))
    assert judged.recorded == NOON - timedelta(minutes=timestamp)
    assert judged.reason == (None if status == "success" else "It is so")
    assert judged.facts[0].startswith(f"its result is on record: “{status}”")


def test_a_result_of_an_earlier_run_does_not_end_it() -> None:
    assert Case().lock("live").history(180, "success").judged().state == "running"


def test_a_later_result_ends_an_unheld_run_without_a_known_result() -> None:
    assert Case().history(20, "success", minutes=1).judged().state == "unknown"
    assert Case().lock("live").history(20, "success", minutes=1).judged().state == "running"


def test_the_end_of_its_log_ends_a_run() -> None:
    judged = Case().log_end(30, "failed").judged()

    assert judged.text(NOON) == "failed 30m ago: The end"
    assert "logs/t/a.jsonl" in judged.facts[0]


def test_a_held_run_that_wrote_long_after_an_end_has_not_ended() -> None:
    assert Case(lastUpdate=at(1)).lock("live").log_end(30, "failed").judged().state == "running"
    assert Case(lastUpdate=at(1)).log_end(30, "failed").judged().state == "failed"


@pytest.mark.parametrize(
    ("status", "state"), [("complete", "success"), ("failed", "failed"), ("abandoned", "lost"), ("active", "lost")]
)
def test_the_workspace_ends_a_run_of_its_session(status: str, state: RunState) -> None:
    case = Case()
    case.info = read(WorkspaceInfo, status=status, lastUpdated=at(29))
    assert case.judged().state == state
    case.info = read(WorkspaceInfo, status=status, sessionId="another", lastUpdated=at(29))
    assert case.judged().state == "lost"


@pytest.mark.parametrize(
    ("word", "state"),
    [("completed", "success"), ("error", "failed"), ("canceled", "cancelled"), ("timed_out", "timed out")],
)
def test_its_own_state_ends_it_in_any_word(word: str, state: RunState) -> None:
    assert Case(status=word).judged().state == state


def test_a_paused_run_may_be_silent_for_days_without_a_lock() -> None:
    judged = Case(status="paused", lastUpdate=at(6000), startTime=at(7000)).judged()
    assert judged.state == "paused"
    assert judged.is_going
    assert Case(status="paused").lock("orphaned", gone=True).judged().state == "lost"


def test_a_status_that_is_not_understood_is_shown_as_it_is_and_runs_while_a_lock_is_held() -> None:
    assert Case(status="frobnicating").judged().label == "“frobnicating”"
    assert Case(status="frobnicating").lock("live").judged().state == "running"


@pytest.mark.parametrize(
    "reached", [{"progress": {"percentage": 100}}, {"currentPhase": "complete"}], ids=["percentage", "phase"]
)
def test_a_run_at_its_end_that_holds_nothing_is_over_before_it_has_been_silent_for_long(
    reached: dict[str, object],
) -> None:
    assert Case(lastUpdate=at(1), **reached).judged().state == "unknown"
    assert Case(lastUpdate=at(1), **reached).lock("live").judged().state == "running"


def test_a_workspace_without_a_state_is_running_only_while_its_session_holds_something() -> None:
    case = Case()
    case.state, case.info = None, read(WorkspaceInfo, created=at(60), lastUpdated=at(60))
    assert case.judged().state == "unknown"
    assert case.lock("live").judged().state == "running"
    assert case.lock("orphaned", gone=True).judged().reason == GONE

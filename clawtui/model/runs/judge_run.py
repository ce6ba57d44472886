"""The decision about a run's state: one function for every pane, command and finding.

A run has ended if a record that outlives it shows that: its result in the history, the end of its log, its own state,
or the workspace's. The gateway need not rewrite ``state.json`` at the end. Otherwise its lock and slot decide whether
it can be in progress, by the same evidence about processes as the verdicts on them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from clawtui.model.documents.automation import RunResult
from clawtui.model.fleet import Fleet, Workspace
from clawtui.model.liveness.session_evidence import SETTLING
from clawtui.model.paths import INFO_NAME, STATE_NAME
from clawtui.model.runs.judgement import GOING, RunJudgement, RunState, as_state, result_state
from clawtui.model.runs.run import SLACK
from clawtui.model.runs.run_evidence import EvidenceIndex, RunContext, RunEvidence
from clawtui.model.text.cleaning import clean
from clawtui.model.text.units import age_span

if TYPE_CHECKING:
    from clawtui.model.documents.workspace import RuntimeState

_SAME_START = timedelta(seconds=1)
GONE = "its process is gone"
"""Why a run is lost whose lock was taken by a process that has ended."""


class _Ending(NamedTuple):
    """A record that shows that the run has ended."""

    state: RunState
    fact: str
    at: datetime | None
    reason: str | None = None
    recorded: datetime | None = None
    is_certain: bool = False
    """Whether it is of exactly this run, so that later signs of life do not matter."""


def judge_runs(fleet: Fleet, context: RunContext, now: datetime) -> Mapping[str, RunJudgement]:
    """Return the state of the run in each workspace that has one, by the workspace's id."""
    index = EvidenceIndex(fleet, context)
    judged = ((id, judge_run(index.evidence(workspace, now))) for id, workspace in fleet.workspaces.items())
    return {id: judgement for id, judgement in judged if judgement is not None}


def with_runs(fleet: Fleet, runs: Mapping[str, RunJudgement]) -> Fleet:
    """Return the fleet with the states of its runs, by workspace."""
    judged = {id: replace(one, run=runs[id]) if id in runs else one for id, one in fleet.workspaces.items()}
    return replace(fleet, workspaces=judged)


def judge_run(evidence: RunEvidence) -> RunJudgement | None:
    """Return the state of the run in a workspace, with the facts; None if no document is about a run."""
    workspace = evidence.workspace
    if evidence.state is None and evidence.info is None:
        if workspace.state is None:
            return None
        return RunJudgement("unknown", (clean(f"{STATE_NAME} {_problem_of(workspace)}"),))
    endings = [one for one in _endings(evidence) if one.is_certain or not _was_active_after(evidence, one)]
    statements = tuple(_statements(evidence))
    if endings:
        first = endings[0]
        facts = (*(one.fact for one in endings), *_holders(evidence), *statements)
        return RunJudgement(
            first.state,
            tuple(dict.fromkeys(map(clean, facts))),
            clean(first.reason) if first.reason else None,
            evidence.started,
            first.at,
            recorded=first.recorded,
        )
    return _judge_unfinished(evidence, statements)


def _judge_unfinished(evidence: RunEvidence, statements: tuple[str, ...]) -> RunJudgement:
    state = evidence.state
    meant = as_state(state.status) if state is not None else None
    going: RunState = meant if meant is not None and meant in GOING else "running" if evidence.is_held else "unknown"
    held = tuple(_holders(evidence))
    lost = _why_lost(evidence, may_rest=going in ("paused", "queued", "unknown"))
    if lost is not None:
        reason, facts = lost
        lines = (*facts, *held, *statements)
        ended: datetime | None = evidence.last_life
        return RunJudgement("lost", _lines(lines), clean(reason), evidence.started, ended)
    if not evidence.is_held and evidence.unseen is None and state is not None and _is_at_its_end(state):
        fact = "it has reached its end, and holds neither lock nor slot; nothing says how it ended"
        return RunJudgement("unknown", _lines((fact, *held, *statements)), None, evidence.started, state.last_update)
    return RunJudgement(
        going,
        _lines((*held, *statements, *_life(evidence))),
        None,
        evidence.started,
        None,
        clean(state.status) if state is not None and meant is None else None,
    )


def _endings(evidence: RunEvidence) -> Iterator[_Ending]:
    """Yield all records that show that the run has ended, the most exact first."""
    results = sorted(evidence.results, key=lambda result: result.timestamp)
    own = next((ending for result in results if (ending := _own_result(evidence, result)) is not None), None)
    if own is not None:
        yield own
    log = evidence.log_end
    if log is not None:
        fact = f"its log says “{log.status}”, {_ago(evidence, log.at)}: {log.path}"
        yield _Ending(log.status, fact, log.at, log.message if log.status != "success" else None)
    state, info = evidence.state, evidence.info
    of_state = as_state(state.status) if state is not None else None
    if state is not None and of_state is not None and of_state not in GOING:
        at = state.last_update
        ago = f", {_ago(evidence, at)}" if at is not None else ""
        yield _Ending(of_state, f"{STATE_NAME} says “{state.status}”{ago}", at, is_certain=True)
    of_info = as_state(info.status) if info is not None and _is_of_this_run(evidence) else None
    gave_up = of_info == "lost" and evidence.is_held  # by the gateway, and perhaps it is alive
    if info is not None and of_info is not None and of_info not in GOING and not gave_up:
        reason = "the gateway gave its workspace up" if info.status == "abandoned" else None
        ago = f", {_ago(evidence, info.last_updated)}" if info.last_updated is not None else ""
        fact = f"{INFO_NAME} says “{info.status}”{ago}"
        yield _Ending(of_info, fact, info.last_updated, reason)
    started = evidence.started
    later = next((one for one in results if started is not None and one.timestamp >= started + _SAME_START), None)
    if own is None and later is not None:
        fact = f"a later run is on record: “{later.status}”, {_ago(evidence, later.timestamp)}"
        yield _Ending("unknown", fact, None)


def _own_result(evidence: RunEvidence, result: RunResult) -> _Ending | None:
    """Return the ending in the history if it is of this run: its timestamp is the start of the run, or its end."""
    started = evidence.started
    if started is None:
        return None
    try:
        ended = result.timestamp + result.took
        is_start = abs(result.timestamp - started) < _SAME_START
        is_end = abs(result.timestamp - result.took - started) <= SLACK and result.timestamp > started
    except OverflowError:
        return None
    if not (is_start or is_end):
        return None
    at = ended if is_start else result.timestamp
    fact = f"its result is on record: “{result.status}”, {_ago(evidence, at)}"
    reason = result.summary if result.status != "success" else None
    return _Ending(result_state(result.status)[0], fact, at, reason or None, result.timestamp, is_start)


def _is_of_this_run(evidence: RunEvidence) -> bool:
    """Return whether ``workspace-info.json`` was written by the run of ``state.json``, not before that run."""
    state, info = evidence.state, evidence.info
    if state is None or info is None:
        return info is not None
    started = evidence.started
    if info.session_id is None or info.session_id != state.session_id:
        return False
    return started is None or (info.last_updated is not None and info.last_updated >= started)


def _was_active_after(evidence: RunEvidence, ending: _Ending) -> bool:
    """Return whether the run holds a lock or slot, and wrote something long after ``ending``."""
    last = evidence.last_life
    if ending.at is None or last is None or not evidence.is_held:
        return ending.at is None and evidence.is_held
    return last > ending.at + SETTLING


def _why_lost(evidence: RunEvidence, *, may_rest: bool) -> tuple[str, tuple[str, ...]] | None:
    """Return why the run cannot be going, as a clause and as facts; None if it can.

    ``may_rest``: whether a run in its state may be silent for long.
    """
    if evidence.is_held:
        return None
    for name, lock in (*evidence.locks.items(), *evidence.released.items()):
        if lock is not None and lock.verdict == "orphaned":
            why = lock.facts[0] if lock.facts else "its holder cannot be alive"
            return (GONE if lock.process_gone else why), (f"{why}; it took the lock on {name}",)
    if evidence.slot is not None:
        why = evidence.slot.facts[0] if evidence.slot.facts else "its session is over"
        return why, (why,)
    last = evidence.last_life
    if evidence.unseen is not None or may_rest or last is None or evidence.now - last <= evidence.quiet_after:
        return None
    why = f"it holds no lock and no slot, and has been silent for {age_span(evidence.now - last)}"
    return why, (why,)


def _is_at_its_end(state: RuntimeState) -> bool:
    return (state.progress.percentage or 0) >= 100 or as_state(state.current_phase or "") == "success"


def _holders(evidence: RunEvidence) -> Iterator[str]:
    """Yield a fact for each lock and slot of the run."""
    for name, lock in evidence.locks.items():
        if lock is None:
            yield f"it holds the lock on {name}, which is not judged yet"
        else:
            yield f"its lock on {name} is {lock.verdict}" + (f": {lock.facts[0]}" if lock.facts else "")
    for name, lock in evidence.released.items():
        yield f"its lock on {name} was released by hand, and is {lock.verdict}"
    if evidence.holds_slot is not None:
        judged = evidence.slot
        verdict = "not judged yet" if judged is None else judged.verdict
        why = f": {judged.facts[0]}" if judged is not None and judged.facts else ""
        yield f"its slot {evidence.holds_slot} is {verdict}{why}"
    if not evidence.locks and evidence.holds_slot is None:
        yield evidence.unseen or "it holds no lock and no slot"


def _statements(evidence: RunEvidence) -> Iterator[str]:
    """Yield the statements of the documents in the workspace."""
    state, info = evidence.state, evidence.info
    if state is None:
        problem = _problem_of(evidence.workspace)
        yield f"{STATE_NAME} {problem}" if evidence.workspace.state is not None else f"there is no {STATE_NAME}"
    else:
        at = state.last_update or state.start_time
        yield f"{STATE_NAME} says “{state.status}”" + (f", {_ago(evidence, at)}" if at is not None else "")
    if info is not None:
        ago = f", {_ago(evidence, info.last_updated)}" if info.last_updated is not None else ""
        yield f"{INFO_NAME} says “{info.status}”{ago}"


def _life(evidence: RunEvidence) -> Iterator[str]:
    last = evidence.last_life
    if last is None:
        yield "it has given no sign of life"
    elif evidence.now - last > evidence.quiet_after:
        yield f"it has been silent for {age_span(evidence.now - last)}"


def _problem_of(workspace: Workspace) -> str:
    problem = workspace.state.problem if workspace.state is not None else None
    return problem.message if problem is not None else "cannot be read"


def _ago(evidence: RunEvidence, at: datetime) -> str:
    span = evidence.now - at
    return f"{age_span(span)} ago" if span >= timedelta(0) else f"{age_span(-span)} from now"


def _lines(facts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(clean, facts)))

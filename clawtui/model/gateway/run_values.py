"""A stock gateway's runs as the values that panes and commands of any kind of root show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from clawtui.model.gateway.owner import OwnerJudgement
from clawtui.model.gateway.run import GatewayRun
from clawtui.model.runs.judgement import RunJudgement
from clawtui.model.runs.run import Run
from clawtui.model.runs.timeline import Step
from clawtui.model.text.cleaning import clean


def runs_of(runs: Sequence[GatewayRun], owners: Mapping[str, OwnerJudgement]) -> tuple[Run, ...]:
    """Return runs, newest first, as runs of any kind of root, with the verdicts on their owners by run id."""
    followers = (None, *(run.started for run in runs))
    judged = (_run(with_verdict(run, owners.get(run.id))) for run in runs)
    return tuple(replace(run, next_start=start) for run, start in zip(judged, followers, strict=False))


def with_verdict(run: GatewayRun, owner: OwnerJudgement | None) -> GatewayRun:
    """Return the run as it is shown: one that is going and whose owner cannot be alive is ``lost``, with the reason."""
    judged = judgement_of(run, owner)
    if judged.state != "lost" or run.status == "lost":
        return run
    return replace(run, status="lost", error=run.error or judged.reason)


def _run(run: GatewayRun) -> Run:
    took = run.took
    return Run(
        automation_id=run.job_id,
        started=run.started,
        status=run.status,
        duration=None if took is None else took / timedelta(milliseconds=1),
        summary=run.error or run.summary or (run.delivery.error if run.delivery is not None else None),
        session_id=run.session_id,
    )


def judgement_of(run: GatewayRun, owner: OwnerJudgement | None) -> RunJudgement:
    """Return the state of a run with its facts: one that is going and whose owner cannot be alive is lost."""
    facts = owner.facts if owner is not None else ()
    reason = clean(run.error) if run.error else None
    if run.is_going and owner is not None and owner.verdict == "orphaned":
        return RunJudgement("lost", facts, "the process of its gateway is gone", run.started, owner.last_sign)
    return RunJudgement(run.status, facts, reason, run.started, run.finished)


def steps_of(
    run: GatewayRun, events: Iterable[Step], now: datetime, owner: OwnerJudgement | None = None
) -> tuple[Step, ...]:
    """Return the milestones of a run: its start, the events of its transcript, its diagnostics, and its end.

    The last one is current while the run is going; where its owner cannot be alive it is failed, and has no known end.
    """
    is_going = run.is_going and not (owner is not None and owner.verdict == "orphaned")
    found = [Step(run.started, "started", None), *events]
    found += [
        Step(at or run.finished or run.started, message, None, failed=severity == "error")
        for at, severity, message in run.diagnostics
    ]
    found.sort(key=lambda step: step.at)
    if run.finished is not None:
        found.append(Step(run.finished, run.status, None, failed=run.status in _FAILED))
    until = now if run.finished is None and is_going else None
    ends = (*(step.at for step in found[1:]), until)
    lasting = [
        step if end is None else replace(step, took=max(timedelta(0), end - step.at))
        for step, end in zip(found, ends, strict=True)
    ]
    if run.is_going:
        lasting[-1] = replace(lasting[-1], current=is_going, failed=lasting[-1].failed or not is_going)
    return tuple(lasting)


_FAILED = frozenset({"failed", "timed out", "interrupted", "lost"})

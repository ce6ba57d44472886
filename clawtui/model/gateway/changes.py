"""The differences between two states of a stock gateway, as events."""

from __future__ import annotations

from collections.abc import Iterator

from clawtui.model.changes import Change, Kind
from clawtui.model.gateway.job import Job
from clawtui.model.gateway.run import GatewayRun
from clawtui.model.gateway.state import GatewayState
from clawtui.model.runs.judgement import BAD
from clawtui.model.text.cleaning import clean
from clawtui.model.text.units import short_span


def gateway_changes(old: GatewayState, new: GatewayState) -> Iterator[Change]:
    """Yield the changes from ``old`` to ``new``: jobs, their runs, and what cannot be read."""
    for id in old.jobs.keys() | new.jobs.keys():
        was, now = old.jobs.get(id), new.jobs.get(id)
        if was is not now:
            yield from _of_job(was, now)
    for id in old.runs.keys() | new.runs.keys():
        before, after = old.runs.get(id, ()), new.runs.get(id, ())
        if before is not after:
            yield from _of_runs(clean(new.name_of(id)), before, after)
    for problem in set(new.problems) - set(old.problems):
        yield Change("problem", problem.path, clean(problem.message))
    for problem in set(old.problems) - set(new.problems):
        yield Change("problem-gone", problem.path, "can be read again")


def _of_job(was: Job | None, now: Job | None) -> Iterator[Change]:
    if now is None:
        yield Change("automation-gone", clean(was.name) if was is not None else "", "is gone")
    elif was is None:
        yield Change("automation-added", clean(now.name), "is new")
    elif was.enabled != now.enabled and now.enabled is not None:
        kind: Kind = "enabled" if now.enabled else "disabled"
        yield Change(kind, clean(now.name), kind)


def _of_runs(name: str, before: tuple[GatewayRun, ...], after: tuple[GatewayRun, ...]) -> Iterator[Change]:
    known = {run.id: run for run in before}
    newest = max((run.started for run in before), default=None)
    for run in reversed(after):
        was = known.get(run.id)
        if was is None and (newest is None or run.started >= newest):
            yield Change("run-started", name, "started")
        elif was is None:
            continue
        if not run.is_going and (was is None or was.is_going):
            yield _ended(name, run)


def _ended(name: str, run: GatewayRun) -> Change:
    took = f" after {short_span(run.took)}" if run.took is not None else ""
    result = run.error or run.summary
    reason = f": {clean(result)}" if result else ""
    return Change("run-failed" if run.status in BAD else "run-ended", name, f"{run.status}{took}{reason}")

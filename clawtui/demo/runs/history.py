"""The runs of an automation before the demo started."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random

from msgspec import Struct

from clawtui.demo.runs.plan import Ending, Plan, make_plan
from clawtui.demo.runs.report_script import Finding, counts, findings
from clawtui.demo.runs.run_state import RunIdentity, RunRecord, replay
from clawtui.demo.runs.scripted_run import CANCELLER, ERRORS, RunConditions, branch_name, whole_run
from clawtui.demo.seed.fleet_spec import REPORT, AutomationSpec
from clawtui.model.documents.automation import RunResult, Schedule
from clawtui.model.schedules.outlook import Due

_STREAK = 4
"""The number of the last runs of a failing automation that failed."""


class PastRun(Struct, frozen=True):
    """A run that has ended."""

    run: RunIdentity
    plan: Plan
    conditions: RunConditions
    took: timedelta

    @property
    def result(self) -> RunResult:
        """Its result as the configuration has it."""
        return RunResult(
            timestamp=self.run.started,
            status=self.plan.status,
            duration=self.took // timedelta(milliseconds=1),
            summary=summary(self.run.spec, self.plan, self.conditions),
        )

    @property
    def record(self) -> RunRecord:
        """The contents of its log and its workspace."""
        return replay(self.run, whole_run(self.run.spec, self.plan, self.conditions, self.took))


def summary(spec: AutomationSpec, plan: Plan, conditions: RunConditions) -> str:
    """Return the summary of a run for its result."""
    if plan.ending in ERRORS:
        return ERRORS[plan.ending]
    if plan.ending == "cancelled":
        return f"Cancelled by {CANCELLER}"
    if spec.type == REPORT:
        return report_summary(findings(spec, plan))
    return sync_summary(plan.conflicts, len(plan.uncertain) + len(plan.skipped), conditions)


def sync_summary(conflicts: int, uncertain: int, conditions: RunConditions) -> str:
    """Return the summary of a sync that succeeded."""
    if uncertain:
        return f"{amount(uncertain, 'conflict')} {'require' if uncertain > 1 else 'requires'} attention, branch pushed"
    resolved = f"resolved {amount(conflicts, 'conflict')}" if conflicts else "no conflicts"
    return f"Synced {amount(conditions.behind, 'commit')}, {resolved}, PR #{conditions.pull_request} created"


def report_summary(found: Sequence[Finding]) -> str:
    """Return the summary of a dependency report."""
    numbers = counts(found)
    text = f"{numbers['total']} dependencies: {numbers['outdated']} outdated, {numbers['vulnerable']} vulnerable"
    return f"{text}, {numbers['unchecked']} not checked" if numbers["unchecked"] else text


def amount(number: int, noun: str) -> str:
    """Return a count with its noun: ``1 commit``, ``3 commits``."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def past_runs(spec: AutomationSpec, rng: Random, now: datetime, workspace: str) -> tuple[PastRun, ...]:
    """Return the runs of an automation before ``now``, newest first."""
    period = _period(spec, now)
    ended = now - period * rng.uniform(0.2, 0.8)
    number = rng.randint(40, 900)
    runs = []
    for age in range(spec.runs):
        plan = make_plan(spec, rng, _ending(spec, age, rng))
        took = _duration(spec, plan, rng, period)
        started = (ended - took).replace(microsecond=0)
        conditions = RunConditions(workspace, rng.randint(2, 31), number - age, branch_name(spec.id, started))
        runs.append(PastRun(RunIdentity(spec, session_id(rng), started), plan, conditions, took))
        ended = started - period * rng.uniform(0.9, 1.1)
    return tuple(runs)


def session_id(rng: Random) -> str:
    """Return a new session id, such as ``cron:5f2a-01c4-9be7``."""
    return "cron:" + "-".join(f"{rng.getrandbits(16):04x}" for _ in range(3))


def _ending(spec: AutomationSpec, age: int, rng: Random) -> Ending | None:
    """Return the ending of a past run, or None for a random one. Never a dead one: those were cleaned up."""
    if spec.reliability == "failing" and age < _STREAK:
        return "tests-fail"
    if spec.reliability == "steady" and age == 0:
        return "success"
    ending = make_plan(spec, rng).ending
    return "cancelled" if ending == "dies" else ending


def _duration(spec: AutomationSpec, plan: Plan, rng: Random, period: timedelta) -> timedelta:
    base = 35.0 if spec.type == REPORT else 48.0 + 55.0 * plan.conflicts
    seconds = base * rng.lognormvariate(0.0, 0.35)
    if plan.ending == "clone-fails":
        seconds = rng.uniform(4, 25)
    return min(timedelta(milliseconds=int(seconds * 1000)), period * 0.8)


def _period(spec: AutomationSpec, now: datetime) -> timedelta:
    first = _next(spec.schedule, now)
    if first is None or spec.schedule.type == "at":
        return timedelta(days=3)
    return (_next(spec.schedule, first) or first + timedelta(days=1)) - first


def _next(schedule: Schedule, after: datetime) -> datetime | None:
    outlook = schedule.outlook(after, UTC)
    return outlook.at if isinstance(outlook, Due) else None

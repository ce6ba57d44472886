"""Whole runs as steps, for past runs and for tests: nothing is cloned, and the results of git are simulated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from random import Random

from msgspec import Struct

from clawtui.demo.runs import fork_script as script
from clawtui.demo.runs import report_script
from clawtui.demo.runs.fork_script import Conflict
from clawtui.demo.runs.plan import Ending, Plan
from clawtui.demo.runs.run_state import RunSnapshot, Step, total_wait
from clawtui.demo.seed.fleet_spec import REPORT, AutomationSpec
from clawtui.model.documents.log_entry import Phase

ERRORS: Mapping[Ending, str] = {
    "clone-fails": "Failed to clone repository: Connection reset by peer",
    "push-rejected": "Push rejected: remote unpack failed, pack exceeds maximum allowed size",
    "tests-fail": "Tests failed after the merge: 3 of 412, test_retry_backoff among them",
}
"""The error text of each failed ending, as in the last line of the log."""

CANCELLER = "mara@kessler.example"
"""The person who cancels runs."""


class RunConditions(Struct, frozen=True):
    """The inputs of a run in addition to its plan."""

    workspace: str
    """The path of its workspace."""
    behind: int
    """The number of commits that upstream is ahead."""
    pull_request: int
    branch: str


def branch_name(automation_id: str, started: datetime) -> str:
    """Return the name of the branch that a run pushes."""
    return f"smart-sync/{automation_id}-{started.astimezone(UTC):%Y%m%d-%H%M%S}"


def commit_name(rng: Random) -> str:
    """Return a random commit hash: 40 hexadecimal digits."""
    return f"{rng.getrandbits(160):040x}"


def simulated_conflicts(spec: AutomationSpec, plan: Plan) -> tuple[Conflict, ...]:
    """Return the files of the repository in which the plan's merge conflicts."""
    rng = Random(plan.seed)
    files = rng.sample(spec.files, min(plan.conflicts, len(spec.files)))
    return tuple(Conflict(file, rng.choice((1, 1, 2, 3))) for file in sorted(files))


def whole_run(spec: AutomationSpec, plan: Plan, conditions: RunConditions, took: timedelta | None = None) -> list[Step]:
    """Return the steps of a run from start to end, with its plan's wait factor, or so that it takes ``took``."""
    story_steps = _report_steps(spec, plan, conditions) if spec.type == REPORT else _sync_steps(spec, plan, conditions)
    steps = list(story_steps)
    unscaled = total_wait(steps)
    wait_factor = plan.wait_factor if took is None else took.total_seconds() / unscaled
    ending = _last_steps(plan, timedelta(seconds=unscaled * wait_factor), steps)
    last = () if plan.ending == "dies" else script.cleaned_up(spec)
    return scaled([*steps, *ending, *last], wait_factor)


def scaled(steps: Sequence[Step], wait_factor: float) -> list[Step]:
    """Return the steps with every wait ``wait_factor`` times as long."""
    return [Step(step.wait * wait_factor, step.line, step.milestone, step.change) for step in steps]


def _sync_steps(spec: AutomationSpec, plan: Plan, conditions: RunConditions) -> Iterator[Step]:
    rng = Random(plan.seed)
    yield from script.opening(spec, conditions.workspace)
    if plan.ending == "clone-fails":
        return
    yield from script.cloned(spec, commit_name(rng))
    yield from script.fetched(spec, commit_name(rng), conditions.behind)
    conflicts = simulated_conflicts(spec, plan)
    yield from script.conflicted(conflicts)
    for index, conflict in enumerate(conflicts):
        yield from script.resolving(conflicts, index, plan)
        if plan.ending in ("cancelled", "dies") and index == len(conflicts) - 1:
            return
        yield from script.resolved(conflict, index, plan)
    yield from script.merged(RunSnapshot(detected=plan.conflicts, resolved=plan.conflicts - len(plan.skipped)))
    if plan.ending in ("tests-fail", "cancelled", "dies"):
        return
    yield from script.tests_pass(rng)
    yield from script.branching(conditions.branch)
    if plan.ending != "push-rejected":
        yield from script.requesting(spec, conditions.pull_request)


def _report_steps(spec: AutomationSpec, plan: Plan, conditions: RunConditions) -> Iterator[Step]:
    yield from report_script.opening(spec, conditions.workspace)
    if plan.ending == "clone-fails":
        return
    yield from report_script.cloned(spec, commit_name(Random(plan.seed)))
    found = report_script.findings(spec, plan)
    if plan.ending in ("cancelled", "dies"):
        yield from report_script.checking(found, 0, len(found) // 2)
        return
    yield from report_script.checking(found, 0, len(found))
    yield from report_script.writing(found)


def _last_steps(plan: Plan, took: timedelta, steps: list[Step]) -> Iterator[Step]:
    if plan.ending == "dies":
        return
    if plan.ending == "cancelled":
        yield from script.cancelled(CANCELLER, _percentage_after(steps), took)
    elif plan.ending in ERRORS:
        phase: Phase = "merge" if plan.ending == "tests-fail" else "git"
        yield from script.failed(ERRORS[plan.ending], phase, _percentage_after(steps), took)
    else:
        yield from script.completed(plan.status, took)


def _percentage_after(steps: list[Step]) -> int:
    snapshot = RunSnapshot()
    for step in steps:
        snapshot = step.change(snapshot) if step.change else snapshot
    return snapshot.percentage

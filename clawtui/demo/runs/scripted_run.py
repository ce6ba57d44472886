"""Whole runs as beats, for pasts and pictures: nothing is cloned, what git would have found is made up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from clawtui.demo.runs import fork_script as script
from clawtui.demo.runs import report_script
from clawtui.demo.runs.fork_script import Conflict
from clawtui.demo.runs.plan import Ending, Plan
from clawtui.demo.runs.run_state import Beat, RunSnapshot, length
from clawtui.demo.seed.fleet_spec import REPORT, Role
from clawtui.model.documents.log_entry import Phase

ERRORS: Mapping[Ending, str] = {
    "clone-fails": "Failed to clone repository: Connection reset by peer",
    "push-rejected": "Push rejected: remote unpack failed, pack exceeds maximum allowed size",
    "tests-fail": "Tests failed after the merge: 3 of 412, test_retry_backoff among them",
}
"""Why a run failed, in the words of its log's last line."""

CANCELLER = "mara@kessler.example"
"""Who cancels runs."""


@dataclass(frozen=True, slots=True)
class RunConditions:
    """What a run meets beside its plan."""

    workspace: str
    """Its directory."""
    behind: int
    """How many commits upstream is ahead."""
    pull_request: int
    branch: str


def branch_name(automation_id: str, started: datetime) -> str:
    """The branch that a run pushes."""
    return f"smart-sync/{automation_id}-{started.astimezone(UTC):%Y%m%d-%H%M%S}"


def commit_name(rng: Random) -> str:
    """Forty hexadecimal digits."""
    return f"{rng.getrandbits(160):040x}"


def made_up_conflicts(role: Role, plan: Plan) -> tuple[Conflict, ...]:
    """Files of the role's repository in which the plan's merge conflicts."""
    rng = Random(plan.seed)
    files = rng.sample(role.files, min(plan.conflicts, len(role.files)))
    return tuple(Conflict(file, rng.choice((1, 1, 2, 3))) for file in sorted(files))


def whole_run(role: Role, plan: Plan, met: RunConditions, took: timedelta | None = None) -> list[Beat]:
    """A run from its start to its end, at its plan's pace, or such that it takes ``took``."""
    told = _report_beats(role, plan, met) if role.type == REPORT else _sync_beats(role, plan, met)
    beats = list(told)
    natural = length(beats)
    stretch = plan.pace if took is None else took.total_seconds() / natural
    ending = _last_beats(plan, timedelta(seconds=natural * stretch), beats)
    cleaning = () if plan.ending == "dies" else script.cleaned_up(role)
    return slower([*beats, *ending, *cleaning], stretch)


def slower(beats: Sequence[Beat], stretch: float) -> list[Beat]:
    """The same beats with every wait ``stretch`` times as long."""
    return [Beat(beat.wait * stretch, beat.line, beat.milestone, beat.change) for beat in beats]


def _sync_beats(role: Role, plan: Plan, met: RunConditions) -> Iterator[Beat]:
    rng = Random(plan.seed)
    yield from script.opening(role, met.workspace)
    if plan.ending == "clone-fails":
        return
    yield from script.cloned(role, commit_name(rng))
    yield from script.fetched(role, commit_name(rng), met.behind)
    conflicts = made_up_conflicts(role, plan)
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
    yield from script.branching(met.branch)
    if plan.ending != "push-rejected":
        yield from script.requesting(role, met.pull_request)


def _report_beats(role: Role, plan: Plan, met: RunConditions) -> Iterator[Beat]:
    yield from report_script.opening(role, met.workspace)
    if plan.ending == "clone-fails":
        return
    yield from report_script.cloned(role, commit_name(Random(plan.seed)))
    found = report_script.findings(role, plan)
    if plan.ending in ("cancelled", "dies"):
        yield from report_script.checking(found, 0, len(found) // 2)
        return
    yield from report_script.checking(found, 0, len(found))
    yield from report_script.writing(found)


def _last_beats(plan: Plan, took: timedelta, beats: list[Beat]) -> Iterator[Beat]:
    if plan.ending == "dies":
        return
    if plan.ending == "cancelled":
        yield from script.cancelled(CANCELLER, _reached(beats), took)
    elif plan.ending in ERRORS:
        phase: Phase = "merge" if plan.ending == "tests-fail" else "git"
        yield from script.failed(ERRORS[plan.ending], phase, _reached(beats), took)
    else:
        yield from script.completed(plan.status, took)


def _reached(beats: list[Beat]) -> int:
    picture = RunSnapshot()
    for beat in beats:
        picture = beat.change(picture) if beat.change else picture
    return picture.percentage

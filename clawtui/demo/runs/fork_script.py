"""The steps of a fork's run, in parts that take the results of git as arguments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from random import Random

from msgspec import Struct
from msgspec.structs import replace

from clawtui.demo.runs.phrases import thoughts, uncertainty_reason, wrong_path_reason
from clawtui.demo.runs.plan import Plan
from clawtui.demo.runs.run_state import RunSnapshot, Step, change_step, log_step, milestone_step, progress_step
from clawtui.demo.seed.fleet_spec import AutomationSpec
from clawtui.model.documents.base import RunStatus
from clawtui.model.documents.log_entry import Phase

MODEL = "claude-opus-4-5-20251101"
DEPTH = 50
"""The number of commits in a clone."""
THRESHOLD = 90
"""The confidence in percent below which a resolution counts as uncertain."""


class Conflict(Struct, frozen=True):
    """A file in which the merge conflicts."""

    file: str
    hunks: int


def opening(spec: AutomationSpec, workspace: str) -> Iterator[Step]:
    """Yield the steps until the clone begins."""
    yield milestone_step(0.0, "initializing", "Initializing workspace", 5, workspaceDir=workspace)
    yield log_step(0.0, "info", "init", "Starting Smart-Sync Fork automation")
    yield log_step(0.1, "debug", "init", "Configuration loaded", autoMerge=False, uncertaintyAction="report-at-end")
    yield log_step(0.2, "debug", "init", "Model ready", model=MODEL, confidenceThreshold=THRESHOLD)
    yield log_step(0.5, "info", "workspace", "Creating workspace directory", workspaceDir=workspace)
    yield log_step(0.4, "debug", "workspace", "Disk space is sufficient", freeGigabytes=118)
    yield milestone_step(0.6, "cloning", "Cloning fork repository", 10, repository=spec.fork_url)
    yield log_step(
        0.1, "info", "git", "Cloning fork repository", repository=spec.fork_url, branch=spec.branch, depth=DEPTH
    )
    for percent, objects in ((27, 1204), (64, 2871), (100, 4483)):
        yield log_step(0.9, "debug", "git", f"Receiving objects: {percent}%", objects=objects)
        yield progress_step(0.0, 10 + percent // 25)


def cloned(spec: AutomationSpec, commit: str) -> Iterator[Step]:
    """Yield the steps from the finished clone until upstream is fetched."""
    yield change_step(lambda snapshot: replace(snapshot, cloned=True, commit=commit))
    yield log_step(0.3, "info", "git", "Fork cloned", branch=spec.branch, commit=commit[:12])
    yield milestone_step(0.4, "fetching", "Fetching upstream changes", 15, upstream=spec.upstream_url)
    yield log_step(0.1, "info", "git", "Adding upstream remote", upstream=spec.upstream_url)
    yield log_step(0.5, "info", "git", "Fetching upstream", branch=spec.branch)
    yield progress_step(0.8, 18)
    yield log_step(0.7, "debug", "git", "Resolving deltas", objects=912)
    yield progress_step(0.6, 21)


def fetched(spec: AutomationSpec, commit: str, behind: int) -> Iterator[Step]:
    """Yield the steps from the fetched upstream until the merge."""
    yield change_step(lambda snapshot: replace(snapshot, upstream_commit=commit))
    yield log_step(0.2, "info", "git", f"Upstream is {behind} commits ahead", total=behind, commit=commit[:12])
    yield milestone_step(0.5, "detecting-conflicts", "Detecting merge conflicts", 25, commitsAhead=behind)
    yield log_step(0.1, "debug", "git", "Merge base found", depth=DEPTH)
    yield log_step(0.2, "info", "merge", "Starting merge", upstream=f"{spec.upstream.split('/')[0]}/{spec.branch}")
    yield progress_step(0.9, 28)
    yield log_step(0.6, "debug", "merge", "Merge strategy chosen", strategy="ort", renames=True)
    yield progress_step(0.6, 31)


def conflicted(conflicts: Sequence[Conflict]) -> Iterator[Step]:
    """Yield the steps after the merge, with its conflicts."""
    total = len(conflicts)
    yield change_step(lambda snapshot: replace(snapshot, merging=True, detected=total))
    if not conflicts:
        yield log_step(0.4, "info", "merge", "Merged without conflicts")
        yield progress_step(0.8, 60)
        yield progress_step(1.0, 80)
        return
    for conflict in conflicts:
        yield log_step(0.25, "info", "conflict", "Conflict detected", file=conflict.file, hunks=conflict.hunks)
    yield milestone_step(0.6, "resolving-conflicts", "Resolving conflicts", 35, totalConflicts=total)
    yield log_step(0.1, "info", "resolution", "Handing the conflicts to the model", total=total, resolved=0)


def resolving(conflicts: Sequence[Conflict], index: int, plan: Plan) -> Iterator[Step]:
    """Yield the steps in which the model works on one conflict, until it writes its resolution."""
    rng = Random(plan.seed + index)
    conflict, total = conflicts[index], len(conflicts)
    start, end = _share(index, total)
    file = conflict.file
    yield change_step(lambda snapshot: replace(snapshot, file=file))
    yield milestone_step(
        0.5, "resolving-conflicts", f"Resolving: {file}", start, file=file, conflict=index + 1, resolved=index
    )
    confidence = rng.randint(52, 68)
    first, second, decision = thoughts(rng)
    yield log_step(
        0.4, "debug", "resolution", "AI analyzing conflict", file=file, hunks=conflict.hunks, confidence=confidence
    )
    yield log_step(1.0, "debug", "resolution", first, file=file)
    yield progress_step(0.5, start + (end - start) // 3)
    yield log_step(0.5, "debug", "resolution", second, file=file, confidence=confidence + rng.randint(4, 9))
    if index in plan.corrected:
        yield from _wrong_path(file, rng)
    yield progress_step(0.8, start + (end - start) * 2 // 3)
    yield log_step(0.9, "debug", "resolution", decision, file=file, confidence=confidence + rng.randint(12, 19))
    yield progress_step(0.9, end - 1)


def _share(index: int, total: int) -> tuple[int, int]:
    """Return the percentages at which one of ``total`` conflicts starts and ends; together they take 45 to 85 %."""
    step = 40 // max(1, total - 1) if total > 1 else 40
    start = min(85, 45 + step * index)
    return start, min(89, start + step)


def _wrong_path(file: str, rng: Random) -> Iterator[Step]:
    yield log_step(
        1.1, "warn", "resolution", "Wrong path, starting over", file=file, reason=wrong_path_reason(rng), correction=1
    )
    yield change_step(lambda snapshot: replace(snapshot, corrections=snapshot.corrections + 1))
    yield log_step(
        1.2, "debug", "resolution", "Second attempt, from the merge base", file=file, confidence=rng.randint(70, 78)
    )


def resolved(conflict: Conflict, index: int, plan: Plan) -> Iterator[Step]:
    """Yield the steps for the result of one conflict."""
    rng = Random(plan.seed + 31 * (index + 1))
    if index in plan.skipped:
        yield change_step(lambda snapshot: replace(snapshot, skipped=snapshot.skipped + 1))
        yield log_step(
            0.3,
            "warn",
            "resolution",
            "Conflict skipped, it needs a person",
            file=conflict.file,
            reason=uncertainty_reason(rng),
        )
        return
    confidence = rng.randint(61, THRESHOLD - 6) if index in plan.uncertain else rng.randint(THRESHOLD + 1, 98)
    yield change_step(lambda snapshot: replace(snapshot, resolved=snapshot.resolved + 1))
    if index in plan.uncertain:
        note = {"file": conflict.file, "confidence": confidence, "reason": uncertainty_reason(rng)}
        yield change_step(lambda snapshot: replace(snapshot, uncertain=(*snapshot.uncertain, note)))
        yield log_step(0.3, "warn", "resolution", "Resolution is uncertain", **note)
    else:
        yield log_step(0.3, "info", "resolution", "Conflict resolved", file=conflict.file, confidence=confidence)
    yield log_step(0.1, "debug", "git", "Resolution staged", file=conflict.file)


def merged(snapshot: RunSnapshot) -> Iterator[Step]:
    """Yield the steps after the last conflict, while the tests run."""
    yield change_step(lambda now: replace(now, file=None))
    if snapshot.detected:
        whole = snapshot.resolved == snapshot.detected
        message = "All conflicts resolved" if whole else "Conflicts remain for a person"
        yield log_step(
            0.3, "info" if whole else "warn", "git", message, total=snapshot.detected, resolved=snapshot.resolved
        )
    yield progress_step(0.5, 88)
    yield log_step(0.3, "debug", "merge", "Running the tests of the changed files")


def tests_pass(rng: Random) -> Iterator[Step]:
    """Yield the step for tests that pass."""
    yield log_step(
        1.4, "info", "merge", "Tests pass", total=rng.randint(180, 940), seconds=round(rng.uniform(4, 19), 1)
    )


def branching(branch: str) -> Iterator[Step]:
    """Yield the steps in which the branch is made and pushed."""
    yield milestone_step(0.4, "creating-branch", "Creating feature branch", 90, branch=branch)
    yield log_step(0.1, "info", "git", "Creating feature branch", branch=branch)
    yield change_step(lambda snapshot: replace(snapshot, branch=branch))
    yield log_step(0.8, "info", "git", "Pushing branch", remote="origin", branch=branch)
    yield progress_step(0.7, 93)


def requesting(spec: AutomationSpec, number: int) -> Iterator[Step]:
    """Yield the steps from the pushed branch until the pull request exists."""
    yield milestone_step(0.4, "creating-pull-request", "Creating pull request", 95, baseBranch=spec.branch)
    yield log_step(0.1, "info", "pr", "Creating pull request", forkRepo=spec.fork, baseBranch=spec.branch)
    yield progress_step(0.9, 97)
    yield change_step(lambda snapshot: replace(snapshot, pull_request=number))
    address = f"https://github.com/{spec.fork}/pull/{number}"
    yield log_step(0.8, "info", "pr", "Pull request created", prNumber=number, prUrl=address)


_LAST_MESSAGES: dict[RunStatus, str] = {
    "success": "Automation completed successfully",
    "partial": "Automation completed, some of it needs attention",
}


def completed(status: RunStatus, duration: timedelta) -> Iterator[Step]:
    """Yield the last steps of a run that succeeded."""
    yield milestone_step(0.4, "completed", "Completed", 100, status=status)
    yield log_step(0.0, "info", "complete", _LAST_MESSAGES[status], status=status, duration=_milliseconds(duration))


def failed(error: str, phase: Phase, percentage: int, duration: timedelta) -> Iterator[Step]:
    """Yield the last steps of a run that failed in ``phase``, with the error in its log."""
    yield log_step(0.2, "error", phase, error)
    yield milestone_step(0.3, "failed", "Failed", percentage, error=error)
    ended = _milliseconds(duration)
    yield log_step(0.0, "error", "complete", "Automation failed", status="failed", error=error, duration=ended)


def cancelled(who: str, percentage: int, duration: timedelta) -> Iterator[Step]:
    """Yield the last steps of a run that ``who`` cancelled."""
    yield milestone_step(0.3, "cancelled", "Cancelled", percentage, by=who)
    yield log_step(0.0, "warn", "complete", f"Cancelled by {who}", status="cancelled", duration=_milliseconds(duration))


def cleaned_up(spec: AutomationSpec) -> Iterator[Step]:
    """Yield the last step of every run, in which it releases its lock and slot."""
    yield log_step(0.0, "debug", "cleanup", "Releasing the repository's lock", repository=spec.fork_url)


def _milliseconds(span: timedelta) -> int:
    return span // timedelta(milliseconds=1)

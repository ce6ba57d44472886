"""A live run: the steps of its script, with real git between them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random

from msgspec import Struct
from msgspec.structs import replace

from clawtui.demo.runs import fork_script as script
from clawtui.demo.runs import report_script
from clawtui.demo.runs.artifacts import ArtifactSpec, report_artifact, sync_artifacts
from clawtui.demo.runs.checkout import Checkout
from clawtui.demo.runs.fork_script import Conflict
from clawtui.demo.runs.git import GitFailed
from clawtui.demo.runs.history import report_summary, sync_summary
from clawtui.demo.runs.plan import Plan
from clawtui.demo.runs.run_state import Step
from clawtui.demo.runs.run_writer import RunWriter
from clawtui.demo.runs.scripted_run import CANCELLER, ERRORS, RunConditions
from clawtui.model.documents.base import RunStatus
from clawtui.model.documents.log_entry import Phase


class RunFailed(Exception):
    """The error that ends a run as failed; its text is the reason for the result."""

    def __init__(self, reason: str, phase: Phase) -> None:
        super().__init__(reason)
        self.phase = phase


class RunCancelled(Exception):
    """The cancellation of a run; its text is the name of the person."""


class RunDied(Exception):
    """The death of a run, which releases nothing that it holds."""


class Outcome(Struct, frozen=True):
    """The result of a run that succeeded."""

    status: RunStatus
    summary: str
    artifacts: tuple[ArtifactSpec, ...]


async def report(writer: RunWriter, checkout: Checkout, plan: Plan, conditions: RunConditions) -> Outcome:
    """Perform a dependency report. Raises RunFailed, RunCancelled, RunDied."""
    spec = writer.run.spec
    commit = await _cloned(writer, checkout, report_script.opening(spec, conditions.workspace))
    await writer.play(report_script.cloned(spec, commit))
    found = report_script.findings(spec, plan)
    middle = len(found) // 2
    await writer.play(report_script.checking(found, 0, middle))
    _stop_as_planned(plan)
    await writer.play(report_script.checking(found, middle, len(found)))
    await writer.play(report_script.writing(found))
    return Outcome(plan.status, report_summary(found), (report_artifact(spec, found),))


async def sync(writer: RunWriter, checkout: Checkout, plan: Plan, conditions: RunConditions) -> Outcome:
    """Perform a sync of a fork. Raises RunFailed, RunCancelled, RunDied."""
    spec = writer.run.spec
    commit = await _cloned(writer, checkout, script.opening(spec, conditions.workspace))
    await writer.play(script.cloned(spec, commit))
    try:
        upstream, behind = await checkout.fetch()
        await writer.play(script.fetched(spec, upstream, behind))
        conflicts = await checkout.merge()
        await writer.play(script.conflicted(conflicts))
        await _resolve(writer, checkout, plan, conflicts)
        await _publish(writer, checkout, plan, conditions)
        patch = await checkout.patch() if conflicts else ""
    except GitFailed as error:
        raise RunFailed(str(error), "git") from error
    snapshot = writer.snapshot
    uncertain = len(snapshot.uncertain) + snapshot.skipped
    summary = sync_summary(len(conflicts), uncertain, replace(conditions, behind=behind))
    artifacts = sync_artifacts(spec, conflicts, snapshot, patch) if conflicts else ()
    return Outcome("partial" if uncertain else "success", summary, artifacts)


async def _cloned(writer: RunWriter, checkout: Checkout, opening: Iterable[Step]) -> str:
    await writer.play(opening)
    try:
        await checkout.prepare()
        return await checkout.clone()
    except GitFailed as error:
        raise RunFailed(str(error), "git") from error


async def _resolve(writer: RunWriter, checkout: Checkout, plan: Plan, conflicts: Sequence[Conflict]) -> None:
    for index, conflict in enumerate(conflicts):
        await writer.play(script.resolving(conflicts, index, plan))
        if index == len(conflicts) - 1:
            _stop_as_planned(plan)
        await checkout.resolve(conflict, by_model=index not in plan.skipped)
        await writer.play(script.resolved(conflict, index, plan))
    await writer.play(script.merged(writer.snapshot))
    _stop_as_planned(plan)
    if plan.ending == "tests-fail":
        raise RunFailed(ERRORS[plan.ending], "merge")
    await writer.play(script.tests_pass(Random(plan.seed)))


async def _publish(writer: RunWriter, checkout: Checkout, plan: Plan, conditions: RunConditions) -> None:
    await checkout.commit(conditions.branch)
    await writer.play(script.branching(conditions.branch))
    await checkout.push(conditions.branch)
    await writer.play(script.requesting(writer.run.spec, conditions.pull_request))


def _stop_as_planned(plan: Plan) -> None:
    if plan.ending == "dies":
        raise RunDied
    if plan.ending == "cancelled":
        raise RunCancelled(CANCELLER)

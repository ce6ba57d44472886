"""A run as it happens: the scenes of its script, and between them what is really done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from random import Random

from clawtui.demo.runs import fork_script as script
from clawtui.demo.runs import report_script
from clawtui.demo.runs.artifacts import ArtifactSpec, report_paper, sync_papers
from clawtui.demo.runs.checkout import Checkout
from clawtui.demo.runs.fork_script import Conflict
from clawtui.demo.runs.git import GitFailed
from clawtui.demo.runs.history import report_summary, sync_summary
from clawtui.demo.runs.plan import Plan
from clawtui.demo.runs.run_state import Beat
from clawtui.demo.runs.run_writer import RunWriter
from clawtui.demo.runs.scripted_run import CANCELLER, ERRORS, RunConditions
from clawtui.model.documents.base import RunStatus
from clawtui.model.documents.log_entry import Phase


class RunFailed(Exception):
    """The run cannot go on; the text is why, for its result."""

    def __init__(self, reason: str, phase: Phase) -> None:
        super().__init__(reason)
        self.phase = phase


class RunCancelled(Exception):
    """Somebody ended the run; the text is who."""


class RunDied(Exception):
    """The run stops dead: nobody tidies up behind it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A run that went through."""

    status: RunStatus
    summary: str
    papers: tuple[ArtifactSpec, ...]


async def report(journal: RunWriter, checkout: Checkout, plan: Plan, met: RunConditions) -> Outcome:
    """A dependency report. Raises RunFailed, RunCancelled, RunDied."""
    role = journal.run.role
    commit = await _cloned(journal, checkout, report_script.opening(role, met.workspace))
    await journal.play(report_script.cloned(role, commit))
    found = report_script.findings(role, plan)
    middle = len(found) // 2
    await journal.play(report_script.checking(found, 0, middle))
    _meet_fate(plan)
    await journal.play(report_script.checking(found, middle, len(found)))
    await journal.play(report_script.writing(found))
    return Outcome(plan.status, report_summary(found), (report_paper(role, found),))


async def sync(journal: RunWriter, checkout: Checkout, plan: Plan, met: RunConditions) -> Outcome:
    """A fork's sync. Raises RunFailed, RunCancelled, RunDied."""
    role = journal.run.role
    commit = await _cloned(journal, checkout, script.opening(role, met.workspace))
    await journal.play(script.cloned(role, commit))
    try:
        upstream, behind = await checkout.fetch()
        await journal.play(script.fetched(role, upstream, behind))
        conflicts = await checkout.merge()
        await journal.play(script.conflicted(conflicts))
        await _resolve(journal, checkout, plan, conflicts)
        await _publish(journal, checkout, plan, met)
        patch = await checkout.patch() if conflicts else ""
    except GitFailed as error:
        raise RunFailed(str(error), "git") from error
    picture = journal.picture
    doubtful = len(picture.uncertain) + picture.skipped
    summary = sync_summary(len(conflicts), doubtful, replace(met, behind=behind))
    papers = sync_papers(role, conflicts, picture, patch) if conflicts else ()
    return Outcome("partial" if doubtful else "success", summary, papers)


async def _cloned(journal: RunWriter, checkout: Checkout, opening: Iterable[Beat]) -> str:
    await journal.play(opening)
    try:
        await checkout.prepare()
        return await checkout.clone()
    except GitFailed as error:
        raise RunFailed(str(error), "git") from error


async def _resolve(journal: RunWriter, checkout: Checkout, plan: Plan, conflicts: Sequence[Conflict]) -> None:
    for index, conflict in enumerate(conflicts):
        await journal.play(script.resolving(conflicts, index, plan))
        if index == len(conflicts) - 1:
            _meet_fate(plan)
        await checkout.resolve(conflict, by_model=index not in plan.skipped)
        await journal.play(script.resolved(conflict, index, plan))
    await journal.play(script.merged(journal.picture))
    _meet_fate(plan)
    if plan.ending == "tests-fail":
        raise RunFailed(ERRORS[plan.ending], "merge")
    await journal.play(script.tests_pass(Random(plan.seed)))


async def _publish(journal: RunWriter, checkout: Checkout, plan: Plan, met: RunConditions) -> None:
    await checkout.commit(met.branch)
    await journal.play(script.branching(met.branch))
    await checkout.push(met.branch)
    await journal.play(script.requesting(journal.run.role, met.pull_request))


def _meet_fate(plan: Plan) -> None:
    if plan.ending == "dies":
        raise RunDied
    if plan.ending == "cancelled":
        raise RunCancelled(CANCELLER)

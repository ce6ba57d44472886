"""What findings need to know of all automations, workspaces and locks, kept for successive fleets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from clawtui.model.findings.automation_index import AutomationIndex
from clawtui.model.findings.automations import facts_of
from clawtui.model.findings.context import FindingContext
from clawtui.model.findings.locks import LockFindings
from clawtui.model.findings.written_times import WrittenTimes
from clawtui.model.fleet import Automation, Fleet, Workspace
from clawtui.model.liveness.verdict import LockJudgement
from clawtui.model.liveness.workspace_guard import unfinished
from clawtui.model.runs.lock_index import LockIndex
from clawtui.model.versioned_map import changed_keys


class FindingIndex:
    """Index of successive fleets of one state directory. An update costs the number of entries that changed."""

    def __init__(self) -> None:
        self.automations = AutomationIndex(facts_of)
        self.locks = LockIndex()
        self.lock_findings = LockFindings()
        self.written = WrittenTimes()
        self._automations: Mapping[str, Automation] = {}
        self._workspaces: Mapping[str, Workspace] = {}
        self._in_question: dict[str, None] = {}

    def update(self, fleet: Fleet, locks: Mapping[str, LockJudgement]) -> None:
        """Index `fleet` instead of the last one; `locks` are the verdicts on its locks, by path."""
        self.automations.update(fleet.automations)
        self.locks.update(fleet.locks, locks)
        self.lock_findings.update(fleet.locks, locks)
        self.written.update(fleet)
        for id in dict.fromkeys(self._workspaces_changed(fleet)):
            self._in_question.pop(id, None)
            workspace = fleet.workspaces.get(id)
            if workspace is not None and (_says_that_it_is_used(workspace) or not fleet.automations_with(id)):
                self._in_question[id] = None
        self._automations, self._workspaces = fleet.automations, fleet.workspaces

    @property
    def workspaces(self) -> Iterator[Workspace]:
        """The workspaces, in the order of their ids, about which there may be a finding.

        They have no automation, or say that their run has not ended.
        """
        return (self._workspaces[id] for id in sorted(self._in_question))

    def _workspaces_changed(self, fleet: Fleet) -> Iterator[str]:
        yield from changed_keys(fleet.workspaces, self._workspaces)
        for path in changed_keys(fleet.automations, self._automations):
            yield from (each[path].id for each in (fleet.automations, self._automations) if path in each)


def index_of(fleet: Fleet, context: FindingContext) -> FindingIndex:
    """Return the index of the context, or a new one."""
    if context.index is not None:
        return context.index
    index = FindingIndex()
    index.update(fleet, context.locks)
    return index


def _says_that_it_is_used(workspace: Workspace) -> bool:
    info = workspace.info.value if workspace.info else None
    return unfinished(workspace) is not None or (info is not None and info.status == "active")

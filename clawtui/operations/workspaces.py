"""Workspaces of runs: what there is, and removing one (errata 13)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from clawtui.model.base import Problem
from clawtui.model.fleet import Workspace
from clawtui.model.removal import Danger, dangers_of
from clawtui.storage.errors import NoSuch, Refused, Unreadable
from clawtui.storage.paths import StatePaths
from clawtui.storage.workspace_manager import WorkspaceManager


@dataclass(frozen=True, slots=True)
class WorkspaceReport:
    """One workspace, and what it takes up."""

    workspace: Workspace
    size: int | None
    """Bytes; None where nobody asked, or nobody may look into it."""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What in it cannot be read."""
        readings = (self.workspace.info, self.workspace.state, self.workspace.progress)
        return tuple(reading.problem for reading in readings if reading and reading.problem)


def report_workspaces(paths: StatePaths, *, measured: bool) -> Iterator[WorkspaceReport]:
    """All workspaces by id, those of ids that no automation has any more among them. Raises Unreadable."""
    manager = WorkspaceManager(paths)
    return (_report(manager, id, measured) for id in manager.list())


def hiding_workspaces(paths: StatePaths) -> tuple[Problem, ...]:
    """What stands in a workspace's place and cannot be looked into. Raises Unreadable."""
    return WorkspaceManager(paths).problems()


def report_workspace(paths: StatePaths, id: str, *, measured: bool) -> WorkspaceReport:
    """One workspace. Raises NoSuch, Refused, Unreadable."""
    manager = WorkspaceManager(paths)
    if not manager.exists(id):
        raise NoSuch(f"there is no workspace of “{id}”\n`clawtui workspace list` names those that there are.")
    return _report(manager, id, measured)


def require_removable(workspace: Workspace, forced: Collection[Danger]) -> None:
    """Raises Refused where something that is not among ``forced`` speaks against removing it."""
    against = [(danger, why) for danger, why in dangers_of(workspace) if danger not in forced]
    if against:
        whys = ", and ".join(why for _, why in against)
        named = " ".join(f"--force {danger}" for danger in (*forced, *(danger for danger, _ in against)))
        raise Refused(f"{whys}; nothing was removed\nIf it is to go all the same: {named}")


def clean_workspace(paths: StatePaths, id: str, forced: Collection[Danger] = ()) -> str:
    """Removes a workspace with all that is in it, and says so.

    Raises NoSuch, Refused where something that is not among ``forced`` speaks against it, Unwritable.
    """
    require_removable(report_workspace(paths, id, measured=False).workspace, forced)
    WorkspaceManager(paths).clean(id, remove_preserved="preserved" in forced, remove_live="live" in forced)
    return f"the workspace of {id} is removed"


def _report(manager: WorkspaceManager, id: str, measured: bool) -> WorkspaceReport:
    workspace = Workspace(id, manager.info(id), manager.state(id), manager.progress(id))
    return WorkspaceReport(workspace, _size(manager, id) if measured else None)


def _size(manager: WorkspaceManager, id: str) -> int | None:
    try:
        return manager.size(id)
    except Unreadable:  # it is among the problems, and the others are listed all the same
        return None

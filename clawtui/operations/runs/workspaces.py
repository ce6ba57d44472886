"""The list of workspaces, and the removal of one (errata 13)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from clawtui.model.documents.base import Problem
from clawtui.model.errors import NoSuch, Refused, Unreadable
from clawtui.model.fleet import Workspace
from clawtui.model.liveness.workspace_guard import Danger, removal_dangers
from clawtui.model.paths import CLONE_NAME
from clawtui.model.runs.judgement import QUIET_AFTER, RunJudgement
from clawtui.operations.runs.workspace_evidence import standing_claims
from clawtui.storage.paths import WORKSPACES, StatePaths
from clawtui.storage.roots import command_line_for
from clawtui.storage.workspaces.manager import WorkspaceManager
from clawtui.storage.workspaces.unpushed_commits import count_unpushed

Runs = Mapping[str, RunJudgement]
"""The states of runs, by workspace."""
NONE_JUDGED: Runs = MappingProxyType({})


class WorkspaceReport(Struct, frozen=True):
    """One workspace, with its size on disk."""

    workspace: Workspace
    size: int | None
    """Bytes; None where it was not measured or cannot be read."""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The parts of it that cannot be read."""
        readings = (self.workspace.info, self.workspace.state, self.workspace.progress)
        return tuple(reading.trouble for reading in readings if reading and reading.trouble)


def report_workspaces(paths: StatePaths, runs: Runs = NONE_JUDGED, *, measured: bool) -> Iterator[WorkspaceReport]:
    """Yield all workspaces by id, including those whose automation does not exist any more. Raises Unreadable.

    ``runs`` has the states of their runs by id.
    """
    manager = WorkspaceManager(paths)
    return (_report(manager, id, runs, measured) for id in manager.list_workspaces())


def report_workspace(paths: StatePaths, id: str, runs: Runs = NONE_JUDGED, *, measured: bool) -> WorkspaceReport:
    """Return one workspace; ``runs`` has the state of its run by id. Raises NoSuch, Refused, Unreadable."""
    manager = WorkspaceManager(paths)
    if not manager.exists(id):
        listing = command_line_for(paths.root).hint("workspace", "list")
        raise NoSuch(f"there is no workspace of “{id}”", hint=f"{listing} lists the workspaces.")
    return _report(manager, id, runs, measured)


def objections_to(
    paths: StatePaths,
    workspace: Workspace,
    now: datetime,
    quiet_after: timedelta = QUIET_AFTER,
    place: str | None = None,
) -> Iterator[tuple[Danger, str]]:
    """Yield each reason against removing a workspace, with its kind.

    The reasons are every lock and slot of its automation whose holder may be alive, what its documents say, and commits
    in its clone that exist nowhere else. ``place`` is where it is, if not at its own path. Reads processes and runs
    git: not for an event loop.
    """
    yield from unpushed_work(paths, workspace.id, place or f"{WORKSPACES}/{workspace.id}")
    for text in standing_claims(paths, workspace, now, quiet_after):  # last: no time passes before the act
        yield "live", text
    yield from removal_dangers(workspace)


def unpushed_work(paths: StatePaths, id: str, place: str) -> Iterator[tuple[Danger, str]]:
    """Yield a reason if the clone of a workspace has, or may have, commits that exist nowhere else."""
    clone = f"{WORKSPACES}/{id}/{CLONE_NAME}"
    found = count_unpushed(paths.automations, place)
    if found.commits is None:
        yield "unpushed", f"whether commits in {clone} are nowhere else is unknown: {found.why}"
    elif found.commits:
        counted = "1 commit in {} is" if found.commits == 1 else f"{found.commits} commits in {{}} are"
        yield "unpushed", f"{counted.format(clone)} nowhere else"


def require_removable(
    paths: StatePaths,
    workspace: Workspace,
    forced: Collection[Danger],
    now: datetime,
    quiet_after: timedelta = QUIET_AFTER,
    place: str | None = None,
) -> None:
    """Raise Refused where there is a reason against removing a workspace whose kind is not among ``forced``."""
    found = objections_to(paths, workspace, now, quiet_after, place)
    against = [(danger, why) for danger, why in found if danger not in forced]
    if against:
        whys = ", and ".join(why for _, why in against)
        named = dict.fromkeys([*forced, *(danger for danger, _ in against)])
        options = " ".join(f"--force {danger}" for danger in named)
        raise Refused(f"{whys}; nothing was removed", hint=f"To remove it all the same, add {options}")


def clean_workspace(
    paths: StatePaths,
    workspace: Workspace,
    clock: Callable[[], datetime],
    forced: Collection[Danger] = (),
    quiet_after: timedelta = QUIET_AFTER,
) -> str:
    """Remove a workspace with everything in it, in the version that was read, and return a message.

    It is judged again before anything is changed, and once more when the workspace is out of the way. Raises NoSuch;
    Changed where a run started or wrote in the meantime; Refused where there is a reason that is not among ``forced``;
    Unwritable.
    """

    def require(now: Workspace, place: str) -> None:
        require_removable(paths, now, forced, clock(), quiet_after, place)

    WorkspaceManager(paths).remove(workspace.id, require, expected=workspace)
    return f"the workspace of {workspace.id} is removed"


def _report(manager: WorkspaceManager, id: str, runs: Runs, measured: bool) -> WorkspaceReport:
    workspace = replace(manager.read(id), run=runs.get(id))
    return WorkspaceReport(workspace, _size(manager, id) if measured else None)


def _size(manager: WorkspaceManager, id: str) -> int | None:
    try:
        return manager.size(id)
    except Unreadable:  # it is among the problems, and the other workspaces are still listed
        return None

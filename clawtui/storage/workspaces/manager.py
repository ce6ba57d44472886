"""Workspaces of runs, ``workspaces/<id>/`` (design: Workspace Manager; errata 13)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from clawtui.files.fs.atomic import ANY, Expected, make_directory, plain_errors
from clawtui.files.fs.directory_check import closed_directories
from clawtui.files.fs.reading import directory_at, list_directory
from clawtui.files.fs.sizes import directory_size
from clawtui.files.json5.document import read_document
from clawtui.model.documents.base import EPOCH, Problem
from clawtui.model.documents.workspace import (
    INFO_NAME,
    MAX_TIMELINE,
    PROGRESS_NAME,
    STATE_NAME,
    Milestone,
    ProgressState,
    RuntimeState,
    WorkspaceInfo,
)
from clawtui.model.errors import Changed, NoSuch, Refused
from clawtui.model.fleet import Reading, Workspace
from clawtui.model.liveness.workspace_guard import Danger, removal_dangers
from clawtui.model.paths import is_plain_component
from clawtui.storage.paths import WORKSPACES, StatePaths
from clawtui.storage.stores.saving import change_document, save_document
from clawtui.storage.workspaces.claims import claims_on
from clawtui.storage.workspaces.removal import is_aside_name, remove_workspace


class WorkspaceManager:
    """Makes, measures and removes workspaces, and keeps what runs say about themselves in them.

    Every method raises Refused for an id that is no plain name (errata 21).
    """

    def __init__(self, paths: StatePaths) -> None:
        self._paths = paths

    def path(self, automation_id: str) -> Path:
        """Where the workspace is, or would be."""
        return self._paths.automations / _directory(automation_id)

    def exists(self, automation_id: str) -> bool:
        """Whether it is there. Raises Unreadable where something else has its name."""
        try:
            with directory_at(self._paths.automations, _directory(automation_id)):
                return True
        except FileNotFoundError:
            return False

    def size(self, automation_id: str, stop: Callable[[], bool] = lambda: False) -> int:
        """The bytes in it; none where it is not there. ``stop`` is as in ``directory_size``. Raises Unreadable."""
        return directory_size(self.path(automation_id), stop) if self.exists(automation_id) else 0

    def list_workspaces(self) -> tuple[str, ...]:
        """The ids of all workspaces, sorted. Raises Unreadable."""
        try:
            entries = list_directory(self._paths.automations, WORKSPACES)
        except FileNotFoundError:
            return ()
        return tuple(entry.name for entry in entries if entry.kind == "directory" and not is_aside_name(entry.name))

    def problems(self) -> tuple[Problem, ...]:
        """What stands in a workspace's place and is none that can be looked into. Raises Unreadable."""
        return tuple(closed_directories(self._paths.automations, WORKSPACES))

    def read(self, automation_id: str) -> Workspace:
        """Return the documents in the workspace of ``id``, as far as they can be read; none where there is none."""
        return self._read_at(_directory(automation_id), automation_id)

    def create(
        self,
        automation_id: str,
        *,
        session_id: str | None = None,
        replace_preserved: bool = False,
        replace_live: bool = False,
    ) -> Path:
        """Make an empty workspace in the place of what was there; its path.

        One that is to be preserved, or that a run may be using, is only replaced where that is asked for (errata 13);
        ``clean`` says what counts. ``session_id`` is the caller's: what it holds itself is no obstacle.
        Raises Refused, Changed, Unwritable.
        """
        with plain_errors(_directory(automation_id)), suppress(NoSuch):
            self.clean(
                automation_id, session_id=session_id, remove_preserved=replace_preserved, remove_live=replace_live
            )
        make_directory(self._paths.automations, _directory(automation_id))
        return self.path(automation_id)

    def clean(
        self,
        automation_id: str,
        *,
        session_id: str | None = None,
        remove_preserved: bool = False,
        remove_live: bool = False,
    ) -> None:
        """Remove the workspace that is there now with all that is in it, and never what a link or mount leads to.

        A lock or a slot that names the automation means that its run may be going, whatever its verdict would be, and
        so does each status that ends no run; ``remove_live`` removes it all the same. What the session ``session_id``
        holds does not count. Raises NoSuch; Refused; Changed where a run came meanwhile; Unwritable.
        """

        def require_removable(workspace: Workspace, place: str) -> None:
            claims = claims_on(self._paths, automation_id, workspace)
            others = (claim for claim in claims if session_id is None or claim.session_id != session_id)
            against: Iterator[tuple[Danger, str]] = (("live", claim.text) for claim in others)
            for danger, why in (*against, *removal_dangers(workspace)):
                if not (remove_preserved if danger == "preserved" else remove_live):
                    raise Refused(f"{why}; the workspace of “{automation_id}” goes only where that is asked for")

        self.remove(automation_id, require_removable)

    def remove(
        self, automation_id: str, require_removable: Callable[[Workspace, str], None], expected: Workspace | None = None
    ) -> None:
        """Remove the workspace that is there now, where ``require_removable`` does not raise.

        It is called with the documents and the path that they lie in at that instant, before anything is changed, and
        again once the workspace is out of the way:
        where it raises then, or where a document is another version than at first, everything is put back.
        ``expected`` are the documents as they were shown. Raises as ``clean`` does.
        """
        relative = _directory(automation_id)
        self._require_there(automation_id)
        first = versions_of(expected or self.read(automation_id))

        def judge(place: str) -> None:
            workspace = self._read_at(place, automation_id)
            for before, after in zip(first, versions_of(workspace), strict=True):
                if after is not None and after != before:
                    raise Changed("a run has written to it since; nothing was removed", relative)
                if after is None and before is not None:
                    raise NoSuch(f"{relative} is being removed by another process")
            require_removable(workspace, place)

        remove_workspace(self._paths.automations, automation_id, judge)

    def info(self, automation_id: str) -> Reading[WorkspaceInfo] | None:
        """Whose workspace it is; None where nothing says so."""
        return read_document(self._paths.automations, _file(automation_id, INFO_NAME), WorkspaceInfo)

    def state(self, automation_id: str) -> Reading[RuntimeState] | None:
        """How its run stands; None where nothing says so."""
        return read_document(self._paths.automations, _file(automation_id, STATE_NAME), RuntimeState)

    def progress(self, automation_id: str) -> Reading[ProgressState] | None:
        """The milestones of its run; None where there are none."""
        return read_document(self._paths.automations, _file(automation_id, PROGRESS_NAME), ProgressState)

    def save_info(self, info: WorkspaceInfo, expected: Expected = ANY) -> Reading[WorkspaceInfo]:
        """Saves whose workspace it is. Raises NoSuch where there is no workspace, and as ``save_document``."""
        self._require_there(info.automation_id)
        path = _file(info.automation_id, INFO_NAME)
        return save_document(self._paths.automations, path, info, info.last_updated, expected=expected)

    def update_state(self, automation_id: str, state: RuntimeState, expected: Expected = ANY) -> Reading[RuntimeState]:
        """Saves how the run stands. Raises as ``save_info`` does."""
        self._require_there(automation_id)
        now = state.last_update or state.start_time or EPOCH
        return save_document(self._paths.automations, _file(automation_id, STATE_NAME), state, now, expected=expected)

    def update_progress(
        self, automation_id: str, milestone: Milestone, session_id: str | None = None
    ) -> Reading[ProgressState]:
        """Adds a milestone to the timeline, which keeps the newest 1,000, as of the milestone's own time.

        Raises NoSuch where there is no workspace, Invalid where the timeline cannot be read, Refused, Unwritable.
        """
        self._require_there(automation_id)
        whole = milestone.model_copy(update={"details": milestone.details})  # the gateway always writes details

        def reach(progress: ProgressState) -> ProgressState:
            timeline = (*progress.timeline, whole)[-MAX_TIMELINE:]
            named = {"session_id": session_id} if session_id is not None else {}
            return progress.model_copy(update={"timeline": timeline, "last_update": milestone.timestamp, **named})

        nothing = ProgressState(automation_id=automation_id, timeline=())
        path = _file(automation_id, PROGRESS_NAME)
        return change_document(self._paths.automations, path, ProgressState, reach, milestone.timestamp, absent=nothing)

    def _require_there(self, automation_id: str) -> None:
        with plain_errors(_directory(automation_id)):
            if not self.exists(automation_id):
                raise NoSuch(f"there is no workspace of “{automation_id}”")

    def _read_at(self, place: str, automation_id: str) -> Workspace:
        """The documents at ``place``, with the paths that they have in the workspace's own one."""
        base = self._paths.automations
        info = read_document(base, f"{place}/{INFO_NAME}", WorkspaceInfo)
        state = read_document(base, f"{place}/{STATE_NAME}", RuntimeState)
        progress = read_document(base, f"{place}/{PROGRESS_NAME}", ProgressState)
        return Workspace(
            automation_id,
            info and replace(info, path=_file(automation_id, INFO_NAME)),
            state and replace(state, path=_file(automation_id, STATE_NAME)),
            progress and replace(progress, path=_file(automation_id, PROGRESS_NAME)),
        )


def versions_of(workspace: Workspace) -> tuple[object, ...]:
    """Return what is equal for two readings of the same documents, and for no others."""
    readings: tuple[Reading[object] | None, ...] = (workspace.info, workspace.state, workspace.progress)
    return tuple(reading and (reading.stamp, reading.problem and reading.problem.message) for reading in readings)


def _directory(automation_id: str) -> str:
    if not is_plain_component(automation_id):
        raise Refused(f"“{automation_id}” is no id of an automation: it must be one plain name")
    return f"{WORKSPACES}/{automation_id}"


def _file(automation_id: str, name: str) -> str:
    return f"{_directory(automation_id)}/{name}"

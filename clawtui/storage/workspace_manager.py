"""Workspaces of runs, ``workspaces/<id>/`` (design: Workspace Manager; errata 13)."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from clawtui.model.base import EPOCH, Problem
from clawtui.model.fleet import Reading
from clawtui.model.names import is_plain_component
from clawtui.model.progress import MAX_TIMELINE, Milestone, ProgressState
from clawtui.model.workspace import INFO_NAME, PROGRESS_NAME, STATE_NAME, RuntimeState, WorkspaceInfo
from clawtui.storage.atomic import ANY, Expected, make_directory, plain_errors
from clawtui.storage.document import read_document
from clawtui.storage.errors import NoSuch, Refused, Unwritable
from clawtui.storage.files import directory_at, list_directory, reason_of
from clawtui.storage.misplaced import closed_directories
from clawtui.storage.paths import WORKSPACES, StatePaths
from clawtui.storage.saving import change_document, save_document
from clawtui.storage.sizes import directory_size


class WorkspaceManager:
    """Makes, measures and removes workspaces, and keeps what runs say about themselves in them.

    Every method raises Refused for an id that is no plain name (errata 21).
    """

    def __init__(self, paths: StatePaths) -> None:
        self._paths = paths

    def path(self, id: str) -> Path:
        """Where the workspace is, or would be."""
        return self._paths.automations / _directory(id)

    def exists(self, id: str) -> bool:
        """Whether it is there. Raises Unreadable where something else has its name."""
        try:
            with directory_at(self._paths.automations, _directory(id)):
                return True
        except FileNotFoundError:
            return False

    def size(self, id: str, stop: Callable[[], bool] = lambda: False) -> int:
        """The bytes in it; none where it is not there. ``stop`` is as in ``directory_size``. Raises Unreadable."""
        return directory_size(self.path(id), stop) if self.exists(id) else 0

    def list(self) -> tuple[str, ...]:
        """The ids of all workspaces, sorted. Raises Unreadable."""
        try:
            entries = list_directory(self._paths.automations, WORKSPACES)
        except FileNotFoundError:
            return ()
        return tuple(entry.name for entry in entries if entry.kind == "directory")

    def problems(self) -> tuple[Problem, ...]:
        """What stands in a workspace's place and is none that can be looked into. Raises Unreadable."""
        return tuple(closed_directories(self._paths.automations, WORKSPACES))

    def create(self, id: str, *, replace_preserved: bool = False, replace_live: bool = False) -> Path:
        """Makes an empty workspace in the place of what was there; its path.

        One that is to be preserved, or whose run is going, is only replaced when that is asked for by name
        (errata 13); so is one whose files do not tell. Raises Refused, Unwritable.
        """
        with plain_errors(_directory(id)):
            if self.exists(id):
                self.clean(id, remove_preserved=replace_preserved, remove_live=replace_live)
        make_directory(self._paths.automations, _directory(id))
        return self.path(id)

    def clean(self, id: str, *, remove_preserved: bool = False, remove_live: bool = False) -> None:
        """Removes a workspace with all that is in it, and never what a link in it leads to.

        Refuses as ``create`` does. Raises NoSuch, Refused, Unwritable.
        """
        relative = _directory(id)
        with plain_errors(relative), directory_at(self._paths.automations, WORKSPACES) as workspaces:
            if not self.exists(id):
                raise NoSuch(f"there is no workspace of “{id}”")
            if not remove_preserved:
                self._require_not_preserved(id)
            if not remove_live:
                self._require_not_live(id)
            while self.exists(id):
                _remove_tree(workspaces, id)

    def info(self, id: str) -> Reading[WorkspaceInfo] | None:
        """Whose workspace it is; None where nothing says so."""
        return read_document(self._paths.automations, _file(id, INFO_NAME), WorkspaceInfo)

    def state(self, id: str) -> Reading[RuntimeState] | None:
        """How its run stands; None where nothing says so."""
        return read_document(self._paths.automations, _file(id, STATE_NAME), RuntimeState)

    def progress(self, id: str) -> Reading[ProgressState] | None:
        """The milestones of its run; None where there are none."""
        return read_document(self._paths.automations, _file(id, PROGRESS_NAME), ProgressState)

    def save_info(self, info: WorkspaceInfo, expected: Expected = ANY) -> Reading[WorkspaceInfo]:
        """Saves whose workspace it is. Raises NoSuch where there is no workspace, and as ``save_document``."""
        self._require_there(info.automation_id)
        path = _file(info.automation_id, INFO_NAME)
        return save_document(self._paths.automations, path, info, info.last_updated, expected=expected)

    def update_state(self, id: str, state: RuntimeState, expected: Expected = ANY) -> Reading[RuntimeState]:
        """Saves how the run stands. Raises as ``save_info`` does."""
        self._require_there(id)
        now = state.last_update or state.start_time or EPOCH
        return save_document(self._paths.automations, _file(id, STATE_NAME), state, now, expected=expected)

    def update_progress(self, id: str, milestone: Milestone, session_id: str | None = None) -> Reading[ProgressState]:
        """Adds a milestone to the timeline, which keeps the newest 1,000, as of the milestone's own time.

        Raises NoSuch where there is no workspace, Invalid where the timeline cannot be read, Refused, Unwritable.
        """
        self._require_there(id)
        whole = milestone.model_copy(update={"details": milestone.details})  # the gateway always writes details

        def reach(progress: ProgressState) -> ProgressState:
            timeline = (*progress.timeline, whole)[-MAX_TIMELINE:]
            named = {"session_id": session_id} if session_id is not None else {}
            return progress.model_copy(update={"timeline": timeline, "last_update": milestone.timestamp, **named})

        nothing = ProgressState(automation_id=id, timeline=())
        path = _file(id, PROGRESS_NAME)
        return change_document(self._paths.automations, path, ProgressState, reach, milestone.timestamp, absent=nothing)

    def _require_there(self, id: str) -> None:
        with plain_errors(_directory(id)):
            if not self.exists(id):
                raise NoSuch(f"there is no workspace of “{id}”")

    def _require_not_preserved(self, id: str) -> None:
        info = self.info(id)
        if info is None:
            return
        if info.value is None:
            raise Refused(f"{_unread(info)}; whether the workspace is to be preserved cannot be told")
        if info.value.preserve:
            raise Refused(f"the workspace of “{id}” is to be preserved; it goes only where that is asked for by name")

    def _require_not_live(self, id: str) -> None:
        state = self.state(id)
        if state is None:
            return
        if state.value is None:
            raise Refused(f"{_unread(state)}; whether a run is using the workspace cannot be told")
        if state.value.running:
            raise Refused(f"the run of “{id}” is going; its workspace goes only where that is asked for by name")


def _remove_tree(workspaces: int, id: str) -> None:
    """Removes it, or a part of it where somebody else is removing it at the same time."""
    try:
        shutil.rmtree(id, dir_fd=workspaces)
    except FileNotFoundError:
        return
    except RecursionError as error:
        raise Unwritable(f"{_directory(id)}: is nested too deeply; remove what is left of it by hand") from error
    except OSError as error:
        raise Unwritable(f"{_directory(id)}: {reason_of(error)}; what is left of it is still there") from error


def _directory(id: str) -> str:
    if not is_plain_component(id):
        raise Refused(f"“{id}” is no id of an automation: it must be one plain name")
    return f"{WORKSPACES}/{id}"


def _file(id: str, name: str) -> str:
    return f"{_directory(id)}/{name}"


def _unread(reading: Reading[object]) -> str:
    return f"{reading.path}: {reading.problem.message if reading.problem else 'cannot be read'}"

"""Workspaces of runs, ``workspaces/<id>/`` (design: Workspace Manager; errata 13)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
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
from clawtui.storage.paths import WORKSPACES, StatePaths
from clawtui.storage.stores.saving import change_document, save_document
from clawtui.storage.workspaces.claims import claims_on
from clawtui.storage.workspaces.documents import document_path, read_workspace, versions_of, workspace_directory
from clawtui.storage.workspaces.removal import is_aside_name, remove_workspace


class WorkspaceManager:
    """Makes, measures and removes workspaces, and reads and writes the documents of runs in them.

    Every method raises Refused for an id that is not a single plain name (errata 21).

    Example:
        >>> path = state.workspaces.create("sync-main")
        >>> reached = Milestone(timestamp=now, milestone="Cloning", percentage=10, details={})
        >>> state.workspaces.update_progress("sync-main", reached).value.timeline[-1].milestone
        'Cloning'
        >>> state.workspaces.clean("sync-main")
        >>> state.workspaces.exists("sync-main")
        False
    """

    def __init__(self, paths: StatePaths) -> None:
        self._paths = paths

    def path(self, automation_id: str) -> Path:
        """Return where the workspace is, or would be."""
        return self._paths.automations / workspace_directory(automation_id)

    def exists(self, automation_id: str) -> bool:
        """Return whether the workspace exists. Raises Unreadable where something else has its name."""
        try:
            with directory_at(self._paths.automations, workspace_directory(automation_id)):
                return True
        except FileNotFoundError:
            return False

    def size(self, automation_id: str, stop: Callable[[], bool] = lambda: False) -> int:
        """Return the bytes in it, 0 where it does not exist. ``stop`` is as in ``directory_size``. Raises
        Unreadable.
        """
        return directory_size(self.path(automation_id), stop) if self.exists(automation_id) else 0

    def list_workspaces(self) -> tuple[str, ...]:
        """Return the ids of all workspaces, sorted. Raises Unreadable."""
        try:
            entries = list_directory(self._paths.automations, WORKSPACES)
        except FileNotFoundError:
            return ()
        return tuple(entry.name for entry in entries if entry.kind == "directory" and not is_aside_name(entry.name))

    def problems(self) -> tuple[Problem, ...]:
        """Return what is in a workspace's place and cannot be looked into. Raises Unreadable."""
        return tuple(closed_directories(self._paths.automations, WORKSPACES))

    def read(self, automation_id: str) -> Workspace:
        """Return the documents in a workspace, each as far as it can be read; None stands for a file that does not
        exist.
        """
        return read_workspace(self._paths.automations, workspace_directory(automation_id), automation_id)

    def create(
        self,
        automation_id: str,
        *,
        session_id: str | None = None,
        replace_preserved: bool = False,
        replace_live: bool = False,
    ) -> Path:
        """Make an empty workspace, in the place of the one that was there.

        Args:
            automation_id: The automation that runs in it.
            session_id: The caller's session: what it holds itself is no obstacle.
            replace_preserved: Replace a workspace that is to be preserved, too (errata 13).
            replace_live: Replace a workspace that a run may be using, too; ``clean`` says what counts.

        Returns:
            The path of the workspace.

        Raises:
            Refused: What is there is to be preserved or may be in use.
            Changed: A run came in the meantime.
            Unwritable: The system could not write.
        """
        with plain_errors(workspace_directory(automation_id)), suppress(NoSuch):
            self.clean(
                automation_id, session_id=session_id, remove_preserved=replace_preserved, remove_live=replace_live
            )
        make_directory(self._paths.automations, workspace_directory(automation_id))
        return self.path(automation_id)

    def clean(
        self,
        automation_id: str,
        *,
        session_id: str | None = None,
        remove_preserved: bool = False,
        remove_live: bool = False,
    ) -> None:
        """Remove the workspace that is there now with everything in it, and never what a link or a mount leads to.

        A lock or a slot that names the automation means that its run may be going, whatever its verdict would be, and
        so does each status that ends no run.

        Args:
            automation_id: The automation whose workspace it is.
            session_id: What this session holds does not count.
            remove_preserved: Remove a workspace that is to be preserved, too.
            remove_live: Remove a workspace that a run may be using, too.

        Raises:
            NoSuch: There is no workspace.
            Refused: It is to be preserved, may be in use, or has a mount in it.
            Changed: A run came in the meantime.
            Unwritable: The system failed on the way.
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

        Args:
            automation_id: The automation whose workspace it is.
            require_removable: Called with the documents and the path of the workspace, before anything is changed and
                again once the workspace is out of the way. Where it raises then, or a document changed since the first
                call, everything is put back.
            expected: The documents as they were shown; None stands for those that are there now.

        Raises:
            NoSuch: There is no workspace.
            Refused: ``require_removable`` says so, or there is a mount in it.
            Changed: A run has written to it.
            Unwritable: The system failed on the way.
        """
        relative = workspace_directory(automation_id)
        self._require_there(automation_id)
        first = versions_of(expected or self.read(automation_id))

        def judge(place: str) -> None:
            workspace = read_workspace(self._paths.automations, place, automation_id)
            for before, after in zip(first, versions_of(workspace), strict=True):
                if after is not None and after != before:
                    raise Changed("a run has written to it since; nothing was removed", relative)
                if after is None and before is not None:
                    raise NoSuch(f"{relative} is being removed by another process")
            require_removable(workspace, place)

        remove_workspace(self._paths.automations, automation_id, judge)

    def info(self, automation_id: str) -> Reading[WorkspaceInfo] | None:
        """Return whose workspace it is; None where no file says so."""
        return read_document(self._paths.automations, document_path(automation_id, INFO_NAME), WorkspaceInfo)

    def state(self, automation_id: str) -> Reading[RuntimeState] | None:
        """Return the state of its run; None where no file says so."""
        return read_document(self._paths.automations, document_path(automation_id, STATE_NAME), RuntimeState)

    def progress(self, automation_id: str) -> Reading[ProgressState] | None:
        """Return the milestones of its run; None where there is no file."""
        return read_document(self._paths.automations, document_path(automation_id, PROGRESS_NAME), ProgressState)

    def save_info(self, info: WorkspaceInfo, expected: Expected = ANY) -> Reading[WorkspaceInfo]:
        """Save whose workspace it is. Raises NoSuch where there is no workspace, and as ``save_document`` does."""
        self._require_there(info.automation_id)
        path = document_path(info.automation_id, INFO_NAME)
        return save_document(self._paths.automations, path, info, info.last_updated, expected=expected)

    def update_state(self, automation_id: str, state: RuntimeState, expected: Expected = ANY) -> Reading[RuntimeState]:
        """Save the state of the run. Raises as ``save_info`` does."""
        self._require_there(automation_id)
        now = state.last_update or state.start_time or EPOCH
        return save_document(
            self._paths.automations, document_path(automation_id, STATE_NAME), state, now, expected=expected
        )

    def update_progress(
        self, automation_id: str, milestone: Milestone, session_id: str | None = None
    ) -> Reading[ProgressState]:
        """Add a milestone to the timeline, which keeps the newest 1,000.

        Args:
            automation_id: The automation that runs.
            milestone: The milestone; its own time becomes that of the last update.
            session_id: The session that runs; None leaves it unchanged.

        Returns:
            The timeline as it is on disk now.

        Raises:
            NoSuch: There is no workspace.
            Invalid: The timeline cannot be read.
            Refused: It may not be written.
            Unwritable: The system could not write.
        """
        self._require_there(automation_id)
        whole = milestone.model_copy(update={"details": milestone.details})  # the gateway always writes details

        def reach(progress: ProgressState) -> ProgressState:
            timeline = (*progress.timeline, whole)[-MAX_TIMELINE:]
            named = {"session_id": session_id} if session_id is not None else {}
            return progress.model_copy(update={"timeline": timeline, "last_update": milestone.timestamp, **named})

        nothing = ProgressState(automation_id=automation_id, timeline=())
        path = document_path(automation_id, PROGRESS_NAME)
        return change_document(self._paths.automations, path, ProgressState, reach, milestone.timestamp, absent=nothing)

    def _require_there(self, automation_id: str) -> None:
        with plain_errors(workspace_directory(automation_id)):
            if not self.exists(automation_id):
                raise NoSuch(f"there is no workspace of “{automation_id}”")

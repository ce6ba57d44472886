"""Workspaces of runs, ``workspaces/<id>/`` (design: Workspace Manager; errata 13)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from clawtui.files.fs.atomic import ANY, Expected, make_directory, plain_errors
from clawtui.files.fs.directories import closed_directories
from clawtui.files.fs.links import followed_entries, list_followed
from clawtui.files.fs.sizes import directory_size
from clawtui.files.json5.document import read_document
from clawtui.model.documents.base import EPOCH, MAX_TIMELINE, Problem
from clawtui.model.documents.workspace import Milestone, ProgressState, RuntimeState, WorkspaceInfo
from clawtui.model.errors import Changed, NoSuch, Refused
from clawtui.model.fleet import Reading, Workspace
from clawtui.model.liveness.workspace_guard import Danger, removal_dangers
from clawtui.model.paths import INFO_NAME, PROGRESS_NAME, STATE_NAME
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
        """Return the path of the workspace, which need not exist."""
        return self._paths.automations / workspace_directory(automation_id)

    def exists(self, automation_id: str) -> bool:
        """Return whether the workspace exists. Raises Unreadable if its name is not that of a directory."""
        try:
            list_followed(self._paths.automations, workspace_directory(automation_id))
            return True
        except FileNotFoundError:
            return False

    def size(self, automation_id: str, stop: Callable[[], bool] = lambda: False) -> int:
        """Return the bytes in it, 0 if it does not exist; ``stop`` is as in ``directory_size``. Raises Unreadable."""
        return directory_size(self.path(automation_id), stop) if self.exists(automation_id) else 0

    def list_workspaces(self) -> tuple[str, ...]:
        """Return the ids of all workspaces, sorted. Raises Unreadable."""
        try:
            entries = followed_entries(self._paths.automations, WORKSPACES)
        except FileNotFoundError:
            return ()
        return tuple(entry.name for entry in entries if entry.kind == "directory" and not is_aside_name(entry.name))

    def problems(self) -> tuple[Problem, ...]:
        """Return a problem for each entry in a workspace's place that cannot be listed. Raises Unreadable."""
        return tuple(closed_directories(self._paths.automations, WORKSPACES))

    def read(self, automation_id: str) -> Workspace:
        """Return the documents in a workspace, each with its value or its problem; None for a missing file."""
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
            session_id: The caller's session; its own locks and slots do not count.
            replace_preserved: Replace a workspace that is to be preserved, too (errata 13).
            replace_live: Replace a workspace that a run may be using, too; ``clean`` says what counts.

        Returns:
            The path of the workspace.

        Raises:
            Refused: The existing workspace is to be preserved or may be in use.
            Changed: A run began in the meantime.
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
        """Remove the current workspace with everything in it, but nothing behind a link or a mount.

        A lock or a slot that names the automation means that its run may be going, for any verdict on it, and so does
        each status that is not the end of a run.

        Args:
            automation_id: The automation whose workspace it is.
            session_id: The caller's session; its own locks and slots do not count.
            remove_preserved: Remove a workspace that is to be preserved, too.
            remove_live: Remove a workspace that a run may be using, too.

        Raises:
            NoSuch: There is no workspace.
            Refused: It is to be preserved, may be in use, or has a mount in it.
            Changed: A run began in the meantime.
            Unwritable: The system failed during the removal.
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
        """Remove the current workspace, unless ``require_removable`` raises.

        Args:
            automation_id: The automation whose workspace it is.
            require_removable: Called with the documents and the path of the workspace, before anything is changed and
                again after the workspace was moved away. If it raises then, or a document changed since the first
                call, the workspace is put back.
            expected: The documents as they were shown; None for the current ones.

        Raises:
            NoSuch: There is no workspace.
            Refused: ``require_removable`` raised it, or there is a mount in it.
            Changed: A run has written to it.
            Unwritable: The system failed during the removal.
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
        """Return the ``workspace-info.json`` of a workspace; None if there is no file."""
        return read_document(self._paths.automations, document_path(automation_id, INFO_NAME), WorkspaceInfo)

    def state(self, automation_id: str) -> Reading[RuntimeState] | None:
        """Return the state of its run; None if there is no file."""
        return read_document(self._paths.automations, document_path(automation_id, STATE_NAME), RuntimeState)

    def progress(self, automation_id: str) -> Reading[ProgressState] | None:
        """Return the milestones of its run; None if there is no file."""
        return read_document(self._paths.automations, document_path(automation_id, PROGRESS_NAME), ProgressState)

    def save_info(self, info: WorkspaceInfo, expected: Expected = ANY) -> Reading[WorkspaceInfo]:
        """Save ``workspace-info.json``. Raises NoSuch if there is no workspace, and as ``save_document`` does."""
        self._require_there(info.automation_id)
        path = document_path(info.automation_id, INFO_NAME)
        return save_document(self._paths.automations, path, info, info.last_updated or EPOCH, expected=expected)

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
            milestone: The milestone; its time is also the new time of the last update.
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
        whole = milestone.changed(details=milestone.details)  # the gateway always writes details

        def reach(progress: ProgressState) -> ProgressState:
            timeline = (*progress.timeline, whole)[-MAX_TIMELINE:]
            named = {"session_id": session_id} if session_id is not None else {}
            return progress.changed(timeline=timeline, last_update=milestone.timestamp, **named)

        nothing = ProgressState(automation_id=automation_id, timeline=())
        path = document_path(automation_id, PROGRESS_NAME)
        return change_document(self._paths.automations, path, ProgressState, reach, milestone.timestamp, absent=nothing)

    def _require_there(self, automation_id: str) -> None:
        with plain_errors(workspace_directory(automation_id)):
            if not self.exists(automation_id):
                raise NoSuch(f"there is no workspace of “{automation_id}”")

"""Following a run's timeline as it grows, by polling its files."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Generic, TypeVar

from clawtui.model.documents.base import Document
from clawtui.model.documents.workspace import Milestone, ProgressState, RuntimeState
from clawtui.model.fleet import Reading
from clawtui.model.paths import PROGRESS_NAME, STATE_NAME
from clawtui.operations.runs.report import is_of_run
from clawtui.storage.paths import StatePaths
from clawtui.storage.workspaces.manager import WorkspaceManager

INTERVAL = 0.2
"""Seconds between two reads."""

Pause = Callable[[float], None]
"""Waits for a number of seconds."""

D = TypeVar("D", bound=Document)


class PolledDocument(Generic[D]):
    """One document that is read again when its file changes. Its last valid value stays until a new one is valid."""

    def __init__(self, path: Path, read: Callable[[], Reading[D] | None]) -> None:
        self._path = path
        self._read = read
        self._version: tuple[int, ...] | None = None
        self._read_once = False
        self.value: D | None = None
        """None where the file is not there, or has never been readable."""

    def poll(self) -> D | None:
        """Return the current value."""
        version = self._version_on_disk()
        if version != self._version or not self._read_once:
            self._version, self._read_once = version, True
            reading = self._read()
            self.value = reading.value or self.value if reading is not None else None
        return self.value

    def _version_on_disk(self) -> tuple[int, ...] | None:
        try:
            status = self._path.stat(follow_symlinks=False)
        except OSError:
            return None
        return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def follow_progress(paths: StatePaths, automation_id: str, pause: Pause = time.sleep) -> Iterator[Milestone]:
    """Yield the milestones of the current or last run as they are reached, until the run ends.

    Raises Refused for an id that is not a plain name.
    """
    workspaces = WorkspaceManager(paths)
    directory = workspaces.path(automation_id)
    state = PolledDocument(directory / STATE_NAME, lambda: workspaces.state(automation_id))
    progress = PolledDocument(directory / PROGRESS_NAME, lambda: workspaces.progress(automation_id))
    followed = state.poll()
    seen: ProgressState | None = None
    while True:
        goes_on = _goes_on(state.poll(), followed)
        current = progress.poll()
        if current is not None and (followed is None or not followed.running or is_of_run(current, followed)):
            yield from fresh(seen.timeline if seen is not None else (), current.timeline)
            seen = current
        if not goes_on:
            return
        pause(INTERVAL)


def fresh(seen: Sequence[Milestone], current: Sequence[Milestone]) -> Sequence[Milestone]:
    """Return the milestones that were added. The first ones may be cut off, or another run may have replaced all."""
    if not seen:
        return current
    for index in range(len(current) - 1, -1, -1):
        if current[index] == seen[-1]:
            return current[index + 1 :]
    return current


def _goes_on(state: RuntimeState | None, followed: RuntimeState | None) -> bool:
    """Return whether the followed run is still in progress; it has ended where another session replaced it."""
    if state is None or followed is None or not state.running:
        return False
    return state.session_id == followed.session_id

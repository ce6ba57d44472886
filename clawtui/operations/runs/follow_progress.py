"""Following a run's timeline as it grows, by looking at its files again and again: nothing is watched."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Generic, TypeVar

from clawtui.model.documents.base import Document
from clawtui.model.documents.workspace import PROGRESS_NAME, STATE_NAME, Milestone, ProgressState, RuntimeState
from clawtui.model.fleet import Reading
from clawtui.operations.runs.report import is_of_run
from clawtui.storage.paths import StatePaths
from clawtui.storage.workspaces.manager import WorkspaceManager

INTERVAL = 0.2
"""Seconds between two looks."""

Pause = Callable[[float], None]
"""Waits for so many seconds."""

D = TypeVar("D", bound=Document)


class Looked(Generic[D]):
    """One document, read again when its file is another than before; its last good value stands meanwhile."""

    def __init__(self, path: Path, read: Callable[[], Reading[D] | None]) -> None:
        self._path = path
        self._read = read
        self._mark: tuple[int, ...] | None = None
        self._looked = False
        self.value: D | None = None
        """None where the file is not there, or has never been readable."""

    def look(self) -> D | None:
        """The value as of now."""
        mark = self._mark_now()
        if mark != self._mark or not self._looked:
            self._mark, self._looked = mark, True
            reading = self._read()
            self.value = reading.value or self.value if reading is not None else None
        return self.value

    def _mark_now(self) -> tuple[int, ...] | None:
        try:
            status = self._path.stat(follow_symlinks=False)
        except OSError:
            return None
        return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def follow_progress(paths: StatePaths, automation_id: str, pause: Pause = time.sleep) -> Iterator[Milestone]:
    """The milestones of the run that is going, or went last, each as it comes; ends when the run ends.

    Raises Refused for an id that is no plain name.
    """
    workspaces = WorkspaceManager(paths)
    directory = workspaces.path(automation_id)
    state = Looked(directory / STATE_NAME, lambda: workspaces.state(automation_id))
    progress = Looked(directory / PROGRESS_NAME, lambda: workspaces.progress(automation_id))
    followed = state.look()
    seen: ProgressState | None = None
    while True:
        going = _is_going(state.look(), followed)
        now_there = progress.look()
        if now_there is not None and (followed is None or not followed.running or is_of_run(now_there, followed)):
            yield from fresh(seen.timeline if seen is not None else (), now_there.timeline)
            seen = now_there
        if not going:
            return
        pause(INTERVAL)


def fresh(seen: Sequence[Milestone], now_there: Sequence[Milestone]) -> Sequence[Milestone]:
    """What was added; the front may have been cut off meanwhile, or all of it replaced by another run's."""
    if not seen:
        return now_there
    for index in range(len(now_there) - 1, -1, -1):
        if now_there[index] == seen[-1]:
            return now_there[index + 1 :]
    return now_there


def _is_going(state: RuntimeState | None, followed: RuntimeState | None) -> bool:
    """Whether the run that was going when we came still is: another session in its place means that it ended."""
    if state is None or followed is None or not state.running:
        return False
    return state.session_id == followed.session_id

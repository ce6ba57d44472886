"""The session of a root that does not exist."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from clawtui.live.source import NONE
from clawtui.live.watching.events import WatchEvents
from clawtui.live.watching.intervals import Intervals, Pause
from clawtui.model.documents.base import Problem
from clawtui.model.fleet import Fleet


class MissingRoot:
    """A `Session` for a root without `automations/`; it polls for the directory.

    A few calls of `stat` ten times a second cost less than watching the nearest existing directory, which is often the
    operator's home directory, where many programs write.
    """

    def __init__(self, root: Path, name: str, problem: Problem | None, intervals: Intervals) -> None:
        """Show `name` as the root, and `problem` as the reason why it cannot be used, if it exists."""
        self._root = root
        self.capabilities = NONE
        self._intervals = intervals
        self.passes = 0
        """How often the root has been checked."""
        self._fleet = Fleet(name, watch="waiting", loaded=True, problems={problem.path: problem} if problem else {})

    @property
    def problem(self) -> None:
        """Always None: a missing root is not a fault of the installation."""

    @property
    def reading(self) -> str:
        """Always empty: only the root itself is checked."""
        return ""

    def pause(self, now: float) -> Pause:
        """Return how long to wait before the next check."""
        return Pause(self._intervals.missing, self._intervals.missing)

    def doubts_root(self, events: WatchEvents) -> bool:
        """Return True: the root may appear at any time."""
        return True

    def update(self, events: WatchEvents) -> Fleet:
        """Return an empty fleet."""
        self.passes += 1
        is_empty = self._root.is_dir()
        if is_empty != self._fleet.is_empty:
            self._fleet = replace(self._fleet, is_empty=is_empty)
        return self._fleet

    def follow(self, path: str | None) -> None:
        """Do nothing: there is no log."""

    def end_pause(self) -> None:
        """Do nothing: there is no file."""

    def rescan(self) -> None:
        """Do nothing: there is no file."""

    def close(self) -> None:
        """Do nothing: no file is open."""

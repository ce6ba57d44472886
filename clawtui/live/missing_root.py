"""Wait for a root that does not exist."""

from __future__ import annotations

from clawtui.live.watching.events import WatchEvents
from clawtui.live.watching.intervals import Intervals, Pause
from clawtui.model.documents.base import Problem
from clawtui.model.fleet import Fleet


class MissingRoot:
    """Stands in for a `WatchSession` where there is no `automations/`: the root is looked for again soon.

    A few calls of `stat` ten times a second cost less than watching the nearest directory that exists. That is often
    the operator's home, where many programs write.
    """

    def __init__(self, name: str, problem: Problem | None, intervals: Intervals) -> None:
        """Show `name` as the root, and `problem` as the reason why it is of no use, if it exists at all."""
        self._intervals = intervals
        self._looks = 0
        self._fleet = Fleet(name, watch="waiting", loaded=True, problems={problem.path: problem} if problem else {})

    @property
    def problem(self) -> None:
        """None: nothing is watched because there is nothing, which is no fault of the installation."""

    @property
    def passes(self) -> int:
        """How often the root has been looked for."""
        return self._looks

    def pause(self, now: float) -> Pause:
        """Return how long to wait before the next look."""
        return Pause(self._intervals.missing, self._intervals.missing)

    def doubts_root(self, events: WatchEvents) -> bool:
        """Return True: the root may appear at any time."""
        return True

    def update(self, events: WatchEvents) -> Fleet:
        """Return a fleet with nothing in it."""
        self._looks += 1
        return self._fleet

    def follow(self, path: str | None) -> None:
        """Do nothing: there is no log."""

    def rescan(self) -> None:
        """Do nothing: there is no file."""

    def close(self) -> None:
        """Do nothing: no file is open."""

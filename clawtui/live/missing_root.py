"""Wait for a root that is not there."""

from __future__ import annotations

from clawtui.live.intervals import Intervals, Pause
from clawtui.live.watch_events import WatchEvents
from clawtui.model.base import Problem
from clawtui.model.fleet import Fleet


class MissingRoot:
    """There is no ``automations/``, so there is nothing to do but to look again soon.

    A few calls of ``stat`` ten times a second cost less than a watch on the nearest directory that exists: often
    that is the operator's home, where everybody writes.
    """

    def __init__(self, name: str, problem: Problem | None, timing: Intervals) -> None:
        self._timing = timing
        self._looks = 0
        self._fleet = Fleet(name, watch="waiting", loaded=True, problems={problem.path: problem} if problem else {})

    @property
    def passes(self) -> int:
        """How often everything, which is nothing, has been looked at."""
        return self._looks

    def pause(self, now: float) -> Pause:
        """Until it is time to look again."""
        return Pause(self._timing.wait, self._timing.wait)

    def doubts_root(self, hints: WatchEvents) -> bool:
        """It may have appeared at any time."""
        return True

    def turn(self, hints: WatchEvents) -> Fleet:
        """A fleet with nothing in it."""
        self._looks += 1
        return self._fleet

    def follow(self, path: str | None) -> None:
        """There is no log."""

    def rescan(self) -> None:
        """There is nothing to read again."""

    def close(self) -> None:
        """There is nothing to let go of."""

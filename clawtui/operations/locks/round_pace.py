"""The pace of the rounds that judge locks, by what they cost."""

from __future__ import annotations

from math import inf
from typing import Final, NamedTuple

_SHORTEST: Final = 3.0
"""The shortest pause, in seconds."""
_SHARE: Final = 200
"""The pause after a round is at least this many times the CPU time that it took."""


class Depth(NamedTuple):
    """What a round looks at beyond the locks on which a change of the fleet bears (see `LockJudge.judge`)."""

    every: bool
    signs: bool


class RoundPace:
    """The times at which logs and processes in containers are to be looked at again, and every lock to be judged."""

    def __init__(self) -> None:
        self._every_due = self._signs_due = -inf

    def depth(self, at: float) -> Depth:
        """Return what a round at the time `at`, in seconds of a monotonic clock, is to look at."""
        return Depth(every=at >= self._every_due, signs=at >= self._signs_due)

    def note(self, depth: Depth, at: float, cost: float) -> None:
        """Record that a round of that depth ended at `at`, and took `cost` seconds of CPU time."""
        due = at + max(_SHORTEST, _SHARE * cost)
        if depth.every:
            self._every_due = due
            self._signs_due = min(max(self._signs_due, at + _SHORTEST), due)
        elif depth.signs:
            self._signs_due = due

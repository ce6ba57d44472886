"""Finding what nobody told: a comparison of everything with the disk, a portion at a time."""

from __future__ import annotations

import math

from clawtui.live.stat_cache import StatCache

PORTIONS = 20
"""Into how many portions a pass over a large fleet is cut."""
SMALLEST_PORTION = 250
"""Paths; about a millisecond."""


class Reconciler:
    """Passes over all paths that are known, each after an interval."""

    def __init__(self, inventory: StatCache, now: float) -> None:
        self._inventory = inventory
        self._left: list[str] = []
        self._portion = SMALLEST_PORTION
        self._changed: list[str] = []
        self._begun = now
        self.passes = 0
        """How many have been completed."""

    @property
    def running(self) -> bool:
        """Whether a pass has begun and not ended."""
        return bool(self._left)

    def due(self, interval: float) -> float:
        """When the next pass begins."""
        return self._begun + interval

    def hasten(self) -> None:
        """A whole pass begins as soon as the one that is running has ended."""
        self._begun = -math.inf

    def advance(self, now: float, interval: float, twice: bool) -> list[str]:
        """The paths of the next portion that are not what they were; none where no pass is due.

        ``twice``: what changed is named in the next pass again. The clock of a file system ticks every few
        milliseconds, so a file can change twice within one tick and look the same, and then no hint would tell.
        """
        suspects = []
        if not self._left:
            if now < self.due(interval):
                return []
            self._begun = now
            self._left = list(self._inventory.paths())
            self._portion = max(SMALLEST_PORTION, -(-len(self._left) // PORTIONS))
            suspects, self._changed = self._changed, []
        portion = self._left[-self._portion :]
        del self._left[-self._portion :]
        changed = [path for path in portion if self._inventory.look(path) != self._inventory.mark(path)]
        if twice:
            self._changed += changed
        self.passes += not self._left
        return suspects + changed

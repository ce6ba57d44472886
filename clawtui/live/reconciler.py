"""The search for changes that were not reported: everything is compared with the disk, a portion at a time."""

from __future__ import annotations

import math

from clawtui.live.stat_cache import StatCache

PORTIONS = 20
"""The number of portions of a pass over a large fleet."""
SMALLEST_PORTION = 250
"""Paths; about a millisecond."""


class Reconciler:
    """Periodic passes over all known paths."""

    def __init__(self, stats: StatCache, now: float) -> None:
        self._stats = stats
        self._left: list[str] = []
        self._portion = SMALLEST_PORTION
        self._changed: list[str] = []
        self._begun = now
        self.size = 0
        """The number of paths that the last pass compares."""
        self.passes = 0
        """How many passes have been completed."""

    @property
    def running(self) -> bool:
        """Whether a pass has begun and not ended."""
        return bool(self._left)

    def due(self, interval: float) -> float:
        """Return when the next pass begins, if passes are `interval` seconds apart."""
        return self._begun + interval

    def run_soon(self) -> None:
        """Begin a whole pass as soon as the one that is running, if any, has ended."""
        self._begun = -math.inf

    def advance(self, now: float, interval: float, twice: bool) -> list[str]:
        """Compare the next portion; return the paths that have changed. Nothing is compared before a pass is due.

        With `twice`, the changed paths are returned in the next pass again. The clock of a file system advances every
        few milliseconds, so a file can change twice within one tick and look the same. Where the kernel reports changes
        that does not matter.
        """
        differing = []
        if not self._left:
            if now < self.due(interval):
                return []
            self._begun = now
            self._left = list(self._stats.paths())
            self.size = len(self._left)
            self._portion = max(SMALLEST_PORTION, -(-self.size // PORTIONS))
            differing, self._changed = self._changed, []
        portion = self._left[-self._portion :]
        del self._left[-self._portion :]
        changed = [path for path in portion if self._stats.stat(path) != self._stats.last(path)]
        if twice:
            self._changed += changed
        self.passes += not self._left
        return differing + changed

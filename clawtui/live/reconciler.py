"""The search for changes that were not reported: all known paths are compared with the disk, a portion at a time."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator

from clawtui.live.route import join
from clawtui.live.stat_cache import StatCache
from clawtui.model.fleet import Fleet
from clawtui.storage.paths import CONFIG, LOCKS, LOGS, WORKSPACES

PORTIONS = 20
"""The number of portions of a pass over a large fleet."""
SMALLEST_PORTION = 250
"""Paths; about a millisecond."""
PATHS_A_SECOND = 500
"""The most paths that passes compare per second on average, while the kernel reports changes. They take less than 0.5 %
of a core."""
URGENT_A_SECOND = 200
"""How many of `PATHS_A_SECOND` are reserved for the urgent paths."""


class Reconciler:
    """Periodic passes over all known paths, or over those that `paths` returns."""

    def __init__(self, stats: StatCache, now: float, paths: Callable[[], Iterable[str]] | None = None) -> None:
        self._stats = stats
        self._paths = paths or stats.paths
        self._is_whole = paths is None
        self._left: list[str] = []
        self._portion = SMALLEST_PORTION
        self._changed: list[str] = []
        self._is_asked = False
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
        """Begin a whole pass when the running one, if any, has ended."""
        self._begun = -math.inf
        self._is_asked = True

    def advance(self, now: float, interval: float, twice: bool) -> list[str]:
        """Compare the next portion; return the paths that have changed. Nothing is compared before a pass is due.

        With `twice`, the changed paths are returned in the next pass again. The clock of a file system advances every
        few milliseconds, so a file can change twice within one tick and look the same. Where the kernel reports changes
        that does not matter. A pass that was requested by `run_soon`, or with `twice`, also returns the paths that were
        read right after a change, for whatever reason they were read.
        """
        differing = []
        if not self._left:
            if now < self.due(interval):
                return []
            self._begun = now
            self._left = list(self._paths())
            self.size = len(self._left)
            self._portion = max(SMALLEST_PORTION, -(-self.size // PORTIONS))
            fresh = self._stats.take_fresh() if self._is_whole else set()
            differing, self._changed = self._changed, []
            if twice or self._is_asked:
                differing += fresh.difference(differing)
            self._is_asked = False
        portion = self._left[-self._portion :]
        del self._left[-self._portion :]
        changed = self._stats.differing(portion)
        if twice:
            self._changed += changed
        self.passes += not self._left
        return differing + changed


class PacedReconciler:
    """Passes over all paths, whose pace depends on their number.

    If there are so many paths that a pass takes longer than the usual interval, the urgent paths still get a pass at
    that interval, as far as `URGENT_A_SECOND` allows. Both together compare at most `PATHS_A_SECOND`.
    """

    def __init__(self, stats: StatCache, now: float, urgent: Callable[[], Iterable[str]]) -> None:
        self._all = Reconciler(stats, now)
        self._urgent = Reconciler(stats, now, urgent)
        self._has_urgent = False
        """Whether the urgent paths have passes of their own."""

    @property
    def passes(self) -> int:
        """How many passes over all paths have been completed."""
        return self._all.passes

    @property
    def running(self) -> bool:
        """Whether a pass over all paths has begun and not ended."""
        return self._all.running

    @property
    def busy(self) -> bool:
        """Whether any pass has begun and not ended."""
        return self._all.running or (self._has_urgent and self._urgent.running)

    def run_soon(self) -> None:
        """Begin a pass over all paths when the running one, if any, has ended."""
        self._all.run_soon()

    def run_urgent_soon(self) -> None:
        """Begin a pass over the urgent paths when the running one, if any, has ended; over all if they are few."""
        (self._urgent if self._has_urgent else self._all).run_soon()

    def due(self, interval: float, watching: bool) -> float:
        """Return when the next pass begins; `interval` is the usual time between two, in seconds."""
        due = self._all.due(self._interval(interval, watching))
        return min(due, self._urgent.due(self._urgent_interval(interval))) if self._has_urgent else due

    def advance(self, now: float, interval: float, watching: bool) -> list[str]:
        """Compare the next portion of each pass that is due; return the paths that have changed.

        Unless `watching`, the kernel reports no changes, and all paths are compared after `interval`.
        """
        found = self._all.advance(now, self._interval(interval, watching), twice=not watching)
        self._has_urgent = watching and self._all.size > interval * PATHS_A_SECOND
        if self._has_urgent:
            found += self._urgent.advance(now, self._urgent_interval(interval), twice=False)
        return found

    def _interval(self, interval: float, watching: bool) -> float:
        if not watching:
            return interval
        urgent = self._urgent.size / self._urgent_interval(interval) if self._has_urgent else 0.0
        return max(interval, self._all.size / max(PATHS_A_SECOND - urgent, PATHS_A_SECOND / 2))

    def _urgent_interval(self, interval: float) -> float:
        return max(interval, self._urgent.size / URGENT_A_SECOND)


def urgent_paths(stats: StatCache, fleet: Fleet, going: Iterable[str]) -> Iterator[str]:
    """Yield the known paths on which acts and alarms depend.

    They are locks, slots, the dispatcher's configuration, the directories of sections, types and locks, and all files
    of the runs in progress, `going`, by automation id. A file that is created or removed changes its directory.
    """
    yield ""
    nested = tuple(directory for directory in stats.listed() if directory.startswith(f"{LOCKS}/"))
    for directory in ("", CONFIG, LOGS, LOCKS, *nested):
        yield from (join(directory, name) for name in stats.names(directory))
    for id in going:
        workspace = f"{WORKSPACES}/{id}"
        yield workspace
        yield from (join(workspace, name) for name in stats.names(workspace))
        yield from (automation.config.path for automation in fleet.automations_with(id))

"""Watching one ``automations/`` directory, from its first sight until it is gone or another."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

from clawtui.live.fleet_reader import FleetReader
from clawtui.live.intervals import Intervals, Pause
from clawtui.live.reconciler import Reconciler
from clawtui.live.root import Root, is_remote
from clawtui.live.watch_events import WatchEvents, Watching
from clawtui.model.fleet import Fleet

DEAF_AFTER = 3
"""Passes that found what nobody told, with no hint in between, after which the kernel is not relied on any more."""
DEAF_RETRIES = 10
"""How many times as long as usual it then takes until it is asked again."""


class WatchSession:
    """Asks the watcher and the sweep what may have changed, and has the feed read it."""

    def __init__(self, root: Root, name: str, watcher: Watching, timing: Intervals, clock: Callable[[], float]) -> None:
        now = clock()
        self._base = str(root.base)
        self._watcher = watcher
        self._timing = timing
        self._clock = clock
        self._feed = FleetReader(root.base, name, timing, clock)
        self._sweep = Reconciler(self._feed.inventory, now)
        self._suspects: list[str] = []
        self._asked = False
        self._excused = False
        self._excused_passes = 0
        """What the passes before this one find may have been lost between two watchers, and proves neither dead."""
        self._misses = 0
        self._missed_in_pass = -1
        self._broken_at = -math.inf
        self._retry_at = math.inf if is_remote(root.device) else now
        """When the kernel is asked to watch (again), while it does not."""
        self._lively_until = now + timing.lively
        self._shown: Fleet | None = None
        self._shown_at = self._rest_until = -math.inf

    @property
    def passes(self) -> int:
        """How often everything has been compared with the disk."""
        return self._sweep.passes

    @property
    def _interval(self) -> float:
        return self._timing.sweep if self._watcher.serving else self._timing.poll

    def pause(self, now: float) -> Pause:
        """How long there is nothing to do, if nothing happens."""
        if self._feed.busy:
            rest = max(self._rest_until - now, 0.0)
            return Pause(rest, rest)
        least = max(self._shown_at + self._timing.gap - now, 0.0)
        due = self._feed.next_due()
        step = self._step(now) if due is None else min(self._step(now), due - now)
        return Pause(least, max(step, least))

    def _step(self, now: float) -> float:
        """Until the disk, or a watcher that can only be asked, is to be asked again."""
        timing = self._timing
        if self._suspects or self._sweep.running:
            return timing.step
        if self._watcher.serving and self._watcher.descriptor is None:
            return timing.step if now < self._lively_until else timing.rest
        return min(self._sweep.due(self._interval), math.inf if self._watcher.serving else self._retry_at) - now

    def doubts_root(self, hints: WatchEvents) -> bool:
        """Whether something happened to the directory itself."""
        return self._base in hints.paths

    def turn(self, hints: WatchEvents) -> Fleet:
        """Reads again what may have changed; the fleet as it stands then."""
        now = self._clock()
        fleet = self._shown
        if fleet is None or not self._is_quiet(hints, now):
            fleet = self._catch_up(hints, now)
        if not self._feed.busy:
            self._excused = self._sweep.passes < self._excused_passes
            self._suspects = self._sweep.advance(now, self._interval, twice=not self._watcher.serving)
        return fleet

    def follow(self, path: str | None) -> None:
        """The run log that somebody looks at."""
        self._feed.follow(path)
        self._asked = True

    def rescan(self) -> None:
        """Everything is in doubt, and whether the kernel can serve by now."""
        self._feed.rescan()
        if math.isfinite(self._retry_at):
            self._retry_at = self._clock()

    def close(self) -> None:
        """Lets go of every file."""
        self._feed.close()

    def _is_quiet(self, hints: WatchEvents, now: float) -> bool:
        """Whether the fleet stands as it was shown: nothing was told, found, asked for, or is due."""
        if hints.paths or hints.doubt or self._suspects or self._asked or self._feed.busy:
            return False
        due = self._feed.next_due()
        return (due is None or now < due) and (self._watcher.serving or now < self._retry_at)

    def _catch_up(self, hints: WatchEvents, now: float) -> Fleet:
        if hints.doubt:
            self._retry_at, self._broken_at = self._broken_at + self._timing.recovery, now
        if hints.doubt or (now >= self._retry_at and not self._watcher.serving):
            self._feed.folders.doubt_all()
        self._feed.suspect(self._suspects, self._excused)
        self._suspects = []
        self._hear(hints, now)
        self._asked = False
        self._work(now)
        self._judge_watcher(now)
        fleet = self._feed.take("watching" if self._watcher.serving else "polling")
        if self._shown is None:
            self._rest_until = self._clock() + self._timing.first_rest
        if fleet is not self._shown:
            self._shown, self._shown_at = fleet, now
        return fleet

    def _hear(self, hints: WatchEvents, now: float) -> None:
        below = self._base.rstrip("/") + "/"
        ours = [path.removeprefix(below) for path in hints.paths if path.startswith(below)]
        if self._base in hints.paths:
            ours.append("")
        if self._feed.hint(ours):
            self._misses = 0
            self._lively_until = now + self._timing.lively

    def _work(self, now: float) -> None:
        until = now + (self._timing.slice if self._shown else self._timing.first_slice)
        while True:
            if self._feed.folders.unwatched:
                self._watch(now)
            self._feed.work(until)
            if not self._feed.folders.unwatched or self._clock() >= until:
                return

    def _watch(self, now: float) -> None:
        """Has all directories watched, where the kernel can, before those that are new to it are listed."""
        folders = self._feed.folders
        if self._watcher.serving or now >= self._retry_at:
            unwatched = self._absolute(folder.path for folder in folders.unwatched)
            told = self._watcher.watch(self._absolute(folders.paths()), unwatched)
            self._hear(told, now)
            if told.doubt:
                folders.doubt_all()
            # What happened while one took over from the other may have been told to neither.
            self._sweep.hasten()
            self._excused_passes = self._sweep.passes + (2 if self._sweep.running else 1)
            if not self._watcher.serving:
                self._retry_at = now + self._timing.retry
        folders.watched()

    def _absolute(self, paths: Iterable[str]) -> list[str]:
        return [f"{self._base}/{path}" if path else self._base for path in paths]

    def _judge_watcher(self, now: float) -> None:
        """What a sweep found and no hint told proves a watch dead: they are all made anew, or given up."""
        missed, self._feed.missed = self._feed.missed, 0
        if not (missed and self._watcher.serving) or self._missed_in_pass == self._sweep.passes:
            return
        self._missed_in_pass = self._sweep.passes
        self._misses += 1
        if self._misses < DEAF_AFTER:
            self._feed.folders.doubt_all()
        else:
            self._misses = 0
            self._watcher.close()
            self._retry_at = now + DEAF_RETRIES * self._timing.retry

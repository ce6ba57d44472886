"""The judgement whether the kernel's events can be relied on."""

from __future__ import annotations

import math
from enum import Enum

from clawtui.live.watching.intervals import Intervals
from clawtui.model.documents.base import Problem
from clawtui.model.fleet import WatchMode

DEAF_AFTER = 3
"""Passes with unreported changes, and no event between them, after which the kernel counts as unreliable."""
DEAF_RETRIES = 10
"""Factor on the pause before the next attempt for an unreliable kernel."""
BREAKS_WITHIN = 60.0
"""Seconds within which a second unexpected end counts as a repetition."""
_INSTALL = "Install it with: pip install watchfiles"
LONGEST_BREAK = 4
"""The longest pause after an unexpected end, as a multiple of the interval for recovery."""


class WatchState(Enum):
    """The way in which changes are found.

    SCANNING and POLLING become WATCHING when the kernel accepts the directories, and POLLING when it refuses. WATCHING
    becomes POLLING when watching ends unexpectedly or misses changes. REMOTE does not change.
    """

    SCANNING = "everything is being read for the first time; the kernel has not been asked yet"
    WATCHING = "the kernel reports changes; the reconciler compares everything now and then"
    POLLING = "the kernel does not serve; the reconciler compares everything often, and the kernel is asked again later"
    REMOTE = "on a file system of another machine the kernel reports nothing; the reconciler compares often"


class Repair(Enum):
    """The reaction to changes that the kernel did not report."""

    NONE = "nothing: there were none, or they prove nothing"
    WATCH_AGAIN = "watch all directories again"
    STOP_WATCHING = "stop watching and poll"


class WatchHealth:
    """The state of watching one root, and the time of the next attempt to watch."""

    def __init__(self, intervals: Intervals, now: float, remote: bool) -> None:
        self._intervals = intervals
        self._retry_at = math.inf if remote else now
        self._broken_at = -math.inf
        self._breaks = 0
        self._misses = 0
        self._judged_pass = -1
        self._excused_passes = 0
        self.state = WatchState.REMOTE if remote else WatchState.SCANNING
        self.problem: Problem | None = None
        """The reason why nothing is watched, where that is a fault of the installation."""

    @property
    def mode(self) -> WatchMode:
        """The watch mode in the fleet."""
        return "polling" if self.state in (WatchState.POLLING, WatchState.REMOTE) else "watching"

    @property
    def watching(self) -> bool:
        """Whether the kernel reports changes."""
        return self.state is WatchState.WATCHING

    @property
    def pass_interval(self) -> float:
        """Seconds between two passes of the reconciler."""
        return self._intervals.reconcile if self.watching else self._intervals.poll

    @property
    def next_attempt(self) -> float:
        """When the next attempt to watch is due; infinite while the kernel watches or if an attempt cannot succeed."""
        return math.inf if self.watching else self._retry_at

    def started(self, passes: int) -> None:
        """Record that the kernel watches; changes found up to pass number `passes` may be older than that."""
        self.state = WatchState.WATCHING
        self.problem = None
        self._excused_passes = passes

    def refused(self, refusal: Exception | None, now: float) -> None:
        """Record that nothing could be watched, because of `refusal`: poll, and try again later."""
        self.state = WatchState.POLLING
        self.problem = (
            Problem("", f"is polled, not watched: watchfiles cannot be loaded ({refusal}). {_INSTALL}")
            if isinstance(refusal, ImportError)
            else None
        )
        self._retry_at = now + self._intervals.retry

    def broken(self, now: float) -> None:
        """Record that watching ended unexpectedly: try again at once, or after a pause that grows.

        watchfiles ends at every change of a file whose name is not UTF-8.
        """
        self.state = WatchState.POLLING
        self._breaks = self._breaks + 1 if now - self._broken_at < BREAKS_WITHIN else 0
        self._broken_at = now
        self._retry_at = now
        if self._breaks:
            self._retry_at += self._intervals.recovery * min(2 ** (self._breaks - 1), LONGEST_BREAK)

    def ask_again(self, now: float) -> None:
        """Make the next attempt to watch due now, unless an attempt cannot succeed."""
        if math.isfinite(self._retry_at):
            self._retry_at = now

    def note_report(self) -> None:
        """Record that the kernel reported a change of interest, so that its events can be relied on."""
        self._misses = 0

    def excuses(self, passes: int) -> bool:
        """Return whether to ignore unreported changes after `passes` passes: they may be between two watchers."""
        return passes < self._excused_passes

    def judge(self, missed: int, passes: int, now: float) -> Repair:
        """Return the repair for `missed` unreported changes that were found after `passes` passes.

        One pass counts once, however many portions of it found something.
        """
        if not (missed and self.watching) or self._judged_pass == passes:
            return Repair.NONE
        self._judged_pass = passes
        self._misses += 1
        if self._misses < DEAF_AFTER:
            return Repair.WATCH_AGAIN
        self._misses = 0
        self.state = WatchState.POLLING
        self._retry_at = now + DEAF_RETRIES * self._intervals.retry
        return Repair.STOP_WATCHING

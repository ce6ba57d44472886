"""The session of a stock gateway's root. The gateway's store is never written."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from msgspec.structs import replace

from clawtui.live.gateway.places import StoreVersions, Version, Versions, directories, is_uncommitted, version_of
from clawtui.live.source import NONE
from clawtui.live.watching.events import WatchEvents
from clawtui.live.watching.intervals import Intervals, Pause, StepChooser
from clawtui.live.watching.watcher import Watcher
from clawtui.model.fleet import Fleet, LogTail, WatchMode
from clawtui.model.gateway.state import GatewayState, StoreKind
from clawtui.openclaw.incremental import GatewayReader

_SHARE = 4
"""The pause after a reading, as a multiple of the time that the reading took."""
_GAP = 0.03
"""The shortest time in seconds from one reading to the next. Where a gateway commits all the time, a commit waits for
half of it on average."""
_FULL = 20.0
"""Seconds after which a change causes everything to be read, because an incremental reading may miss a changed row."""
_UNCOMMITTED = 1.0
"""The longest time in seconds to wait for a commit after its pages are in the log. After that everything is read: a
writer that alone uses the database commits without an index."""


class StockGateway:
    """The session that keeps the fleet of a stock gateway's root up to date.

    The watcher wakes it, and it calls `stat` for about twenty files to find what changed. Without the watcher it does
    the same at intervals. After the last of a series of changes everything is read once more: an incremental reading
    may have missed a row, and a file that changes twice within one tick of the file system's clock may look the same.
    """

    def __init__(
        self,
        root: Path,
        name: str,
        kind: StoreKind,
        watcher: Watcher,
        intervals: Intervals,
        clock: Callable[[], float],
    ) -> None:
        """Show the gateway at `root` as `name`; `clock` is a monotonic clock in seconds."""
        self.capabilities = NONE
        self._root = root
        self._reader = GatewayReader(root, kind)
        self._watcher = watcher
        self._intervals = intervals
        self._clock = clock
        self._steps = StepChooser(intervals, clock())
        self._fleet = Fleet(name, watch="polling")
        self._versions = StoreVersions(root)
        self._seen: Versions | None = None
        """The versions of the files that the last complete reading saw; None before it."""
        self._watched: tuple[str, ...] = ()
        self._retry_at = 0.0
        """When to ask the kernel again after a refusal."""
        self.passes = 0
        """How often the files have been checked."""
        self._good: GatewayState | None = None
        self._good_at: datetime | None = None
        self._rest_until = 0.0
        self._full_at = 0.0
        self._confirm_at = math.inf
        """When to read again what the last reading found."""
        self._is_partial = False
        """Whether the last reading was incremental."""
        self._failed: Versions | None = None
        """The versions of the files that the last reading saw and could not read completely."""
        self._retry_pause = 0.0
        self._retry_read_at = 0.0
        """When to read them again if they stay the same."""
        self._uncommitted_at: float | None = None
        """Since when there are pages in a log that are not committed; None where there are none."""
        self._is_behind = False
        """Whether there is a change that has not been read."""
        self._log: tuple[str | None, Version] = (None, None)

    @property
    def problem(self) -> None:
        """Always None: problems are in the fleet."""

    @property
    def reading(self) -> str:
        """Always empty: the store is read as a whole."""
        return ""

    def pause(self, now: float) -> Pause:
        """Return how long to wait before the next check, which makes about twenty calls of `stat`."""
        latest = self._intervals.root if self._watcher.serving else self._intervals.missing
        if self._is_behind:
            rest = max(self._rest_until - now, self._intervals.step)
            return Pause(rest, max(rest, min(self._retry_read_at - now, latest)))
        if self._uncommitted_at is not None:  # nothing reports the commit; the longer it takes, the later it is seen
            latest = min(latest, max((now - self._uncommitted_at) / 2, self._intervals.step))
        latest = min(latest, max(self._confirm_at - now, self._intervals.step))
        return Pause(min(max(self._rest_until - now, 0.0), latest), latest)

    def doubts_root(self, events: WatchEvents) -> bool:
        """Return True: another kind of store may appear at any time."""
        return True

    def update(self, events: WatchEvents) -> Fleet:
        """Return a fleet with the current state of the store; the same one where nothing has changed."""
        self.passes += 1
        now = self._clock()
        self._watch(now, events)
        self._look_at_log()
        seen = self._versions.current(self._fleet.gateway)
        self._is_behind = self._has_changed(seen, now)
        must_confirm = now >= self._confirm_at
        if not (self._is_behind or must_confirm) or now < self._rest_until:
            return self._fleet
        if seen == self._failed and now < self._retry_read_at:
            return self._fleet
        self._is_partial = now < self._full_at and not (must_confirm and self._is_partial)
        if not self._is_partial:
            self._reader.forget()
            self._full_at = now + _FULL
        state = self._reader.read()
        self._uncommitted_at = None
        if self._is_behind:
            self._steps.note_change(now)
        ended = self._clock()
        rest = min(_SHARE * (ended - now), self._intervals.reconcile)
        self._rest_until = now + max(min(self._intervals.gap, _GAP), rest)
        self._confirm_at = now + self._intervals.reconcile if self._is_behind else math.inf
        if state.is_complete:
            # Files that were unknown before this reading are compared from the next check on.
            self._seen = seen if seen.keys() == self._versions.current(state).keys() else None
            self._good, self._good_at = state, datetime.now(UTC)
            self._failed, self._retry_read_at = None, 0.0
        else:
            self._postpone(seen, ended)
        self._show(state)
        return self._fleet

    def _postpone(self, seen: Versions, now: float) -> None:
        """Wait twice as long before each further reading of files that cannot be read and stay the same."""
        self._retry_pause = 2 * self._retry_pause if seen == self._failed else _GAP
        self._failed, self._retry_read_at = seen, now + min(self._retry_pause, self._intervals.reconcile)

    def _has_changed(self, seen: Versions, now: float) -> bool:
        """Return whether there is something to read: not while all that differs are pages without a commit."""
        if self._seen is None or not is_uncommitted(self._seen, seen):
            self._uncommitted_at = None
            return seen != self._seen
        if self._uncommitted_at is None:
            self._uncommitted_at = now
        return now >= self._uncommitted_at + _UNCOMMITTED

    def follow(self, path: str | None) -> None:
        """Do nothing: the gateway's log is always followed."""

    def end_pause(self) -> None:
        """Do nothing: the store is read at once."""

    def rescan(self) -> None:
        """Read everything at the next update, and ask the kernel to watch again if it does not."""
        self._seen, self._failed, self._full_at, self._retry_at = None, None, 0.0, 0.0

    def close(self) -> None:
        """Close the indexes of the logs."""
        self._versions.close()

    def _watch(self, now: float, events: WatchEvents) -> None:
        """Watch the current directories of the gateway; if the kernel refuses, the files are checked at intervals."""
        state = self._fleet.gateway
        watched = directories(self._root, state)
        self._steps.running = state is not None and bool(state.going)
        step = self._steps.step(now)
        if events.lost or watched != self._watched or (not self._watcher.serving and now >= self._retry_at):
            self._watcher.watch(watched, step)
            self._watched, self._retry_at = watched, now + self._intervals.retry
        else:
            used = self._watcher.step
            is_due = used is not None and used != step and now >= self._steps.due(used, now)
            if is_due and not self._watcher.try_step(watched, step):
                self._steps.note_failure(now)
        mode: WatchMode = "watching" if self._watcher.serving else "polling"
        if mode != self._fleet.watch:
            self._fleet = replace(self._fleet, watch=mode)

    def _show(self, state: GatewayState) -> None:
        """Make the next fleet; if the store cannot be read, it has the last good state and the reason."""
        as_of = None
        if not state.is_complete and self._good is not None:
            state, as_of = replace(self._good, problems=state.problems), self._good_at
        old = self._fleet
        if state != old.gateway or as_of != old.as_of or not old.loaded:
            problems = {problem.path: problem for problem in state.problems}
            self._fleet = replace(old, gateway=state, as_of=as_of, problems=problems, loaded=True)

    def _look_at_log(self) -> None:
        """Put a new value into the fleet after each change of the log, so that the log pane reads the new lines."""
        state = self._fleet.gateway
        path = state.log if state is not None else None
        version = version_of(path) if path is not None else None
        if (path, version) != self._log:
            self._log = (path, version)
            tails = {} if path is None else {path: LogTail(path, (), 0, False, 0)}
            self._fleet = replace(self._fleet, tails=tails)

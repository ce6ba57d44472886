"""The session that keeps the fleet of one `automations/` directory up to date while that directory exists."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from clawtui.live.fleet_reader import FleetReader
from clawtui.live.reading.order import TableOrder
from clawtui.live.reconciler import PacedReconciler, urgent_paths
from clawtui.live.root import Root, is_remote
from clawtui.live.source import ALL
from clawtui.live.watching.events import WatchEvents
from clawtui.live.watching.health import Repair, WatchHealth, WatchState
from clawtui.live.watching.intervals import Intervals, Pause, StepChooser
from clawtui.live.watching.watcher import Watcher
from clawtui.model.documents.base import Problem
from clawtui.model.fleet import Fleet, Workspace
from clawtui.model.versioned_map import Derived

if TYPE_CHECKING:
    from clawtui.model.documents.workspace import RuntimeState

_FIRST_PAGE = 60
"""The number of automations in the first fleet; all, if there are fewer. More would delay the first frame."""
_REPORTED_WITHIN = 3
"""Steps within which watchfiles reports a change. One that the reconciler finds earlier does not count as missed."""


class _Found(NamedTuple):
    """Differences that the reconciler found and that have not been read yet."""

    paths: Sequence[str] = ()
    excused: bool = False
    """Whether the changes may have happened while one generator replaced another."""


class WatchSession:
    """The combination of watcher, reconciler and reader for one root. The reader reads what the other two report."""

    def __init__(
        self,
        root: Root,
        name: str,
        watcher: Watcher,
        intervals: Intervals,
        clock: Callable[[], float],
        order: TableOrder | None = None,
    ) -> None:
        """Begin with `root`, shown as `name` in `order`; nothing is read before the first `update`."""
        self.capabilities = ALL
        now = clock()
        self._base = str(root.base)
        self._watcher = watcher
        self._intervals = intervals
        self._clock = clock
        self._reader = FleetReader(root.base, name, intervals, clock, order)
        self._reconciler = PacedReconciler(self._reader.stats, now, self._urgent_paths)
        self._health = WatchHealth(intervals, now, is_remote(root.device))
        self._step_chooser = StepChooser(intervals, now)
        self._going: Derived[str, Workspace, RuntimeState] = Derived(lambda workspace: workspace.running)
        self._found = _Found()
        self._requested = False
        self._shown: Fleet | None = None
        self._shown_at = self._rest_until = -math.inf
        self._is_steady = False
        """Whether the last fleet came as soon after the one before as if changes had no pause."""

    @property
    def passes(self) -> int:
        """How often everything has been compared with the disk."""
        return self._reconciler.passes

    @property
    def reading(self) -> str:
        """The path that was read last, relative to `automations/`."""
        return self._reader.stats.current

    @property
    def problem(self) -> Problem | None:
        """The reason why nothing is watched, where that is a fault of the installation."""
        return self._health.problem

    def pause(self, now: float) -> Pause:
        """Return how long to wait if no change is reported."""
        if self._reader.busy or (self._health.state is WatchState.SCANNING and self._must_ask_kernel(now)):
            rest = max(self._rest_until - now, 0.0)
            return Pause(rest, rest)
        gap = self._intervals.steady_gap if self._is_steady else self._intervals.gap
        least = max(self._shown_at + gap - now, 0.0)
        due = now + self._until_next_look(now)
        if (retry := self._reader.next_due()) is not None:
            due = min(due, retry)
        return Pause(least, max(due - now, least))

    def doubts_root(self, events: WatchEvents) -> bool:
        """Return whether something happened to the root directory itself."""
        return self._base in events.paths

    def update(self, events: WatchEvents) -> Fleet:
        """Read again everything that may have changed, and return the fleet."""
        now = self._clock()
        fleet = self._shown
        if fleet is None or not self._is_quiet(events, now):
            fleet = self._catch_up(events, now)
        else:
            self._follow_pace(now)
        if not self._reader.busy:
            excused = self._health.excuses(self._reconciler.passes)
            paths = self._reconciler.advance(now, self._health.pass_interval, self._health.watching)
            self._found = _Found(paths, excused)
        return fleet

    def follow(self, path: str | None) -> None:
        """Keep the end of the run log at `path` in the fleet."""
        self._reader.follow(path)
        self._requested = True

    def end_pause(self) -> None:
        """Read on."""
        self._rest_until = -math.inf

    def rescan(self) -> None:
        """Read everything again, and ask the kernel to watch again if it does not."""
        self._reader.rescan()
        self._health.ask_again(self._clock())

    def close(self) -> None:
        """Close every file."""
        self._reader.close()

    def _until_next_look(self, now: float) -> float:
        """Return the seconds until the reconciler, the kernel or the step of the watcher is due."""
        step = self._watcher.step
        if self._found.paths and step is not None:
            return _REPORTED_WITHIN * step
        if self._found.paths or self._reconciler.busy:
            return self._intervals.step
        next_pass = self._reconciler.due(self._health.pass_interval, self._health.watching)
        due = min(next_pass, self._health.next_attempt)
        if step is not None:
            due = min(due, self._step_chooser.due(step, now))
        return max(due - now, 0.0)

    def _urgent_paths(self) -> Iterator[str]:
        fleet = self._shown or Fleet("")
        return urgent_paths(self._reader.stats, fleet, self._going.of(fleet.workspaces))

    def _must_ask_kernel(self, now: float) -> bool:
        """Return whether an attempt to watch is due. The first one is due when everything has been read once."""
        if self._health.state is WatchState.SCANNING and (self._shown is None or self._reader.busy):
            return False
        return now >= self._health.next_attempt

    def _is_quiet(self, events: WatchEvents, now: float) -> bool:
        """Return whether the last fleet is current: nothing was reported, found or requested, and nothing is due."""
        if events.paths or events.lost or self._found.paths or self._requested or self._reader.busy:
            return False
        due = self._reader.next_due()
        return (due is None or now < due) and not self._must_ask_kernel(now)

    def _catch_up(self, events: WatchEvents, now: float) -> Fleet:
        if events.lost:
            self._health.broken(now)
            self._reader.directories.invalidate_all()
        if self._must_ask_kernel(now):
            self._reader.directories.invalidate_all()
            self._watch_all(now)
        self._reader.note_differences(self._found.paths, self._found.excused)
        self._found = _Found()
        self._note_events(events, now)
        self._requested = False
        self._read(now)
        self._repair(now)
        fleet = self._reader.build(self._health.mode, complete=self._health.state is not WatchState.SCANNING)
        if self._shown is None:
            self._rest_until = self._clock() + self._intervals.first_rest
        if fleet is not self._shown:
            self._step_chooser.running = bool(self._going.of(fleet.workspaces))
            self._is_steady = now - self._shown_at < self._intervals.gap + self._intervals.steady_gap
            self._shown, self._shown_at = fleet, now
        return fleet

    def _note_events(self, events: WatchEvents, now: float) -> None:
        below = self._base.rstrip("/") + "/"
        ours = [path.removeprefix(below) for path in events.paths if path.startswith(below)]
        if self._base in events.paths:
            ours.append("")
        if self._reader.note_events(ours):
            self._health.note_report()
            self._step_chooser.note_change(now)

    def _read(self, now: float) -> None:
        """Read the queued resources. A new directory is watched, if the kernel watches any, before it is listed.

        The first call lasts until a page of automations has been read: a shorter list would be painted twice.
        """
        if now < self._rest_until:
            return
        directories = self._reader.directories
        first = self._shown is None
        until = now + (self._intervals.first_slice if first else self._intervals.slice)
        page = _FIRST_PAGE if first else None
        while True:
            if directories.unwatched and self._health.watching:
                self._watch_all(now)
            directories.mark_watched()
            if self._reader.read_pending(until, page) or not directories.unwatched:
                return

    def _watch_all(self, now: float) -> None:
        """Watch all known directories with a new generator, and compare everything once it runs."""
        events = self._watcher.watch(self._watched_paths(), self._step_chooser.step(now))
        self._note_events(events, now)
        if events.lost:
            self._reader.directories.invalidate_all()
        if self._watcher.serving:
            self._reconciler.run_soon()
            self._excuse_changes()
        else:
            self._health.refused(self._watcher.refusal, now)

    def _follow_pace(self, now: float) -> None:
        """Replace the generator if another step is due, because the step of a running generator cannot be changed."""
        current, best = self._watcher.step, self._step_chooser.step(now)
        if current is None or current == best or now < self._step_chooser.due(current, now):
            return
        if self._watcher.try_step(self._watched_paths(), best):
            self._reconciler.run_urgent_soon()
            self._excuse_changes()
        else:
            self._step_chooser.note_failure(now)

    def _excuse_changes(self) -> None:
        """Record that a change during the replacement may have been reported by neither generator."""
        self._health.started(self._reconciler.passes + (2 if self._reconciler.running else 1))

    def _repair(self, now: float) -> None:
        """Restart watching after changes that only the reconciler found: they show that a watch has ended."""
        repair = self._health.judge(self._reader.take_missed(), self._reconciler.passes, now)
        if repair is Repair.WATCH_AGAIN:
            self._reader.directories.invalidate_all()
        elif repair is Repair.STOP_WATCHING:
            self._watcher.close()

    def _watched_paths(self) -> list[str]:
        return [f"{self._base}/{path}" if path else self._base for path in self._reader.directories.paths()]

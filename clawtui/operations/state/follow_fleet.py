"""Reading the fleet once, or following its changes, for commands that print a line at a time."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from clawtui.live.fleet_reader import FleetReader
from clawtui.live.watching.intervals import DEFAULT_INTERVALS
from clawtui.model.fleet import Fleet
from clawtui.model.runs.judgement import QUIET_AFTER
from clawtui.storage.paths import StatePaths

if TYPE_CHECKING:
    from clawtui.model.changes import Change

JUDGED_AGAIN: Final = 10.0
"""Seconds after which the locks are judged again although nothing was written: a process can die without a write."""

Next = Callable[[float], Fleet | None]
"""Waits up to the given number of seconds for the next fleet and returns it; None where there is none."""


@contextmanager
def live_fleets(paths: StatePaths) -> Iterator[Next]:
    """Watch the state directory for the duration of a ``with``."""
    from queue import Empty, SimpleQueue  # imported here, so that a command that reads once loads neither

    from clawtui.live.model import LiveModel
    from clawtui.live.watching.intervals import WITHOUT_FRAME

    fleets: SimpleQueue[Fleet] = SimpleQueue()
    live = LiveModel(paths, intervals=WITHOUT_FRAME)
    live.start(fleets.put)

    def wait(patience: float) -> Fleet | None:
        try:
            return fleets.get(timeout=patience)
        except Empty:
            return None

    try:
        yield wait
    finally:
        live.stop()


def first_fleet(wait: Next) -> Fleet:
    """Return the first fleet that is complete."""
    while (fleet := wait(JUDGED_AGAIN)) is None or not fleet.loaded:
        continue
    return fleet


def follow_changes(
    wait: Next, fleet: Fleet, clock: Callable[[], datetime], quiet_after: timedelta = QUIET_AFTER
) -> Iterator[Change]:
    """Yield, without end, each change after ``fleet`` and each lock whose holder is found to be dead."""
    from clawtui.model.changes import Change, changes_between

    orphaned = _orphaned(fleet, clock(), quiet_after)
    while True:
        after = wait(JUDGED_AGAIN)
        if after is not None:
            yield from changes_between(fleet, after)
        if after is None or after.locks is not fleet.locks or after.workspaces is not fleet.workspaces:
            fleet = after or fleet
            now = _orphaned(fleet, clock(), quiet_after)
            yield from (
                Change("lock-orphaned", now[path], "its lock is orphaned") for path in now if path not in orphaned
            )
            orphaned = now
        fleet = after or fleet


def _orphaned(fleet: Fleet, now: datetime, quiet_after: timedelta) -> dict[str, str]:
    """Return the repository of each lock whose holder cannot be alive, by path."""
    from clawtui.operations.locks.report import judged_locks  # not loaded by a command that reads once

    judged = judged_locks(fleet, now, quiet_after, patient=False)
    found = {}
    for path, verdict in judged.items():
        if verdict.verdict == "orphaned":
            lock = fleet.locks[path].value
            found[path] = lock.repo_key if lock is not None else path
    return found


def read_fleet(paths: StatePaths, monotonic: Callable[[], float] = time.monotonic) -> Fleet:
    """Return the current fleet, with the end of the dispatcher's newest log, without watching for changes."""
    reader = FleetReader(paths.automations, str(paths.root), DEFAULT_INTERVALS, monotonic)
    try:
        while reader.busy:
            reader.directories.mark_watched()
            reader.read_pending(until=math.inf)
        return reader.build("polling")
    finally:
        reader.close()

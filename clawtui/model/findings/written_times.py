"""The times that the gateway wrote into its files, with the times of modification, kept for successive fleets."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.fleet import Fleet, Reading, Workspace
from clawtui.model.versioned_map import Ordered


class Recorded(NamedTuple):
    """A time that the gateway wrote when it wrote a file."""

    at: datetime
    path: str


class Modified(NamedTuple):
    """When a file was modified, and the time that the gateway wrote into it then."""

    at: datetime
    path: str
    recorded: datetime


class WrittenTimes:
    """The times in files that only the gateway writes. An update costs the number of files that changed.

    People edit configurations, on any host: those do not count.
    """

    def __init__(self) -> None:
        self._of_workspaces: Ordered[str, Workspace, Recorded] = Ordered(_recorded_in_workspace)
        self._of_locks: Ordered[str, Reading[RepositoryLock], Recorded] = Ordered(_recorded_in_lock)
        self._workspaces_modified: Ordered[str, Workspace, Modified] = Ordered(_workspace_modified)
        self._locks_modified: Ordered[str, Reading[RepositoryLock], Modified] = Ordered(_lock_modified)
        self._recorded: list[Sequence[Recorded]] = []
        self._modified: list[Sequence[Modified]] = []

    def update(self, fleet: Fleet) -> None:
        """Take the times in `fleet` instead of those in the last one."""
        slots: tuple[Recorded, ...] = ()
        slots_modified: tuple[Modified, ...] = ()
        if fleet.concurrency is not None and fleet.concurrency.value is not None:
            at = fleet.concurrency.value.last_updated
            slots, slots_modified = tuple(_recorded(fleet.concurrency, at)), tuple(_modified(fleet.concurrency, at))
        self._recorded = [self._of_workspaces.of(fleet.workspaces), self._of_locks.of(fleet.locks), slots]
        self._modified = [
            self._workspaces_modified.of(fleet.workspaces),
            self._locks_modified.of(fleet.locks),
            slots_modified,
        ]

    @property
    def latest(self) -> Recorded | None:
        """The latest time that the gateway wrote; None if it wrote none."""
        return max((times[-1] for times in self._recorded if times), default=None)

    def modified_between(self, earliest: datetime, latest: datetime) -> list[Modified]:
        """Return the files that were modified between the two times, both included, in the order of those times."""
        found = [each for times in self._modified for each in _since(times, earliest) if each.at <= latest]
        return sorted(found)


def _since(times: Sequence[Modified], earliest: datetime) -> Sequence[Modified]:
    return times[bisect_left(times, earliest, key=lambda each: each.at) :]


def _times_in_workspace(workspace: Workspace) -> Iterator[tuple[Reading[object], datetime | None]]:
    if workspace.state is not None and workspace.state.value is not None:
        yield workspace.state, workspace.state.value.last_update
    if workspace.progress is not None and workspace.progress.value is not None:
        yield workspace.progress, workspace.progress.value.last_update
    if workspace.info is not None and workspace.info.value is not None:
        yield workspace.info, workspace.info.value.last_updated


def _recorded_in_workspace(_: str, workspace: Workspace) -> Iterator[Recorded]:
    for reading, at in _times_in_workspace(workspace):
        yield from _recorded(reading, at)


def _workspace_modified(_: str, workspace: Workspace) -> Iterator[Modified]:
    for reading, at in _times_in_workspace(workspace):
        yield from _modified(reading, at)


def _recorded_in_lock(_: str, reading: Reading[RepositoryLock]) -> Iterator[Recorded]:
    if reading.value is not None and reading.value.knows("acquired_at"):
        yield from _recorded(reading, reading.value.acquired_at)


def _lock_modified(_: str, reading: Reading[RepositoryLock]) -> Iterator[Modified]:
    if reading.value is not None and reading.value.knows("acquired_at"):
        yield from _modified(reading, reading.value.acquired_at)


def _recorded(reading: Reading[object], at: datetime | None) -> Iterator[Recorded]:
    if at is not None:
        yield Recorded(at, reading.path)


def _modified(reading: Reading[object], recorded: datetime | None) -> Iterator[Modified]:
    if recorded is None or reading.stamp is None:
        return
    try:
        yield Modified(datetime.fromtimestamp(reading.stamp.mtime_ns / 1e9, UTC), reading.path, recorded)
    except (OverflowError, ValueError, OSError):
        return

"""Verdicts on the locks of successive fleets: which locks are judged again, and how often."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from math import inf
from typing import Final, NamedTuple

from clawtui.model.documents.concurrency import Slot
from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.fleet import Fleet, Reading
from clawtui.model.liveness.evidence import Evidence
from clawtui.model.liveness.process_evidence import LOCK_RUN_ID
from clawtui.model.liveness.verdict import LockJudgement, judge
from clawtui.model.paths import DISPATCHER_LOGS, LogName
from clawtui.model.runs.judgement import QUIET_AFTER
from clawtui.model.versioned_map import VersionedMapBuilder, changed_keys
from clawtui.operations.evidence.host import ThisHost
from clawtui.operations.evidence.lock_evidence import gather
from clawtui.operations.evidence.processes import process_mark
from clawtui.operations.evidence.signs_of_life import MOST_LOGS
from clawtui.storage.paths import LOGS

_SHORTEST: Final = 3.0
"""The shortest pause between two rounds, in seconds."""
_SHARE: Final = 600
"""The pause after a round that examines logs and processes is at least this many times the CPU time of the round."""
_SHARE_OF_EVERY: Final = 1800
"""The same after a round that judges every lock: only the ages in the facts of the verdicts depend on it."""
_NEVER: Final = datetime.max.replace(tzinfo=UTC)


class Depth(NamedTuple):
    """What a round examines in addition to the locks that a change of the fleet affects (see `LockJudge.judge`)."""

    every: bool
    signs: bool


class RoundPace:
    """Schedule of the rounds that also examine logs and processes in containers, and of those that judge every lock."""

    def __init__(self) -> None:
        self._every_due = self._signs_due = -inf

    def depth(self, at: float) -> Depth:
        """Return what a round at the time `at`, in seconds of a monotonic clock, has to examine."""
        return Depth(every=at >= self._every_due, signs=at >= self._signs_due)

    def note(self, depth: Depth, at: float, cost: float) -> None:
        """Record that a round of that depth ended at `at`, and took `cost` seconds of CPU time."""
        if depth.every:
            self._every_due = at + max(_SHORTEST, _SHARE_OF_EVERY * cost)
            self._signs_due = min(max(self._signs_due, at + _SHORTEST), self._every_due)
        elif depth.signs:
            self._signs_due = at + max(_SHORTEST, _SHARE * cost)


class _Known(NamedTuple):
    """The last verdict on a lock, and what it was based on."""

    facts: tuple[object, ...]
    judged: LockJudgement
    may_be_kept: bool
    until: datetime
    """When the time alone may change the verdict."""
    lock: RepositoryLock | None
    pid: int | None
    mark: object
    """The mark of the process that has the pid of the lock."""


class LockJudge:
    """Judge of the locks of one state directory. Its verdicts are those of `judged_locks`, which judges all locks.

    Use it in one thread at a time, and not on an event loop.
    """

    def __init__(self, quiet_after: timedelta = QUIET_AFTER) -> None:
        self._quiet_after = quiet_after
        self._fleet = Fleet("")
        self._known: dict[str, _Known] = {}
        self._by_automation: dict[str, dict[str, None]] = {}
        """The paths of the locks by the automation that they name."""
        self._judged: VersionedMapBuilder[str, LockJudgement] = VersionedMapBuilder({})

    def judge(self, fleet: Fleet, now: datetime, *, every: bool, signs: bool = True) -> Mapping[str, LockJudgement]:
        """Return the verdict on each lock of the fleet, by path; the same object while no verdict changes.

        A lock is judged again if a file in the fleet that concerns it or the process with its pid has changed, or if
        the time alone may change the verdict. With ``signs``, logs and processes in containers are examined as well.
        With ``every``, all locks are judged, so that the ages in the facts are those at ``now``.
        """
        round_ = _Round(fleet, ThisHost(), now)
        paths = dict.fromkeys((*fleet.locks, *self._known) if every or signs else self._affected(fleet, round_, now))
        for path in paths:
            known, reading = self._known.get(path), fleet.locks.get(path)
            if reading is None:
                self._forget(path)
                self._judged.put(path, None)
                continue
            mark = round_.mark_of(reading.value)
            facts = round_.facts(reading, mark, known)
            if every or known is None or not _may_be_kept(known, now) or known.facts != facts:
                self._forget(path)
                self._take(path, gather(reading, fleet, round_.host, now, self._quiet_after), mark, round_)
        self._fleet = fleet
        return self._judged.build()

    def _affected(self, fleet: Fleet, round_: _Round, now: datetime) -> Iterator[str]:
        """Yield the locks that a difference from the last fleet concerns, some more than once."""
        last = self._fleet
        yield from changed_keys(fleet.locks, last.locks)
        if fleet.concurrency is not last.concurrency or fleet.dispatcher is not last.dispatcher:
            yield from fleet.locks
        for id in _automations_changed(fleet, last):
            yield from self._by_automation.get(id, ()) if id is not None else self._known
        mark_of = round_.mark_of_pid
        for path, known in self._known.items():
            if not known.may_be_kept or now >= known.until or mark_of(known.pid) != known.mark:
                yield path

    def _take(self, path: str, evidence: Evidence, mark: object, round_: _Round) -> None:
        lock, judged = evidence.lock.value, judge(evidence)
        until = evidence.holds_until(lock) if lock is not None else None
        known = _Known((), judged, _is_of_pid(evidence), until or _NEVER, lock, _pid_of(lock), mark)
        self._known[path] = known._replace(facts=round_.facts(evidence.lock, mark, known))
        self._judged.put(path, judged)
        if lock is not None:
            self._by_automation.setdefault(lock.automation_id, {})[path] = None

    def _forget(self, path: str) -> None:
        known = self._known.pop(path, None)
        if known is not None and known.lock is not None:
            self._by_automation[known.lock.automation_id].pop(path, None)


class _Round:
    """The facts for the verdicts of one round, each looked up once."""

    def __init__(self, fleet: Fleet, host: ThisHost, now: datetime) -> None:
        self.host = host
        self._fleet = fleet
        self._base = str(host.base_of(fleet.root))
        self.mark_of_pid: Callable[[int | None], object] = cache(_mark_of_pid)

    def mark_of(self, lock: RepositoryLock | None) -> object:
        """Return a mark of the process that has the pid of the lock, which differs once it is another one."""
        return self.mark_of_pid(_pid_of(lock))

    def facts(self, reading: Reading[RepositoryLock], mark: object, known: _Known | None) -> tuple[object, ...]:
        """Return all that `gather` uses for one lock, in a form that is cheap to get and to compare.

        Processes in containers are included only if, by the last verdict, the lock's own process may not be the holder.
        """
        lock = reading.value
        if lock is None:
            return (reading,)
        own = [
            (name.file, _written(f"{directory}/{name.file}"))
            for directory, by_id, _ in self._logs
            for name in by_id.get(lock.automation_id, ())[-MOST_LOGS:]
        ]
        is_dead = known is not None and known.judged.verdict not in ("live", "quiet")
        return (
            reading,
            self._fleet.workspaces.get(lock.automation_id),
            self._slots.get(lock.session_id),
            self._of_all,
            own,
            mark,
            tuple(self.host.contained(lock.pid)) if is_dead and lock.knows("pid") else (),
        )

    @cached_property
    def _logs(self) -> tuple[tuple[str, Mapping[str | None, tuple[LogName, ...]], object], ...]:
        """The directory of each type's logs, its logs, and the versions of its newest logs of whole days."""
        found = []
        for log_type, by_id in self._fleet.logs.items():
            if log_type != DISPATCHER_LOGS:
                directory = f"{self._base}/{LOGS}/{log_type}"
                days = [(name.file, _written(f"{directory}/{name.file}")) for name in by_id.get(None, ())[-MOST_LOGS:]]
                found.append((directory, by_id, days))
        return tuple(found)

    @cached_property
    def _slots(self) -> Mapping[str, Slot]:
        """The slots by their session; `slot_of` takes the first one of a session."""
        return {slot.session_id: slot for slot in reversed(self._fleet.slots)}

    @cached_property
    def _of_all(self) -> tuple[object, ...]:
        """The facts that are the same for all locks."""
        days = tuple((directory, days) for directory, _, days in self._logs)
        return (self._fleet.slots_known, self._fleet.lock_timeout, days)


def _automations_changed(fleet: Fleet, last: Fleet) -> Iterator[str | None]:
    """Yield the automations whose workspace or logs have changed; None stands for the logs of whole days."""
    yield from changed_keys(fleet.workspaces, last.workspaces)
    for log_type in changed_keys(fleet.logs, last.logs):
        yield from changed_keys(fleet.logs.get(log_type, {}), last.logs.get(log_type, {}))


def _pid_of(lock: RepositoryLock | None) -> int | None:
    """Return the pid of the lock; None if it has none."""
    return lock.pid if lock is not None and lock.knows("pid") else None


def _mark_of_pid(pid: int | None) -> object:
    return process_mark(pid) if pid is not None else None


def _written(path: str) -> object:
    """Return a mark of the version of a log; None if there is none."""
    try:
        status = os.lstat(path)
    except OSError:
        return None
    return (status.st_ino, status.st_size, status.st_mtime_ns)


def _may_be_kept(known: _Known, now: datetime) -> bool:
    """Return whether the verdict stays the same at a later time if the facts do."""
    return known.may_be_kept and now < known.until


def _is_of_pid(evidence: Evidence) -> bool:
    """Return whether the verdict depends on no process but the one that has the pid of the lock."""
    lock = evidence.lock.value
    is_of_lock_run = lock is not None and lock.automation_id == LOCK_RUN_ID
    return not is_of_lock_run and evidence.host.namesake is None

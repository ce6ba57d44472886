"""Verdicts on the locks of one fleet after another: a lock is judged again if what bears on it has changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import NamedTuple

from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.fleet import Fleet, Reading
from clawtui.model.liveness.evidence import QUIET_AFTER, Evidence
from clawtui.model.liveness.process_evidence import LOCK_RUN_ID
from clawtui.model.liveness.verdict import LockJudgement, judge
from clawtui.model.paths import DISPATCHER_LOGS
from clawtui.operations.evidence.host import ThisHost
from clawtui.operations.evidence.lock_evidence import gather, slot_of
from clawtui.operations.evidence.processes import process_mark
from clawtui.operations.evidence.signs_of_life import MOST_LOGS


class _Known(NamedTuple):
    """The last verdict on a lock, and what it was based on."""

    facts: tuple[object, ...]
    judged: LockJudgement
    may_be_kept: bool


class LockJudge:
    """Judge of the locks of one state directory. Its verdicts are those of `judged_locks`, which judges all locks.

    Use it in one thread at a time, and not on an event loop.
    """

    def __init__(self, quiet_after: timedelta = QUIET_AFTER) -> None:
        self._quiet_after = quiet_after
        self._known: dict[str, _Known] = {}

    def judge(self, fleet: Fleet, now: datetime, *, every: bool) -> Mapping[str, LockJudgement]:
        """Return the verdict on each lock of the fleet, by path.

        The last verdict is kept if the files in the fleet that bear on it are the same, and the process that has the
        pid is. With ``every``, all locks are judged: what is written to a log, the time, and processes of containers
        also bear on a verdict.
        """
        host, mark_of = ThisHost(), cache(process_mark)
        known = {}
        for path, reading in fleet.locks.items():
            facts, last = _facts(reading, fleet, mark_of), self._known.get(path)
            if every or last is None or not last.may_be_kept or last.facts != facts:
                evidence = gather(reading, fleet, host, now, self._quiet_after)
                last = _Known(facts, judge(evidence), _may_be_kept(evidence))
            known[path] = last
        self._known = known
        return {path: each.judged for path, each in known.items()}


def _facts(reading: Reading[RepositoryLock], fleet: Fleet, mark_of: Callable[[int], object]) -> tuple[object, ...]:
    """Return all of the fleet that `gather` uses for one lock, and a mark of the process that has its pid."""
    lock = reading.value
    if lock is None:
        return (reading,)
    logs = tuple(
        (log_type, by_id.get(lock.automation_id, ())[-MOST_LOGS:], by_id.get(None, ())[-MOST_LOGS:])
        for log_type, by_id in fleet.logs.items()
        if log_type != DISPATCHER_LOGS
    )
    return (
        reading,
        fleet.workspaces.get(lock.automation_id),
        slot_of(fleet, lock),
        fleet.slots_known,
        fleet.lock_timeout,
        logs,
        mark_of(lock.pid) if lock.knows("pid") else None,
    )


def _may_be_kept(evidence: Evidence) -> bool:
    """Return whether the verdict depends on no process but the one that has the pid of the lock."""
    lock = evidence.lock.value
    is_of_lock_run = lock is not None and lock.automation_id == LOCK_RUN_ID
    return not is_of_lock_run and evidence.host.namesake is None

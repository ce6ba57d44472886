"""The verdicts on the locks and slots, each with the version of the file that was judged, and their totals."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from clawtui.model.documents.base import EPOCH
from clawtui.model.documents.concurrency import Slot
from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.fleet import Fleet, Reading
from clawtui.model.liveness.slot_verdict import SlotJudgement, SlotVerdict
from clawtui.model.liveness.verdict import LockJudgement, Verdict
from clawtui.model.runs.run_evidence import RunContext
from clawtui.model.versioned_map import changed_keys

_NEED_ACTION: Final[Sequence[Verdict]] = ("orphaned", "invalid")


class JudgedLock(NamedTuple):
    """A lock, None if it cannot be read, and the verdict on it, None until it is judged."""

    lock: RepositoryLock | None
    verdict: Verdict | None


class LockTotals:
    """The numbers of some locks. The cost of a query does not grow with the number of locks."""

    def __init__(self, locks: Iterable[JudgedLock], timeout: timedelta | None) -> None:
        """Count `locks`; `timeout` is the age at which the gateway treats one as expired, None for never."""
        self.by_verdict: Counter[Verdict | None] = Counter()
        self._timeout = timeout
        self._expiries: list[datetime] = []
        """The times at which the locks expire, in order."""
        self._expiries_of_others: list[datetime] = []
        """The same for the locks that need attention for no other reason."""
        for lock in locks:
            self.add(lock)

    def add(self, judged: JudgedLock) -> None:
        """Count one more lock."""
        self.by_verdict[judged.verdict] += 1
        for expiries, expiry in self._expiries_with(judged):
            insort(expiries, expiry)

    def remove(self, judged: JudgedLock) -> None:
        """Count a lock no more that was counted."""
        self.by_verdict[judged.verdict] -= 1
        for expiries, expiry in self._expiries_with(judged):
            del expiries[bisect_left(expiries, expiry)]

    def _expiries_with(self, judged: JudgedLock) -> Iterator[tuple[list[datetime], datetime]]:
        """Yield the lists that have the expiry of a lock, with that time."""
        expiry = judged.lock.expiry(self._timeout) if judged.lock is not None else None
        if expiry is not None:
            yield self._expiries, expiry
            if judged.verdict not in _NEED_ACTION and judged.verdict != "quiet":
                yield self._expiries_of_others, expiry

    def expired(self, now: datetime) -> int:
        """Return the number of locks that are expired at `now`."""
        return bisect_left(self._expiries, now)

    def to_look_at(self, now: datetime) -> tuple[int, int]:
        """Return the number of locks that need action, and of further ones in doubt: quiet or expired.

        A lock of another host cannot be judged here, which alone does not put it in doubt.
        """
        need_action = sum(self.by_verdict[verdict] for verdict in _NEED_ACTION)
        return need_action, self.by_verdict["quiet"] + bisect_left(self._expiries_of_others, now)


class LockCounter:
    """Totals of the locks of successive fleets and verdicts. A count costs the number of locks that changed."""

    def __init__(self) -> None:
        self._locks: Mapping[str, Reading[RepositoryLock]] = {}
        self._verdicts: Verdicts | None = None
        self._timeout: timedelta | None = None
        self._counted: dict[str, JudgedLock] = {}
        self._totals = LockTotals((), None)

    def count(
        self, locks: Mapping[str, Reading[RepositoryLock]], verdicts: Verdicts, timeout: timedelta | None
    ) -> LockTotals:
        """Return the totals of `locks`, by path. They are modified by the next call."""
        if timeout != self._timeout:
            self._timeout, self._totals = timeout, LockTotals(self._counted.values(), timeout)
        for path in dict.fromkeys(self._changed(locks, verdicts)):
            if (known := self._counted.pop(path, None)) is not None:
                self._totals.remove(known)
            if (reading := locks.get(path)) is not None:
                judged = self._counted[path] = JudgedLock(reading.value, verdicts.word(path, reading))
                self._totals.add(judged)
        self._locks, self._verdicts = locks, verdicts
        return self._totals

    def _changed(self, locks: Mapping[str, Reading[RepositoryLock]], verdicts: Verdicts) -> Iterator[str]:
        """Yield the locks that may be counted otherwise than in the last call."""
        yield from changed_keys(locks, self._locks)
        if self._verdicts is None:
            yield from locks
        elif verdicts is not self._verdicts:
            yield from changed_keys(verdicts.judged, self._verdicts.judged)
            yield from changed_keys(verdicts.readings, self._verdicts.readings)


@dataclass(frozen=True, slots=True)
class Verdicts:
    """The verdicts of one round of the verdict monitor."""

    readings: Mapping[str, Reading[RepositoryLock]] = field(default_factory=dict)
    judged: Mapping[str, LockJudgement] = field(default_factory=dict)
    slots: tuple[SlotJudgement, ...] = ()
    runs: RunContext = field(default_factory=RunContext)
    """The facts, besides the fleet, on which the states of runs depend."""
    at: datetime = EPOCH
    """The time of the round, in the operator's zone."""
    _counter: LockCounter = field(default_factory=LockCounter, compare=False, repr=False)

    def after(self, last: Verdicts) -> Verdicts:
        """Return these verdicts, with totals that are made of those by the verdicts ``last``."""
        return replace(self, _counter=last._counter)

    def has_same_words(self, other: Verdicts) -> bool:
        """Return whether each lock has the same verdict as in ``other``, regardless of the facts."""
        mine, others = self.judged, other.judged
        return all(
            path in mine and path in others and mine[path].verdict == others[path].verdict
            for path in changed_keys(mine, others)
        )

    def on(self, path: str, reading: Reading[RepositoryLock]) -> LockJudgement | None:
        """Return the verdict on this version of the lock at `path`; None if this version was not judged."""
        known = self.readings.get(path)
        if known is not reading and known != reading:
            return None
        return self.judged.get(path)

    def word(self, path: str, reading: Reading[RepositoryLock]) -> Verdict | None:
        """Return the verdict on this version of the lock at ``path``, without its facts; None if it was not judged."""
        return verdict_of(reading, self.on(path, reading))

    def totals(self, locks: Mapping[str, Reading[RepositoryLock]], timeout: timedelta | None) -> LockTotals:
        """Return the numbers of the locks by these verdicts; they are modified by the next call."""
        return self._counter.count(locks, self, timeout)

    def on_slot(self, slot: Slot) -> SlotVerdict | None:
        """Return the verdict on `slot`; None where it was not judged."""
        return next((judged.verdict for judged in self.slots if judged.slot == slot), None)


def verdict_of(reading: Reading[RepositoryLock], judged: LockJudgement | None) -> Verdict | None:
    """Return the verdict on a lock; None until it is judged. A file that cannot be read is invalid at once."""
    if judged is not None:
        return judged.verdict
    return "invalid" if reading.value is None else None


def current_verdicts(fleet: Fleet, verdicts: Verdicts) -> Mapping[str, LockJudgement]:
    """Return the verdicts on those locks of the fleet that have not changed since, by path."""
    if verdicts.readings is fleet.locks:
        return verdicts.judged
    found = ((path, verdicts.on(path, reading)) for path, reading in fleet.locks.items())
    return {path: judged for path, judged in found if judged is not None}


def locks_to_look_at(
    locks: Mapping[str, Reading[RepositoryLock]], verdicts: Verdicts, now: datetime, timeout: timedelta | None
) -> tuple[int, int]:
    """Return the number of locks that need action, and of further ones in doubt: quiet, or older than `timeout`.

    A lock of another host cannot be judged here, which alone does not put it in doubt.
    """
    return verdicts.totals(locks, timeout).to_look_at(now)

"""The verdicts on the locks and slots, each with the version of the file that was judged, and their totals."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from clawtui.model.documents.base import EPOCH
from clawtui.model.documents.concurrency import Slot
from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.fleet import Fleet, Reading
from clawtui.model.liveness.slot_verdict import SlotJudgement, SlotVerdict
from clawtui.model.liveness.verdict import LockJudgement, Verdict
from clawtui.model.runs.run_evidence import RunContext

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
        self._expiries: list[datetime] = []
        """The times at which the locks expire, in order."""
        self._expiries_of_others: list[datetime] = []
        """The same for the locks that need attention for no other reason."""
        for lock, verdict in locks:
            self.by_verdict[verdict] += 1
            expiry = lock.expiry(timeout) if lock is not None else None
            if expiry is not None:
                self._expiries.append(expiry)
                if verdict not in _NEED_ACTION and verdict != "quiet":
                    self._expiries_of_others.append(expiry)
        self._expiries.sort()
        self._expiries_of_others.sort()

    def expired(self, now: datetime) -> int:
        """Return the number of locks that are expired at `now`."""
        return bisect_left(self._expiries, now)

    def to_look_at(self, now: datetime) -> tuple[int, int]:
        """Return the number of locks that need action, and of further ones in doubt: quiet or expired.

        A lock of another host cannot be judged here, which alone does not put it in doubt.
        """
        need_action = sum(self.by_verdict[verdict] for verdict in _NEED_ACTION)
        return need_action, self.by_verdict["quiet"] + bisect_left(self._expiries_of_others, now)


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
    _totals: list[Any] = field(default_factory=list, compare=False, repr=False)
    """The locks and the timeout of the last count, and its result."""

    def has_same_words(self, other: Verdicts) -> bool:
        """Return whether each lock has the same verdict as in ``other``, regardless of the facts."""
        mine, others = self.judged, other.judged
        if mine is others:
            return True
        return mine.keys() == others.keys() and all(
            judged is (before := others[path]) or judged.verdict == before.verdict for path, judged in mine.items()
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
        """Return the numbers of the locks by these verdicts, which are counted once for the same arguments."""
        kept = self._totals
        if not kept or kept[0] is not locks or kept[1] != timeout:
            judged = (JudgedLock(reading.value, self.word(path, reading)) for path, reading in locks.items())
            kept[:] = (locks, timeout, LockTotals(judged, timeout))
        found: LockTotals = kept[2]
        return found

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

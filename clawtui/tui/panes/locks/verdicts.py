"""The verdicts on the locks and slots, each with the version of the file that was judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from clawtui.model.documents.base import EPOCH
from clawtui.model.documents.concurrency import Slot
from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.fleet import Fleet, Reading
from clawtui.model.liveness.slot_verdict import SlotJudgement, SlotVerdict
from clawtui.model.liveness.verdict import LockJudgement, Verdict
from clawtui.model.runs.run_evidence import RunContext
from clawtui.tui.panes.locks.lock_totals import JudgedLock, LockTotals


@dataclass(frozen=True, slots=True)
class Verdicts:
    """The verdicts of one round of the verdict monitor."""

    readings: Mapping[str, Reading[RepositoryLock]] = field(default_factory=dict)
    judged: Mapping[str, LockJudgement] = field(default_factory=dict)
    slots: tuple[SlotJudgement, ...] = ()
    runs: RunContext = field(default_factory=RunContext)
    """What the states of runs depend on besides."""
    at: datetime = EPOCH
    """The time of the round, in the operator's zone."""
    _totals: list[Any] = field(default_factory=list, compare=False, repr=False)
    """The locks and the timeout that were counted last, and their numbers."""

    def has_same_words(self, other: Verdicts) -> bool:
        """Return whether the verdict on each lock is in a word that of ``other``."""
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
        """Return the verdict on this version of the lock at ``path`` in a word; None if it was not judged."""
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
    found = ((path, verdicts.on(path, reading)) for path, reading in fleet.locks.items())
    return {path: judged for path, judged in found if judged is not None}


def locks_to_look_at(
    locks: Mapping[str, Reading[RepositoryLock]], verdicts: Verdicts, now: datetime, timeout: timedelta | None
) -> tuple[int, int]:
    """Return the number of locks that need action, and of further ones in doubt: quiet, or older than `timeout`.

    A lock of another host cannot be judged here, which alone does not put it in doubt.
    """
    return verdicts.totals(locks, timeout).to_look_at(now)

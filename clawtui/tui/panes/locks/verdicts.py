"""The verdicts on the locks and slots, each with the version of the file that was judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from clawtui.model.documents.base import EPOCH
from clawtui.model.documents.concurrency import Slot
from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.fleet import Fleet, Reading
from clawtui.model.liveness.slot_verdict import SlotJudgement, SlotVerdict
from clawtui.model.liveness.verdict import LockJudgement
from clawtui.model.runs.run_evidence import RunContext


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

    @property
    def words(self) -> Mapping[str, str]:
        """The verdict on each lock in a word, by path."""
        return {path: judged.verdict for path, judged in self.judged.items()}

    def on(self, path: str, reading: Reading[RepositoryLock]) -> LockJudgement | None:
        """Return the verdict on this version of the lock at `path`; None if this version was not judged."""
        known = self.readings.get(path)
        if known is not reading and known != reading:
            return None
        return self.judged.get(path)

    def on_slot(self, slot: Slot) -> SlotVerdict | None:
        """Return the verdict on `slot`; None where it was not judged."""
        return next((judged.verdict for judged in self.slots if judged.slot == slot), None)


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
    need_action = in_doubt = 0
    for path, reading in locks.items():
        judged = verdicts.on(path, reading)
        if reading.value is None or (judged is not None and judged.verdict in ("orphaned", "invalid")):
            need_action += 1
        elif reading.value.expired(now, timeout) or (judged is not None and judged.verdict == "quiet"):
            in_doubt += 1
    return need_action, in_doubt

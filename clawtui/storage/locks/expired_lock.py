"""Take back an expired lock: a release that nobody is asked for, set aside, recorded and restorable (errata 8)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from clawtui.model.documents.audit import Actor
from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.errors import StorageError
from clawtui.model.text.units import age_span
from clawtui.storage.locks.audit_trail import Grounds, LockAuditTrail
from clawtui.storage.locks.lock_file import HeldLock
from clawtui.storage.locks.released_locks import KEPT, ReleasedLock, named_aside, set_lock_aside, sweep_set_aside
from clawtui.storage.paths import StatePaths
from clawtui.storage.user.audit import Audit


@dataclass(frozen=True, slots=True)
class TakenBack:
    """An expired lock that was taken back, and where it is now."""

    lock: RepositoryLock
    aside: ReleasedLock
    fact: str
    """Why it was taken back: its age, and the timeout."""
    complaints: tuple[str, ...] = ()
    """What could not be written or swept, one line each."""


def take_back(
    paths: StatePaths,
    held: HeldLock,
    *,
    now: datetime,
    timeout: timedelta,
    actor: Actor,
    audit: Audit | None = None,
) -> TakenBack:
    """Set aside the held lock, which is older than ``timeout``, and record that.

    The record is that of a release by an operator, so that its readers see this too. Raises Unreadable where the file
    is no lock; Changed where it is another lock by now; Refused where the record cannot be written or the move could
    not be undone; Overlap; Unwritable. Nothing was done then, except for Overlap.
    """
    lock = held.value()
    fact = f"expired: {age_span(lock.age(now))} old, and the gateway takes locks back after {age_span(timeout)}"
    aside, complaints = move_aside(paths, held, Grounds((fact,), "expired", expired=True), now, actor, audit or Audit())
    return TakenBack(lock, aside, fact, complaints)


def move_aside(
    paths: StatePaths, held: HeldLock, grounds: Grounds, now: datetime, actor: Actor, audit: Audit
) -> tuple[ReleasedLock, tuple[str, ...]]:
    """Set the held lock aside on ``grounds`` and record that; return where it is, and what could not be written.

    Raises Changed, Refused, Overlap and Unwritable as ``take_back`` does.
    """
    reading = held.reading()
    aside = named_aside(reading.path, now, secrets.token_hex(4))
    trail = LockAuditTrail(paths, audit, actor, lambda: now, "lock-release", aside)
    trail.intend(reading, held.raw, grounds, held.fingerprint)
    with trail.failures():
        kept = set_lock_aside(held, aside)
    complaints = trail.done(kept, reading, grounds)
    try:
        sweep_set_aside(paths.automations, now - KEPT)
    except StorageError as error:
        complaints += (f"what was set aside more than a day ago could not be swept: {error}",)
    return kept, complaints

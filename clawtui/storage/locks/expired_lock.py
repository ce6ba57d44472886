"""Take a lock from its holder, because it has expired (errata 8) or by force: set aside, recorded and restorable.

Neither function asks an operator or judges the holder; the release in ``operations`` does.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from msgspec import Struct

from clawtui.model.documents.audit import Actor
from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.errors import Changed, ClawtuiError, Refused
from clawtui.model.text.units import age_span
from clawtui.storage.locks.acquisition import identity_of
from clawtui.storage.locks.audit_fields import Grounds, event_of, intent_fields
from clawtui.storage.locks.lock_file import HeldLock
from clawtui.storage.locks.released_locks import KEPT, ReleasedLock, named_aside, set_lock_aside, sweep_set_aside
from clawtui.storage.paths import StatePaths
from clawtui.storage.user.audit import Audit
from clawtui.storage.user.audit_trail import AuditTrail

_FORCED = "released by force: whether its holder is alive was not judged"


class TakenBack(Struct, frozen=True):
    """A lock that was taken from its holder, and its new path."""

    lock: RepositoryLock
    aside: ReleasedLock
    fact: str
    """Why it was taken: its age and the timeout, or that it was forced."""
    complaints: tuple[str, ...] = ()
    """A line for each record that could not be written and each file that could not be swept."""


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

    The record has the form of a release by an operator, so that its readers see this too. Raises Unreadable if the file
    is not a lock; Changed if it is another lock by now; Refused if the record cannot be written or the move could not
    be undone; Overlap; Unwritable. Nothing was done then, except for Overlap.
    """
    lock = held.value()
    fact = f"expired: {age_span(lock.age(now))} old, and the gateway takes locks back after {age_span(timeout)}"
    aside, complaints = _move_aside(
        paths, held, Grounds((fact,), "expired", expired=True), now, actor, audit or Audit()
    )
    return TakenBack(lock, aside, fact, complaints)


def take_by_force(
    paths: StatePaths,
    held: HeldLock,
    repo_key: str,
    expected: RepositoryLock | None,
    *,
    now: datetime,
    actor: Actor,
    audit: Audit,
) -> TakenBack:
    """Set aside the held lock of ``repo_key`` for any holder, and record that.

    If ``expected`` is not None, only that lock is taken. Raises as ``take_back`` does, and Refused if it is the lock of
    another repository or a process keeps it open.
    """
    lock, path = held.value(), held.reading().path
    if expected is not None and identity_of(lock) != identity_of(expected):
        raise Changed(f"{path} is another lock by now; nothing was done")
    if lock.repo_key != repo_key:
        raise Refused(f"{path} is the lock of {lock.repo_key}, which has the name of {repo_key}; nothing was done")
    if held.is_kept_open():
        raise Refused(f"{path} is kept open by a process that its holder started; nothing was done")
    aside, complaints = _move_aside(paths, held, Grounds((_FORCED,), "force", expired=False), now, actor, audit)
    return TakenBack(lock, aside, _FORCED, complaints)


def _move_aside(
    paths: StatePaths, held: HeldLock, grounds: Grounds, now: datetime, actor: Actor, audit: Audit
) -> tuple[ReleasedLock, tuple[str, ...]]:
    """Set the held lock aside on ``grounds`` and record that; return the new place, and the records not written.

    Raises Changed, Refused, Overlap and Unwritable as ``take_back`` does.
    """
    reading = held.reading()
    aside = named_aside(reading.path, now, secrets.token_hex(4))
    trail = AuditTrail(paths.automations, audit, actor, lambda: now, "lock-release", aside.token)
    trail.intend(aside.lock, intent_fields(aside, reading, held.raw, grounds, held.fingerprint))
    with trail.failures():
        kept = set_lock_aside(held, aside)
    complaints = trail.done(*event_of("lock-release", kept, reading, grounds), kept.path)
    try:
        sweep_set_aside(paths.automations, now - KEPT)
    except ClawtuiError as error:
        complaints += (f"what was set aside more than a day ago could not be swept: {error}",)
    return kept, complaints

"""The removal of a lock of any kind: recorded, renamed aside, verified, and put back if it is not the expected one.

The steps are those of the contract (Locks, the release). ``release`` uses them for repository locks, and
``operations.openclaw.release_lock`` for the lock files of a stock gateway.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Generic, TypeVar

from msgspec import Struct

from clawtui.files.fs.renameat2 import NoWayBack
from clawtui.model.documents.audit import Actor
from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.errors import Changed, ClawtuiError, NoSuch, Refused, Unreadable
from clawtui.model.fleet import Reading
from clawtui.operations.locks.lock_places import LockPlaces
from clawtui.storage.locks.audit_fields import Grounds, LockAct, event_of, intent_fields
from clawtui.storage.locks.lock_file import HeldLock, hold_anything
from clawtui.storage.locks.released_locks import KEPT, ReleasedLock, named_aside, set_lock_aside, sweep_set_aside
from clawtui.storage.user.audit import Audit
from clawtui.storage.user.audit_trail import AuditTrail

JudgementT = TypeVar("JudgementT")


class RemovalRules(Struct, Generic[JudgementT], frozen=True):
    """The rules of one kind of lock, and of one removal."""

    places: LockPlaces
    judge: Callable[[HeldLock, datetime], JudgementT]
    """Returns the verdict on the holder at a time."""
    require: Callable[[HeldLock, JudgementT], None]
    """Raises Refused where the verdict does not allow the removal."""
    grounds: Callable[[JudgementT], Grounds]
    """Returns the verdict as it is recorded."""
    reading: Callable[[HeldLock], Reading[RepositoryLock]]
    """Returns the content as it is recorded."""
    after: Callable[[HeldLock], tuple[str, ...]] = lambda held: ()
    """Returns complaints after the removal."""
    final: bool = False
    """Whether it is removed even where the file system could not give it its name back."""
    without_undo: str | None = None
    """The hint in the error if the name could not be given back and ``final`` is not set."""


class Removed(Struct, Generic[JudgementT], frozen=True):
    """A lock that was removed."""

    reading: Reading[RepositoryLock]
    judged: JudgementT
    aside: ReleasedLock
    """Where the lock file is now."""
    at: datetime
    complaints: tuple[str, ...]


def remove_lock(
    rules: RemovalRules[JudgementT],
    path: str,
    fingerprint: str,
    actor: Actor,
    clock: Callable[[], datetime],
    audit: Audit | None = None,
    token: str | None = None,
) -> Removed[JudgementT]:
    """Remove the lock at ``path`` while it is the version with ``fingerprint`` and its rules allow that.

    ``token`` is the id of the act's records, eight hex digits; by default random ones.

    Raises Changed where the lock is gone or was replaced; Refused; Overlap where a fresh lock was moved and could not
    be put back; Unwritable. Nothing was done then, except after Overlap. A removal that cannot be recorded in the audit
    is not done.
    """
    at, base = clock(), rules.places.base
    with _held(base, path, fingerprint) as held:
        aside = named_aside(path, at, token or secrets.token_hex(4))
        record = lock_trail(rules.places, audit, actor, clock, "lock-release", aside.token)
        judged, reading = rules.judge(held, at), rules.reading(held)
        intent = intent_fields(aside, reading, held.raw, rules.grounds(judged), held.fingerprint)
        record.intend(aside.lock, intent)
        with record.failures():
            judged = rules.judge(held, clock())
            rules.require(held, judged)
            try:
                kept = set_lock_aside(held, aside, final=rules.final)
            except NoWayBack as error:
                why = f"a release cannot be undone here: {error}"
                raise Refused(why, hint=rules.without_undo) from error
        done = record.done(*event_of("lock-release", kept, reading, rules.grounds(judged)), kept.path)
        complaints = (*done, *_sweep(rules.places, at), *rules.after(held))
    return Removed(reading, judged, kept, at, complaints)


def lock_trail(
    places: LockPlaces,
    audit: Audit | None,
    actor: Actor,
    clock: Callable[[], datetime],
    act: LockAct,
    token: str,
) -> AuditTrail:
    """Return the record of an act on a lock, with the id ``token``; a stock gateway has no dispatcher's log."""
    has_dispatcher = not places.is_gateway
    return AuditTrail(places.base, audit or Audit(), actor, clock, act, token, has_dispatcher=has_dispatcher)


@contextmanager
def _held(base: Path, path: str, fingerprint: str) -> Iterator[HeldLock]:
    """Yield the lock while it is the version with ``fingerprint``."""
    try:
        with hold_anything(base, path) as held:
            if held.fingerprint != fingerprint:
                raise Changed(f"{path} is another lock by now; nothing was done")
            yield held
    except (FileNotFoundError, NoSuch) as error:
        raise Changed(f"{path} is gone by now; nothing was done") from error
    except Unreadable as error:
        raise Refused(f"{error.reason}; nothing was done", path) from error


def _sweep(places: LockPlaces, now: datetime) -> tuple[str, ...]:
    try:
        sweep_set_aside(places.base, now - KEPT, places.directories)
    except ClawtuiError as error:
        return (f"what was set aside more than a day ago could not be swept: {error}",)
    return ()

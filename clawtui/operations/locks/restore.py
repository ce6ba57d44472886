"""The restore of a released lock, unless it is locked again (contract: step 7); also one of a stock gateway."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from clawtui.model.documents.audit import Actor
from clawtui.model.documents.lock import RepositoryLock, flat_lock_name, nested_lock_name, normalize_repo_key
from clawtui.model.errors import Changed, NoSuch, Refused
from clawtui.model.fleet import Reading
from clawtui.model.liveness.consent import key_of
from clawtui.operations.evidence.processes import may_be_there
from clawtui.operations.locks.lock_places import lock_places
from clawtui.operations.locks.removal import lock_trail
from clawtui.storage.locks.audit_fields import event_of, intent_fields
from clawtui.storage.locks.capture import capture
from clawtui.storage.locks.released_locks import (
    KEPT,
    ReleasedLock,
    has_its_name,
    list_set_aside,
    put_back,
)
from clawtui.storage.paths import LOCKS, StatePaths
from clawtui.storage.user.audit import Audit

AT_WORK = timedelta(seconds=10)
"""Longer than a live process takes between two steps of a release, which are microseconds apart."""


class Restorable(Struct, frozen=True):
    """A lock that is set aside."""

    aside: ReleasedLock
    reading: Reading[RepositoryLock]
    """Its content; the path is the one that it had. A lock of a stock gateway has no repository in it."""
    holder: str
    """Its holder in words."""

    @property
    def key(self) -> str:
        """The name of the lock in a command."""
        return key_of(self.reading)


class Restored(Struct, frozen=True):
    """A lock that was restored."""

    reading: Reading[RepositoryLock]
    aside: ReleasedLock
    complaints: tuple[str, ...]
    """Records that could not be written, one line each."""

    @property
    def key(self) -> str:
        """The name of the lock in a command."""
        return key_of(self.reading)


def restorable(paths: StatePaths, now: datetime) -> tuple[Restorable, ...]:
    """Return the locks that can be restored, newest first: of releases within a day, and of killed processes."""
    places = lock_places(paths)
    base = places.base
    found = []
    for aside in reversed(list_set_aside(base, places.directories)):
        offered = now - aside.at <= KEPT if aside.released else not may_go_on(aside.pid, aside.at, now, base)
        if offered and not has_its_name(base, aside) and (captured := capture(base, aside.path)) is not None:
            reading = replace(captured.reading, path=aside.lock)
            if places.is_gateway:  # its fields are not those of a repository lock
                reading = replace(reading, value=None)
            found.append(Restorable(aside, reading, places.holder(aside.path, captured.reading)))
    return tuple(found)


def may_go_on(pid: int, since: datetime, now: datetime, base: Path) -> bool:
    """Return whether a process of clawtui that worked in ``base`` at ``since`` may be about to take its next step."""
    return abs(now - since) <= AT_WORK and may_be_there(pid, base)


def find_restorable(paths: StatePaths, key: str | None, now: datetime) -> Restorable:
    """Return the lock that ``restore`` would restore.

    Raises NoSuch where there is none, Refused where several are possible.
    """
    found = restorable(paths, now)
    if key is None:
        return _only(found)
    base = f"{os.path.realpath(lock_places(paths).base)}/"
    named = os.path.realpath(key).removeprefix(base) if key.startswith("/") else key
    matching = [each for each in found if _is_meant(each, named)]
    if not matching:
        raise NoSuch(f"nothing is set aside that is called “{key}”: what is released is kept for a day")
    return matching[0]


def restore(
    paths: StatePaths,
    key: str | None,
    actor: Actor,
    clock: Callable[[], datetime],
    *,
    audit: Audit | None = None,
    token: str | None = None,
) -> Restored:
    """Restore a lock that was set aside; an existing lock is never overwritten.

    ``key`` is a repo key, a repository address, the path that the lock had or has now, or the ``token`` of a
    ``ReleasedLock``; of several matches the newest is restored. None means the only lock that is set aside. ``token``
    is the id of the act's records, eight hex digits; by default random ones.

    Raises NoSuch; Refused where the repository is locked again or several are possible; Changed where it is gone by
    now; Unwritable. Nothing was done then.
    """
    meant, places = find_restorable(paths, key, clock()), lock_places(paths)
    act = replace(meant.aside, token=token or secrets.token_hex(4))
    record = lock_trail(places, audit, actor, clock, "lock-restore", act.token)
    record.intend(act.lock, intent_fields(act, meant.reading, None))
    with record.failures():
        require_free(paths, meant)
        try:
            put_back(places.base, meant.aside)
        except FileExistsError:
            require_free(paths, meant)
            raise Changed(f"{meant.aside.lock} was taken for an instant; nothing was done", hint="Try again.") from None
        except NoSuch as error:
            raise Changed(f"{meant.aside.path} is gone by now; nothing was done") from error
    complaints = record.done(*event_of("lock-restore", meant.aside, meant.reading), meant.aside.path)
    return Restored(meant.reading, meant.aside, complaints)


def require_free(paths: StatePaths, meant: Restorable) -> None:
    """Raise Refused, with the holder, where it is locked again."""
    holder = lock_places(paths).blocking(meant.aside.lock, meant.reading)
    if holder is not None:
        raise Refused(
            f"{meant.key} is locked again, by {holder}; nothing was done\n"
            f"The lock that was set aside stays where it is: {meant.aside.path}"
        )


def _only(found: Sequence[Restorable]) -> Restorable:
    if not found:
        raise NoSuch("nothing is set aside: what is released is kept for a day")
    if len(found) > 1:
        keys = ", ".join(dict.fromkeys(each.key for each in found))
        raise Refused(f"{len(found)} locks are set aside; nothing was done", hint=f"Name one of them: {keys}")
    return found[0]


def _is_meant(each: Restorable, key: str) -> bool:
    if key in (each.aside.token, each.aside.lock, each.aside.path, each.key):
        return True
    if key in {path.removeprefix(f"{LOCKS}/") for path in (each.aside.lock, each.aside.path)}:
        return True
    lock, repo_key = each.reading.value, normalize_repo_key(key)
    if lock is not None:
        return lock.repo_key == repo_key
    return each.aside.lock in (f"{LOCKS}/{flat_lock_name(repo_key)}", f"{LOCKS}/{nested_lock_name(repo_key)}")

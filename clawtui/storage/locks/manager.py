"""Repository locks, ``locks/*.lock`` (design: Lock Manager; errata 3, 8, 9, 10)."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import ValidationError

from clawtui.files.fs.atomic import create_exclusive
from clawtui.files.fs.reading import list_directory
from clawtui.files.json5.dialect import JSON
from clawtui.files.json5.serialize import render, to_plain
from clawtui.model.documents.audit import Actor
from clawtui.model.documents.base import Problem
from clawtui.model.documents.lock import LOCK_SUFFIX, RepositoryLock, flat_lock_name, normalize_repo_key
from clawtui.model.documents.validation_text import explain
from clawtui.model.errors import Changed, Invalid, NoSuch, Refused, StorageError, Unreadable
from clawtui.model.fleet import Reading
from clawtui.model.paths import is_plain_component
from clawtui.model.text.units import format_timestamp
from clawtui.storage.locks.expired_lock import TakenBack, take_back
from clawtui.storage.locks.lock_file import Overlap, hold, read_lock
from clawtui.storage.paths import LOCKS, StatePaths
from clawtui.storage.stores.dispatcher import DispatcherStore
from clawtui.storage.user.audit import Audit


class RepositoryLockManager:
    """Acquires, releases, finds and lists the locks of one state directory."""

    def __init__(self, paths: StatePaths) -> None:
        self._paths = paths

    def acquire(
        self,
        repo_url: str,
        automation_id: str,
        session_id: str,
        *,
        now: datetime,
        pid: int,
        hostname: str,
        timeout: timedelta | None = None,
        actor: Actor | None = None,
        audit: Audit | None = None,
        on_taken_back: Callable[[TakenBack], None] | None = None,
        extra: Mapping[str, object] | None = None,
    ) -> RepositoryLock | None:
        """Takes the lock of a repository; None where it is locked, and ``get`` tells by whom or what.

        Of all who try at once exactly one gets it, and it is complete from its first instant (errata 9). A lock older
        than ``timeout`` is taken back (errata 8): it is set aside, to be restored, ``audit`` has it with ``actor``, by
        default the user's own and the automation, and so has the dispatcher's log; ``on_taken_back`` is called with
        it. Without a ``timeout`` the dispatcher's configuration says how old, and where that cannot be read, nothing
        is taken back. A lock that a process keeps open (``keep_open``) is not taken back, however old it is.
        ``extra`` are keys that the lock has beside those of the design: they tell more about its holder.

        Whatever else has one of the repository's two names counts as its lock: another repository's, or something that
        cannot be read (errata 3). Raises Refused, Invalid, Unwritable, and Overlap, where the lock of a gateway that
        came at the same instant could not be put back.
        """
        lock = _new_lock(repo_url, automation_id, session_id, now, pid, hostname, extra or {})
        limit = timeout if timeout is not None else DispatcherStore(self._paths).lock_timeout()
        who = actor or Actor(user=f"{automation_id} (uid {os.geteuid()})", pid=pid, hostname=hostname)
        flat, *nested = _places(lock.repo_key)
        for place in (flat, *nested):
            taken = self._take_back(place, lock.repo_key, now, limit, who, audit)
            if taken is not None and on_taken_back is not None:
                on_taken_back(taken)
            if taken is None and not self._is_free(place):
                return None
        try:
            create_exclusive(self._base, flat, render(to_plain(lock), JSON).encode())
        except FileExistsError:
            return None
        if any(read_lock(self._base, place) for place in nested):
            self.release(lock)
            return None
        return lock

    def keep_open(self, lock: RepositoryLock) -> int | None:
        """Return a descriptor of the lock's file, by which it counts as held while any process has that open.

        ``open_lock.let_go`` ends that. None where it is another lock by now, or the system has no such locks.
        """
        for place in _places(lock.repo_key):
            with suppress(FileNotFoundError, StorageError), hold(self._base, place) as held:
                if _identity(held.value()) == _identity(lock):
                    return held.keep_open()
        return None

    def release(self, lock: RepositoryLock) -> bool:
        """Removes the lock while it is still the same one, and no other (errata 10); whether it did.

        Raises Refused, Unwritable, and Overlap as ``acquire`` does.
        """
        return any(self._release_at(place, lock) for place in _places(lock.repo_key))

    def is_locked(self, repo_url: str) -> bool:
        """Whether anything has one of the names of the repository's lock, expired or not. Raises Refused."""
        return self.get(repo_url) is not None

    def get(self, repo_url: str) -> Reading[RepositoryLock] | None:
        """What locks a repository. Where its ``repo_key`` is of another one, that one has the name (errata 3).

        Raises Refused where the address makes no plain name.
        """
        key = normalize_repo_key(repo_url)
        readings = [reading for place in _places(key) if (reading := read_lock(self._base, place))]
        own = [reading for reading in readings if reading.value and reading.value.repo_key == key]
        return next(iter(own or readings), None)

    def list_locks(self) -> Mapping[str, Reading[RepositoryLock]]:
        """All locks, flat and nested at any depth, by path relative to ``automations/``, sorted.

        Links, which could hide locks, and directories that cannot be read are among them as problems. Directories
        are gone into, but for one whose name ends in ``.lock`` there is a problem too.
        """
        found: dict[str, Reading[RepositoryLock]] = {}
        waiting = [LOCKS]
        while waiting:
            directory = waiting.pop()
            try:
                entries = list_directory(self._base, directory)
            except FileNotFoundError:
                continue
            except Unreadable as error:
                found[directory] = Reading(directory, None, Problem(directory, str(error)), None)
                continue
            for name, kind in entries:
                path = f"{directory}/{name}"
                if kind == "directory":
                    waiting.append(path)
                if (name.endswith(LOCK_SUFFIX) or kind == "link") and (reading := read_lock(self._base, path)):
                    found[path] = reading
        return dict(sorted(found.items()))

    def _take_back(
        self, place: str, repo_key: str, now: datetime, timeout: timedelta | None, actor: Actor, audit: Audit | None
    ) -> TakenBack | None:
        """Take back the lock at ``place`` where it is this repository's and has expired; None where it was not."""
        try:
            with hold(self._base, place) as held:
                lock = held.value()
                if timeout is None or lock.repo_key != repo_key or not lock.expired(now, timeout):
                    return None
                if held.is_kept_open():
                    return None
                if lock.not_understood:  # it is locked, and by whom and since when is for an operator to judge
                    return None
                return take_back(self._paths, held, now=now, timeout=timeout, actor=actor, audit=audit)
        except Overlap:
            raise
        except (FileNotFoundError, NoSuch, Changed, Unreadable):
            return None

    def _is_free(self, place: str) -> bool:
        """Return whether nothing has the name: what cannot be read has it."""
        return read_lock(self._base, place) is None

    def _release_at(self, place: str, lock: RepositoryLock) -> bool:
        try:
            with hold(self._base, place) as held:
                if _identity(held.value()) != _identity(lock):
                    return False
                held.remove()
        except Overlap:
            raise
        except (FileNotFoundError, NoSuch, Changed, Unreadable):
            return False
        return True

    @property
    def _base(self) -> Path:
        return self._paths.automations


def _new_lock(
    repo_url: str,
    automation_id: str,
    session_id: str,
    now: datetime,
    pid: int,
    hostname: str,
    extra: Mapping[str, object],
) -> RepositoryLock:
    if not is_plain_component(automation_id):
        raise Refused(f"“{automation_id}” is no id of an automation: it must be one plain name")
    try:
        return RepositoryLock(
            repo_url=repo_url,
            repo_key=normalize_repo_key(repo_url),
            automation_id=automation_id,
            session_id=session_id,
            acquired_at=now.replace(microsecond=now.microsecond // 1000 * 1000),
            pid=pid,
            hostname=hostname,
            lock_type="repository",
            **dict(extra),
        )
    except ValidationError as error:
        raise Invalid(explain(error)) from error


def _places(repo_key: str) -> tuple[str, ...]:
    """The names that a key's lock can have: the flat one, which is written, and the nested one, which is read."""
    flat = flat_lock_name(repo_key)
    if not repo_key or not is_plain_component(flat):
        raise Refused(f"“{repo_key}” makes no plain name of a lock")
    nested = f"{repo_key}{LOCK_SUFFIX}"
    steps = nested.split("/")
    if len(steps) == 1 or not all(map(is_plain_component, steps)):
        return (f"{LOCKS}/{flat}",)
    return (f"{LOCKS}/{flat}", f"{LOCKS}/{nested}")


def _identity(lock: RepositoryLock) -> tuple[object, ...]:
    """What tells one acquisition from the next, as precisely as it stands on disk."""
    acquired_at = format_timestamp(lock.acquired_at)
    return (lock.repo_key, lock.automation_id, lock.session_id, acquired_at, lock.pid, lock.hostname)

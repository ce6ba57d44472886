"""Repository locks, ``locks/*.lock`` (design: Lock Manager; errata 3, 8, 9, 10)."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from clawtui.files.fs.atomic import create_exclusive
from clawtui.files.fs.reading import list_directory
from clawtui.files.json5.dialect import JSON
from clawtui.files.json5.serialize import render, to_plain
from clawtui.model.documents.audit import Actor
from clawtui.model.documents.base import Problem
from clawtui.model.documents.lock import RepositoryLock, normalize_repo_key
from clawtui.model.errors import Changed, ClawtuiError, NoSuch, Refused, Unreadable
from clawtui.model.fleet import Reading
from clawtui.model.paths import LOCK_SUFFIX
from clawtui.storage.locks.acquisition import identity_of, lock_paths, new_lock
from clawtui.storage.locks.aside_names import parse_aside_name
from clawtui.storage.locks.expired_lock import TakenBack, take_back, take_by_force
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
        """Take the lock of a repository. Of several processes that try at the same time exactly one gets it (errata 9).

        Args:
            repo_url: The address of the repository, in any form.
            automation_id, session_id: The automation that runs, and its session.
            now: The time at which it is taken.
            pid, hostname: The process that holds it, and its host.
            timeout: The age from which another's lock is taken back (errata 8), as ``take_back`` does; None for that of
                the dispatcher's configuration. If that cannot be read, or a process keeps the lock open, it stays.
            actor, audit: The actor who takes it back, and the audit; by default this account, and the user's own audit.
            on_taken_back: Called with each lock that was taken back.
            extra: Further keys of the lock, which describe its holder.

        Returns:
            The lock; None if a file has one of the two names of the repository's lock (errata 3); ``get`` returns it.

        Raises:
            Refused: The address or the id gives no plain name, or a lock may not be written.
            Invalid: The schema forbids the lock.
            Overlap: The lock that a gateway took at the same instant could not be put back.
            Unwritable: The system could not write.
        """
        lock = new_lock(repo_url, automation_id, session_id, now, pid, hostname, extra or {})
        limit = timeout if timeout is not None else DispatcherStore(self._paths).lock_timeout()
        who = actor or Actor(user=f"{automation_id} (uid {os.geteuid()})", pid=pid, hostname=hostname)
        flat, *nested = lock_paths(lock.repo_key)
        for place in (flat, *nested):
            taken = self._take_back(place, lock.repo_key, now, limit, who, audit)
            if taken is not None and on_taken_back is not None:
                on_taken_back(taken)
            if taken is None and read_lock(self._base, place) is not None:
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
        """Return a descriptor of the lock's file; the lock counts as held while any process has that open.

        ``open_lock.let_go`` ends that. None if it is another lock by now, or the system has no such locks.
        """
        for place in lock_paths(lock.repo_key):
            with suppress(FileNotFoundError, ClawtuiError), hold(self._base, place) as held:
                if identity_of(held.value()) == identity_of(lock):
                    return held.keep_open()
        return None

    def release(self, lock: RepositoryLock) -> bool:
        """Remove the lock while it is still the same one, and no other (errata 10). Returns whether it was removed.

        Raises:
            Refused: It may not be removed.
            Overlap: As for ``acquire``.
            Unwritable: The system could not remove it.
        """
        return any(self._release_at(place, lock) for place in lock_paths(lock.repo_key))

    def force_release(
        self,
        repo_url: str,
        *,
        audit: Audit,
        actor: Actor,
        now: datetime,
        expected: RepositoryLock | None = None,
    ) -> TakenBack | None:
        """Release the lock of a repository for any holder (design: forceRelease).

        The file is not removed: exactly the lock that was read is set aside, from where it can be restored for a day,
        and the intent is in the audit before that. This does not judge whether the holder is alive: a run whose lock is
        taken away may lose its clone to the next one. ``clawtui lock release`` judges the holder.

        Args:
            repo_url: The address of the repository, in any form.
            audit: The audit in which the act is recorded: ``Audit()`` is the user's own.
            actor: The actor who releases it.
            now: The time of the release, with its zone.
            expected: Release only this lock, as ``get`` returned it.

        Returns:
            The lock and where it is set aside; None if the repository is not locked.

        Raises:
            Changed: It is another lock than ``expected``, or became another one in the meantime.
            Refused: A process keeps the lock open; the file with the name is the lock of another repository or cannot
                be read; the release cannot be recorded, or could not be undone on this file system.
            Overlap: Another lock was taken at the same instant and could not be given its name back.
            Unwritable: The system could not write.

        Example:
            >>> lock = state.locks.acquire(
            ...     "git@github.com:user/repo.git", "sync-main", "cron:1", now=now, pid=4711, hostname="gateway"
            ... )
            >>> me = Actor(user="alice", pid=4712, hostname="gateway")
            >>> released = state.locks.force_release(lock.repo_url, audit=Audit(), actor=me, now=now, expected=lock)
            >>> released.lock.session_id, state.locks.is_locked(lock.repo_url)
            ('cron:1', False)
        """
        standing = self.get(repo_url)
        if standing is None:
            return None
        try:
            with hold(self._base, standing.path) as held:
                key = normalize_repo_key(repo_url)
                return take_by_force(self._paths, held, key, expected, now=now, actor=actor, audit=audit)
        except (FileNotFoundError, NoSuch):
            return None
        except Unreadable as error:
            raise Refused(f"{error.reason}; nothing was done", standing.path) from error

    def is_locked(self, repo_url: str) -> bool:
        """Return whether a file has one of the names of the repository's lock, expired or not. Raises Refused."""
        return self.get(repo_url) is not None

    def get(self, repo_url: str) -> Reading[RepositoryLock] | None:
        """Return the lock of a repository, or the problem with its file; None if it is not locked.

        If its ``repo_key`` is that of another repository, that repository's lock has the name (errata 3). Raises
        Refused if the address gives no plain name.
        """
        key = normalize_repo_key(repo_url)
        readings = [reading for place in lock_paths(key) if (reading := read_lock(self._base, place))]
        own = [reading for reading in readings if reading.value and reading.value.repo_key == key]
        return next(iter(own or readings), None)

    def list_locks(self) -> Mapping[str, Reading[RepositoryLock]]:
        """Return all locks, flat and nested at any depth, by path relative to ``automations/``, sorted.

        Links, which could hide locks, and directories that cannot be read are included as problems. So is a directory
        whose name ends in ``.lock``; the locks in it are listed as well.
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
                found[directory] = Reading(directory, None, Problem(directory, error.reason), None)
                continue
            for name, kind in entries:
                path = f"{directory}/{name}"
                if kind == "directory":
                    waiting.append(path)
                is_link = kind == "link" and parse_aside_name(name) is None  # a released link is no lock any more
                if (name.endswith(LOCK_SUFFIX) or is_link) and (reading := read_lock(self._base, path)):
                    found[path] = reading
        return dict(sorted(found.items()))

    def _take_back(
        self, place: str, repo_key: str, now: datetime, timeout: timedelta | None, actor: Actor, audit: Audit | None
    ) -> TakenBack | None:
        """Take back the lock at ``place`` if it is this repository's and has expired; else return None."""
        try:
            with hold(self._base, place) as held:
                lock = held.value()
                if timeout is None or lock.repo_key != repo_key or not lock.expired(now, timeout):
                    return None
                if held.is_kept_open():
                    return None
                if lock.invalid_fields:  # it is locked; an operator must judge the holder and the age
                    return None
                return take_back(self._paths, held, now=now, timeout=timeout, actor=actor, audit=audit)
        except Overlap:
            raise
        except (FileNotFoundError, NoSuch, Changed, Unreadable):
            return None

    def _release_at(self, place: str, lock: RepositoryLock) -> bool:
        try:
            with hold(self._base, place) as held:
                if identity_of(held.value()) != identity_of(lock):
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

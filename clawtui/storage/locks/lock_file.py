"""One lock file: read within bounds, and moved or removed only while it is the one that was read (errata 9, 10)."""

from __future__ import annotations

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from clawtui.files.fs.atomic import plain_errors
from clawtui.files.fs.reading import LIST, directory_at, open_regular, reason_of, stamp_of, steps_of
from clawtui.files.fs.renameat2 import link_back, rename_aside, rename_noreplace
from clawtui.files.fs.temp_files import temp_file
from clawtui.files.json5.document import parse_document, read_document
from clawtui.model.documents.base import Problem, Stamp
from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.errors import Changed, ClawtuiError, Unreadable
from clawtui.model.fleet import Reading
from clawtui.storage.locks.aside_names import aside_name, note_name
from clawtui.storage.locks.open_lock import is_kept_open, keep_open

MAX_LOCK = 64 * 1024
"""The most bytes of a lock that are read; a longer file is not a lock."""

_PIN = getattr(os, "O_PATH", os.O_RDONLY | os.O_NONBLOCK) | os.O_NOFOLLOW | os.O_CLOEXEC
"""Opens anything without an effect on it: a link itself, a FIFO, a file that may not be read."""


class Overlap(Changed):
    """A new lock was moved aside and could not be put back before another one was taken: two runs may overlap."""


def read_lock(base: Path, relative: str) -> Reading[RepositoryLock] | None:
    """Return the lock at ``relative``, or the problem with the file; None if there is none. Never waits."""
    return read_document(base, relative, RepositoryLock, MAX_LOCK)


class HeldLock:
    """A lock file that is kept open while it is judged, so that no other file can get its inode."""

    def __init__(self, directory: int, descriptor: int, relative: str, unread: Unreadable | None = None) -> None:
        """Hold the file that ``descriptor`` has open, called ``relative`` and in ``directory``.

        ``unread`` is the reason why its content cannot be read; it is held anyway.
        """
        self._directory = directory
        self._descriptor = descriptor
        self._relative = relative
        self._name = relative.rpartition("/")[2]
        self._unread = unread
        self._stamp = stamp_of(os.fstat(descriptor))
        self._data = self._content()

    @property
    def fingerprint(self) -> str:
        """The fingerprint that ``capture`` gives of the same version."""
        return fingerprint_of(self._stamp, self.raw or b"")

    @property
    def raw(self) -> bytes | None:
        """The complete content; None if it could not be read."""
        return None if self._unread or len(self._data) > MAX_LOCK else self._data

    def value(self) -> RepositoryLock:
        """Return the lock. Raises Unreadable if the file is not a lock."""
        if self._unread is not None:
            raise self._unread
        if len(self._data) > MAX_LOCK:
            raise Unreadable(f"is {self._stamp.size:,} bytes, more than the {MAX_LOCK:,} that are read")
        return parse_document(self._data, RepositoryLock)

    def reading(self) -> Reading[RepositoryLock]:
        """Return the lock, or the problem with the file."""
        try:
            return Reading(self._relative, self.value(), None, self._stamp)
        except ClawtuiError as error:
            return Reading(self._relative, None, Problem(self._relative, error.reason), self._stamp)

    def keep_open(self) -> int | None:
        """Return a descriptor of the lock as ``open_lock.keep_open`` does."""
        return keep_open(self._descriptor)

    def is_kept_open(self) -> bool:
        """Return whether a process that its holder started keeps it open, so that it is certainly held."""
        return is_kept_open(self._descriptor)

    def remove(self) -> None:
        """Remove the lock and no other. Raises as ``set_aside`` does."""
        aside = aside_name(self._name, f"{os.getpid()}.{os.urandom(4).hex()}", ".aside")
        self.set_aside(aside)
        with plain_errors(self._relative):
            os.unlink(aside, dir_fd=self._directory)
            self._remove_note(aside)

    def set_aside(self, name: str, *, final: bool = False) -> None:
        """Rename the lock to ``name``, an ``aside_name`` of it, which must be free.

        The renamed file is compared with the one that was read. If it is another file it is put back, which never
        overwrites, and Changed is raised. If that is not possible, because a third lock has the name, it stays under
        ``name`` and Overlap is raised. Raises NoWayBack before anything is moved if the lock could not get its name
        back, unless ``final``; Refused; Unwritable.
        """
        with plain_errors(self._relative):
            self._claim()
            self._require_under(self._name)
            self._require_empty()
            self._write_note(name)
            try:
                rename_aside(self._directory, self._name, name, final=final)
            except (OSError, ClawtuiError):
                self._remove_note(name)
                raise
            try:
                self._require_under(name)
            except Changed:
                self._put_back(name)
                self._remove_note(name)
                raise

    def rename_aside(self, name: str, new: str) -> None:
        """Rename the lock that was set aside as ``name`` to ``new``, in the same directory.

        If that fails, the lock gets its own name back, unless another one has it by now. Raises Refused, Unwritable.
        """
        with plain_errors(self._relative):
            try:
                os.rename(name, new, src_dir_fd=self._directory, dst_dir_fd=self._directory)
            except OSError:
                with suppress(OSError):  # it stays aside, where the operator is shown it
                    link_back(self._directory, name, self._name)
                raise

    def _write_note(self, aside: str) -> None:
        """Write the lock's name to a note if ``aside`` does not contain it, so that it is known after a crash."""
        if aside.startswith(f"{self._name}."):
            return
        note = note_name(aside)
        with temp_file(self._directory, note, os.fsencode(self._name)) as new:
            rename_noreplace(self._directory, new.name, note)

    def _remove_note(self, aside: str) -> None:
        if not aside.startswith(f"{self._name}."):
            with suppress(OSError):  # a note without a lock is swept
                os.unlink(note_name(aside), dir_fd=self._directory)

    def _content(self) -> bytes:
        return b"" if self._unread else os.pread(self._descriptor, MAX_LOCK + 1, 0)

    def _claim(self) -> None:
        """Prevent other processes of clawtui from moving the lock at the same time; the gateway is not prevented."""
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Changed(f"{self._relative} is just being removed by another process") from None
        except OSError:  # a file system without such locks, or no regular file: the moved file is verified anyway
            return

    def _require_under(self, name: str) -> None:
        try:
            there = os.stat(name, dir_fd=self._directory, follow_symlinks=False)
        except FileNotFoundError:
            raise Changed(f"{self._relative} is gone by now; nothing was done") from None
        if stamp_of(there) != self._stamp or self._content() != self._data:
            raise Changed(f"{self._relative} is another lock by now; nothing was done")

    def _require_empty(self) -> None:
        """Raise Unreadable if it is a directory that is not empty, as it may contain a lock."""
        if stat.S_ISDIR(os.fstat(self._descriptor).st_mode):
            directory = os.open(self._name, LIST, dir_fd=self._directory)
            try:
                with os.scandir(directory) as entries:
                    if any(entries):
                        raise Unreadable("is a directory that is not empty; look into it, and move it by hand")
            finally:
                os.close(directory)

    def _put_back(self, aside: str) -> None:
        try:
            link_back(self._directory, aside, self._name)
        except FileExistsError:
            raise Overlap(
                f"{self._relative}: a fresh lock was moved aside, and another came before it could go back. "
                f"Two runs may overlap on this repository; the first one's lock is now {aside}"
            ) from None
        except OSError as error:
            raise Overlap(
                f"{self._relative}: a fresh lock was moved aside, and cannot go back: {reason_of(error)}. "
                f"Until it does, two runs may overlap on this repository; the lock is now {aside}"
            ) from error


@contextmanager
def hold(base: Path, relative: str) -> Iterator[HeldLock]:
    """Hold the lock at ``relative`` for the length of a ``with``. Raises FileNotFoundError, Unreadable."""
    with directory_at(base, "/".join(steps_of(relative)[:-1])) as directory:
        descriptor = open_regular(base, relative)
        try:
            yield HeldLock(directory, descriptor, relative)
        finally:
            os.close(descriptor)


@contextmanager
def hold_anything(base: Path, relative: str) -> Iterator[HeldLock]:
    """Hold the file of any kind with a lock's name: also a link, a FIFO, a directory, or one that may not be read.

    Raises FileNotFoundError; Unreadable if it cannot be reached; Refused if ``relative`` could leave ``base``.
    """
    *parents, name = steps_of(relative)
    with directory_at(base, "/".join(parents)) as directory:
        unread = None
        try:
            descriptor = open_regular(base, relative)
        except Unreadable as error:
            unread = error
            descriptor = _pin(directory, name)
        try:
            yield HeldLock(directory, descriptor, relative, unread)
        finally:
            os.close(descriptor)


def _pin(directory: int, name: str) -> int:
    try:
        return os.open(name, _PIN, dir_fd=directory)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise Unreadable(reason_of(error)) from error


def fingerprint_of(stamp: Stamp, data: bytes) -> str:
    """Return a text that differs if device, inode, size, mtime or content differ; it is only used for comparison.

    ``data`` is empty for a file that is not read: a link, a directory, one that is too long or may not be opened.
    """
    import hashlib  # it loads OpenSSL

    content = hashlib.sha256(data).hexdigest()
    return hashlib.sha256(":".join([*map(str, stamp), content]).encode()).hexdigest()[:24]

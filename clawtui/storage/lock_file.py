"""One lock file: read within bounds, and removed only while it is the one that was read (errata 9, 10)."""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from clawtui.model.fleet import Reading
from clawtui.model.lock import RepositoryLock
from clawtui.storage.atomic import plain_errors
from clawtui.storage.document import parse_document, read_document
from clawtui.storage.errors import Changed, Unreadable
from clawtui.storage.files import directory_at, open_regular, steps_of

MAX_LOCK = 64 * 1024
"""Bytes of a lock that are ever read; what is longer is none."""


class Overlap(Changed):
    """A fresh lock was moved aside, and could not go back before another one came: two runs may overlap."""


def read_lock(base: Path, relative: str) -> Reading[RepositoryLock] | None:
    """The lock at ``relative``, or the problem with what is there; None where nothing is. It never waits."""
    return read_document(base, relative, RepositoryLock, MAX_LOCK)


class HeldLock:
    """A lock file that is kept open while it is judged: nobody can get its inode meanwhile."""

    def __init__(self, directory: int, descriptor: int, relative: str) -> None:
        self._directory = directory
        self._descriptor = descriptor
        self._relative = relative
        self._name = relative.rpartition("/")[2]
        self._data = os.pread(descriptor, MAX_LOCK + 1, 0)

    def value(self) -> RepositoryLock:
        """What it says. Raises Unreadable where that is no lock."""
        if len(self._data) > MAX_LOCK:
            raise Unreadable(f"is more than the {MAX_LOCK:,} bytes that are read")
        return parse_document(self._data, RepositoryLock)

    def remove(self) -> None:
        """Removes the lock and no other. Raises as ``set_aside`` does."""
        aside = f"{self._name}.{os.getpid()}.{secrets.token_hex(4)}.aside"
        self.set_aside(aside)
        with plain_errors(self._relative):
            os.unlink(aside, dir_fd=self._directory)

    def set_aside(self, name: str) -> None:
        """Renames the lock to ``name`` beside it, which must be free and not end in ``.lock``.

        What has the name in that instant is looked at again under its new one. Where it is not the lock that was
        read it is linked back, which never overwrites, and Changed is raised. Where that is not possible, because
        yet another lock has come, it stays under ``name`` and Overlap is raised. Raises Refused and Unwritable too.
        """
        with plain_errors(self._relative):
            self._claim()
            self._require_under(self._name)
            os.rename(self._name, name, src_dir_fd=self._directory, dst_dir_fd=self._directory)
            try:
                self._require_under(name)
            except Changed:
                self._put_back(name)
                raise

    def _claim(self) -> None:
        """Keeps our own processes from moving one lock at the same time; the gateway knows no such claims."""
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Changed(f"{self._relative} is just being removed by another process") from None
        except OSError:  # a file system without such locks: what is moved is looked at all the same
            return

    def _require_under(self, name: str) -> None:
        ours = os.fstat(self._descriptor)
        try:
            there = os.stat(name, dir_fd=self._directory, follow_symlinks=False)
        except FileNotFoundError:
            raise Changed(f"{self._relative} is gone by now; nothing was done") from None
        unchanged = os.pread(self._descriptor, MAX_LOCK + 1, 0) == self._data
        if (there.st_dev, there.st_ino) != (ours.st_dev, ours.st_ino) or not unchanged:
            raise Changed(f"{self._relative} is another lock by now; nothing was done")

    def _put_back(self, aside: str) -> None:
        try:
            os.link(aside, self._name, src_dir_fd=self._directory, dst_dir_fd=self._directory, follow_symlinks=False)
        except FileExistsError:
            raise Overlap(
                f"{self._relative}: a fresh lock was moved aside, and another came before it could go back. "
                f"Two runs may overlap on this repository; the first one's lock is now {aside}"
            ) from None
        os.unlink(aside, dir_fd=self._directory)


@contextmanager
def hold(base: Path, relative: str) -> Iterator[HeldLock]:
    """The lock at ``relative``, held for the length of a ``with``. Raises FileNotFoundError, Unreadable."""
    with directory_at(base, "/".join(steps_of(relative)[:-1])) as directory:
        descriptor = open_regular(base, relative)
        try:
            yield HeldLock(directory, descriptor, relative)
        finally:
            os.close(descriptor)

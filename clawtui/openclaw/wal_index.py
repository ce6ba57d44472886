"""The headers of the indexes of write-ahead logs, which change with each commit.

A writer appends the pages of a transaction to the ``-wal`` file, waits until the disk has them if it is set to do so,
and then commits in the index, the ``-shm`` file. It writes to the index through memory, so neither an event of the
kernel nor a new modification time shows the commit. Readers see it from then on, and not before.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Collection
from typing import NamedTuple

_HEADER = 96
"""The bytes of both copies of the header, with a counter of commits. After them follow the read marks of readers."""
_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class _Open(NamedTuple):
    device: int
    inode: int
    descriptor: int


class WalIndexes:
    """Reader of the headers of some indexes, whose files stay open between readings. It is for one thread.

    The files are opened for reading, and no lock is taken. They stay open because the system releases all locks that a
    process has on a file when the process closes any descriptor of it, and SQLite may read the same database in another
    thread at that time.
    """

    def __init__(self) -> None:
        self._open: dict[str, _Open] = {}

    def header(self, index: str) -> bytes | None:
        """Return the header of the index in the file ``index``; None if there is none or it cannot be read."""
        try:
            status = os.lstat(index)
            known = self._open.get(index)
            if known is None or (status.st_dev, status.st_ino) != known[:2]:
                self._close(index)
                if not stat.S_ISREG(status.st_mode):
                    return None
                descriptor = os.open(index, _FLAGS)
                opened = os.fstat(descriptor)
                known = self._open[index] = _Open(opened.st_dev, opened.st_ino, descriptor)
            header = os.pread(known.descriptor, _HEADER, 0)
        except (OSError, ValueError):
            self._close(index)
            return None
        return header if len(header) == _HEADER else None

    def keep_only(self, indexes: Collection[str]) -> None:
        """Close the files of all other indexes."""
        for index in [each for each in self._open if each not in indexes]:
            self._close(index)

    def close(self) -> None:
        """Close all files."""
        self.keep_only(())

    def _close(self, index: str) -> None:
        known = self._open.pop(index, None)
        if known is not None:
            os.close(known.descriptor)

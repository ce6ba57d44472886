"""One log of any size, read by position and never mapped, while others append to it, truncate it or replace it.

A mapping of a log that is truncated ends the process; ``pread`` returns less.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

from clawtui.files.fs.reading import open_regular, reason_of
from clawtui.model.errors import Unreadable

_TRACE = 256
"""Bytes before the end that are compared at each look, to notice a log that was rewritten in place."""

_BACK = 1024 * 1024


class Descriptor:
    """An open file, closed with its last reference: a search may still read it when the log pane has closed the log."""

    __slots__ = ("number",)

    def __init__(self, number: int) -> None:
        self.number = number

    def __del__(self) -> None:
        os.close(self.number)


@dataclass(frozen=True, slots=True)
class LogData:
    """A log as it was at one look. A later read may return fewer bytes, if the log was truncated since."""

    descriptor: Descriptor | None = None
    """None if there is no log."""
    size: int = 0
    end: int = 0
    """The end of its last complete line; the bytes after it are still being written (errata 12)."""
    beginning: int = 0
    """Grows by one when the log was truncated, rewritten, rotated or replaced, so that earlier offsets are invalid."""

    def read(self, start: int, end: int) -> bytes:
        """Return the bytes from ``start`` to ``end``; fewer where there are no more. Raises Unreadable."""
        if self.descriptor is None or start >= end:
            return b""
        try:
            data = os.pread(self.descriptor.number, end - start, start)
            if len(data) == end - start or not data:
                return data
            return data + self.read(start + len(data), end)
        except OSError as error:
            raise Unreadable(reason_of(error)) from error

    def read_into(self, buffer: bytearray, start: int, end: int) -> int:
        """Read from ``start`` to ``end`` into ``buffer``; return how many bytes there were. Raises Unreadable."""
        if self.descriptor is None:
            return 0
        try:
            return os.preadv(self.descriptor.number, [memoryview(buffer)[: end - start]], start)
        except OSError as error:
            raise Unreadable(reason_of(error)) from error

    def newline_before(self, offset: int, lowest: int = 0) -> int | None:
        """Return where the last newline before ``offset`` is, at or after ``lowest``; None if there is none."""
        step = 4096
        while offset > lowest:
            start = max(lowest, offset - step)
            found = self.read(start, offset).rfind(b"\n")
            if found >= 0:
                return start + found
            offset, step = start, min(_BACK, step * 4)
        return None

    def newline_from(self, offset: int) -> int | None:
        """Return where the first newline at or after ``offset`` is; None if no complete line ends there."""
        step = 4096
        while offset < self.end:
            block = self.read(offset, min(self.end, offset + step))
            if not block:
                return None
            found = block.find(b"\n")
            if found >= 0:
                return offset + found
            offset, step = offset + len(block), min(_BACK, step * 4)
        return None


class LogFile:
    """Follows one log by its name. A look reads only the bytes that were appended."""

    def __init__(self, base: Path, relative: str) -> None:
        self._base = base
        self._relative = relative
        self._data = LogData()
        self._trace = b""

    @property
    def known(self) -> LogData:
        """The log as it was at the last look."""
        return self._data

    def look(self) -> LogData:
        """Return the log as it is now; the same object if it has not changed.

        A missing log counts as empty. Raises Unreadable and Refused; the log counts as unknown then, and the next look
        starts over.
        """
        try:
            if self._data.descriptor is not None and not self._is_same(self._data.descriptor):
                self.close()
            if self._data.descriptor is None:
                self._open()
            self._measure()
        except FileNotFoundError:
            pass
        except Unreadable as error:
            self.close()
            error.set_path(self._relative)
            raise
        return self._data

    def close(self) -> None:
        """Close the log; a later ``look`` starts over."""
        if self._data.descriptor is not None:
            self._data = LogData(beginning=self._data.beginning + 1)
            self._trace = b""

    def _open(self) -> None:
        self._data = replace(self._data, descriptor=Descriptor(open_regular(self._base, self._relative)))

    def _is_same(self, descriptor: Descriptor) -> bool:
        """Return whether the name still leads to the open log, by its inode, which no other file can get while open."""
        try:
            return is_same_log(self._base / self._relative, descriptor.number, self._data.size, self._trace)
        except OSError as error:
            raise Unreadable(reason_of(error)) from error

    def _measure(self) -> None:
        """Update the size and the end of the log after an append."""
        before = self._data
        if before.descriptor is None:
            return
        size = os.fstat(before.descriptor.number).st_size
        if size == before.size:
            return
        newline = before.newline_before(size, before.size)
        self._data = replace(before, size=size, end=before.end if newline is None else newline + 1)
        self._trace = before.read(max(0, size - _TRACE), size)


def is_same_log(path: Path, descriptor: int, offset: int, trace: bytes) -> bool:
    """Return whether ``path`` still leads to the open file, and ``trace``, read up to ``offset``, is still in it.

    A log that was truncated and has grown again has the same inode; only its content shows the difference.
    """
    try:
        named = path.stat(follow_symlinks=False)
    except OSError:
        return False
    opened = os.fstat(descriptor)
    if (named.st_dev, named.st_ino) != (opened.st_dev, opened.st_ino):
        return False
    return os.pread(descriptor, len(trace), offset - len(trace)) == trace

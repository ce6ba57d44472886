"""The bytes of one log of any size, read by position and never mapped.

A mapping of a log that is truncated ends the process; ``pread`` returns less. A run of NUL bytes is read as white space
with a newline at both ends: it is what a crash, or a truncation under a writer, leaves between two entries.
"""

from __future__ import annotations

import errno
import os
import re
from dataclasses import dataclass, field
from typing import Protocol

from clawtui.files.fs.reading import reason_of
from clawtui.model.errors import Unreadable

_BACK = 1024 * 1024

_NULS = re.compile(rb"\0+")


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
    """The end of its last complete line; the bytes after it are still being written (errata 12).

    ``size`` + 1 if the last line is torn.
    """
    torn: bool = False
    """Whether the bytes after the last complete line count as a line: its writer will not complete it."""
    beginning: int = 0
    """Grows by one when the log was truncated, rewritten, rotated or replaced, so that earlier offsets are invalid."""
    long_lines: dict[tuple[int, bool], int] = field(default_factory=dict, compare=False)
    """The other end of each very long line that was read: by its end, and by its start with True."""

    def read(self, start: int, end: int) -> bytes:
        """Return the text from ``start`` to ``end``, with white space for NULs; less where there is no more.

        A torn last line has a newline after it. Raises Unreadable.
        """
        data = self.read_bytes(start, end)
        if b"\0" in data:
            data = _NULS.sub(_separator, data)
        if self.torn and end > self.size and start + len(data) == self.size:
            data += b"\n"
        return data

    def read_bytes(self, start: int, end: int) -> bytes:
        """Return the bytes from ``start`` to ``end``; fewer where there are no more. Raises Unreadable."""
        if self.descriptor is None or start >= end:
            return b""
        try:
            data = os.pread(self.descriptor.number, end - start, start)
            if len(data) == end - start or not data:
                return data
            return data + self.read_bytes(start + len(data), end)
        except OSError as error:
            raise Unreadable(reason_of(error)) from error

    def next_data(self, offset: int) -> int:
        """Return the first offset from ``offset`` on that is in no hole of the file; ``end`` if only a hole follows."""
        if self.descriptor is None or offset >= self.end:
            return offset
        try:
            return min(os.lseek(self.descriptor.number, offset, os.SEEK_DATA), self.end)
        except OSError as error:  # a file system without holes, or no data up to the end
            return self.end if error.errno == errno.ENXIO else offset

    def previous_data(self, offset: int) -> int:
        """Return where the hole that ends at or reaches over ``offset`` begins; ``offset`` if there is no hole."""
        if offset == 0 or self.next_data(offset - 1) < offset:
            return offset
        low, high = 0, offset - 1  # high is in the hole
        while low < high:
            middle = (low + high) // 2
            if self.next_data(middle) >= offset:
                high = middle
            else:
                low = middle + 1
        return high

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

    def newline_from(self, offset: int, highest: int | None = None) -> int | None:
        """Return where the first newline at or after ``offset``, before ``highest``, is; None if there is none."""
        step = 4096
        end = self.end if highest is None else min(highest, self.end)
        while offset < end:
            block = self.read(offset, min(end, offset + step))
            if not block:
                return None
            found = block.find(b"\n")
            if found >= 0:
                return offset + found
            offset, step = offset + len(block), min(_BACK, step * 4)
        return None


class PositionedLog(Protocol):
    """A log, or several as one, that is read by position and may grow."""

    @property
    def known(self) -> LogData:
        """The log as it was at the last look."""

    def look(self, now: float | None = None) -> LogData:
        """Return the log as it is now; the same object if it has not changed. Raises Unreadable, Refused."""

    def close(self) -> None:
        """Close the log."""


def _separator(nuls: re.Match[bytes]) -> bytes:
    """Return white space as long as the run of NULs, with a newline at each end, where a line ends or begins."""
    length = len(nuls[0])
    return b"\n" if length == 1 else b"\n" + b" " * (length - 2) + b"\n"

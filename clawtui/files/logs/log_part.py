"""One file of a log that is followed: open, and read up to an offset."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from clawtui.files.logs.line_splitter import LineSplitter
from clawtui.files.logs.log_data import Descriptor, LogData
from clawtui.model.search.line_filter import LineFilter

_READ: Final = 512 * 1024
_TRACE: Final = 256
"""Bytes before the offset that are compared, to notice that the file was truncated."""


class LogPart:
    """One file of a log, open, and read up to an offset."""

    def __init__(self, descriptor: Descriptor, identity: tuple[int, int]) -> None:
        self.identity = identity
        self.offset = 0
        self.shown = -1
        """The offset at which its unfinished last line was shown."""
        self.quiet_reads = 0
        self._descriptor = descriptor
        self._splitter = LineSplitter()
        self._trace = b""

    @property
    def size(self) -> int:
        """Its size in bytes."""
        return os.fstat(self._descriptor.number).st_size

    def skip(self, offset: int) -> None:
        """Continue reading at ``offset``, if the file is that long."""
        if offset <= self.size:
            self.offset = offset
            self._trace = LogData(self._descriptor).read_bytes(max(0, offset - _TRACE), offset)

    def line_after(self, offset: int) -> int:
        """Return where the first line after ``offset`` begins. Raises Unreadable."""
        size = self.size
        found = LogData(self._descriptor, size, size).newline_from(offset)
        return size if found is None else found + 1

    def complete(self) -> int:
        """Return where the last complete line that was read ends. Raises Unreadable."""
        newline = LogData(self._descriptor, self.offset, self.offset).newline_before(self.offset)
        return 0 if newline is None else newline + 1

    def is_whole(self) -> bool:
        """Return whether the part that was read still exists: whether the file was not truncated."""
        return self._has(self.offset, self._trace)

    def continues(self, other: LogPart) -> bool:
        """Return whether this is a copy of ``other``; it is then read from where the other was read to."""
        if not other._trace or not self._has(other.offset, other._trace):
            return False
        self.offset, self._trace, self._splitter = other.offset, other._trace, other._splitter
        self.shown = other.shown
        return True

    def restarted(self) -> LogPart:
        """Return the same file, to be read from its start."""
        return LogPart(self._descriptor, self.identity)

    def blocks(self, line_filter: LineFilter | None) -> Iterator[list[bytes]]:
        """Yield the lines from the offset to the end of the file. Raises Unreadable."""
        size = self.size
        data = LogData(self._descriptor, size, size)
        self.quiet_reads += 1
        while block := data.read(self.offset, min(size, self.offset + _READ)):
            self.quiet_reads = 0
            self.offset += len(block)
            lines = self._splitter.feed(block, line_filter)
            if not block.strip():
                self.offset = max(self.offset, min(data.next_data(self.offset), size))
            self._trace = data.read_bytes(max(0, self.offset - _TRACE), self.offset)
            yield lines

    def whole(self, line_filter: LineFilter | None) -> Iterator[list[bytes]]:
        """Yield the lines to the end of the file, and the last one also if it has no newline. Raises Unreadable."""
        yield from self.blocks(line_filter)
        yield self.unshown_end(line_filter)

    def unfinished(self, line_filter: LineFilter | None) -> list[bytes]:
        """Return the line whose end has not come, in a list."""
        line = self._splitter.unfinished
        return [line] if line.strip() and (line_filter is None or line_filter.admits(line)) else []

    def unshown_end(self, line_filter: LineFilter | None) -> list[bytes]:
        """Return the unfinished last line, unless it was shown."""
        return [] if self.shown == self.offset else self.unfinished(line_filter)

    def _has(self, offset: int, trace: bytes) -> bool:
        return os.pread(self._descriptor.number, len(trace), offset - len(trace)) == trace


def identity_of(status: os.stat_result) -> tuple[int, int]:
    """Return the identity of a file, which a rename does not change."""
    return status.st_dev, status.st_ino


def size_of(path: Path) -> int:
    """Return the size of a file; 0 if there is none."""
    try:
        return path.stat().st_size
    except OSError:
        return 0

"""The numbers of a log's lines and of its errors: they are counted in blocks, and a block is read again when needed."""

from __future__ import annotations

import re
from array import array
from typing import NamedTuple

from clawtui.files.logs.log_data import LogData
from clawtui.model.documents.log_entry import level_of

BLOCK = 256 * 1024
"""Bytes of a block: 16 KB of index for each GB of log."""

_BEYOND = 64
"""Bytes after a block that are read with it, for a level that begins in it."""

_DESIGN = tuple(b'"level":"%s"' % level for level in (b"error", b"warn", b"info", b"debug"))
_ANY = re.compile(rb'"level"\s*:\s*(?:"([^"\\]{1,20})"|(\d{1,3}))')


class LevelCounts(NamedTuple):
    """The numbers of entries of the two levels that matter."""

    errors: int = 0
    warnings: int = 0

    def plus(self, other: LevelCounts) -> LevelCounts:
        """Return the sums."""
        return LevelCounts(self.errors + other.errors, self.warnings + other.warnings)


class LineIndex:
    """The counts of newlines, grown in steps in the background.

    It is of one log from one ``beginning`` on. One thread may grow it while others ask.
    """

    def __init__(self) -> None:
        self._counts: array[int] = array("I")
        self._total = 0
        self._levels = LevelCounts()
        self._rest: tuple[int, LevelCounts] = (0, LevelCounts())

    @property
    def known(self) -> int:
        """Bytes from the start of the log that have been counted."""
        return len(self._counts) * BLOCK

    def is_behind(self, data: LogData) -> bool:
        """Whether there are blocks to count."""
        return self.known + BLOCK <= data.end

    def grow(self, data: LogData, blocks: int = 4) -> bool:
        """Count the next few blocks; return whether there are more. Raises Unreadable."""
        buffer = bytearray(BLOCK + _BEYOND)
        for _ in range(blocks):
            if not self.is_behind(data):
                return False
            hole = data.next_data(self.known) >= self.known + BLOCK
            read = 0 if hole else data.read_into(buffer, self.known, self.known + BLOCK + _BEYOND)
            if not hole and read < BLOCK:
                return False
            count = 0 if hole else buffer.count(b"\n", 0, BLOCK)
            if not hole:
                self._levels = self._levels.plus(_levels(buffer, BLOCK, read))
            self._counts.append(count)
            self._total += count
        return self.is_behind(data)

    def lines_before(self, data: LogData, offset: int) -> int | None:
        """Return the number of the line that starts at ``offset``, from 0; None if that is not known yet.

        Raises Unreadable.
        """
        block = offset // BLOCK
        if block > len(self._counts):
            return None
        counted = self._total if block == len(self._counts) else sum(self._counts[:block])
        return counted + data.read_bytes(block * BLOCK, offset).count(b"\n")

    def levels(self, data: LogData) -> LevelCounts | None:
        """Return the numbers of errors and warnings; None while the log is not counted. Raises Unreadable."""
        if self.is_behind(data):
            return None
        end, rest = self._rest
        if end != data.end:
            block = data.read_bytes(self.known, data.end)
            rest = _levels(block, len(block), len(block))
            self._rest = (data.end, rest)
        return self._levels.plus(rest)


def _levels(block: bytes | bytearray, end: int, read: int) -> LevelCounts:
    """Count the levels that begin before ``end`` in the first ``read`` bytes of the block."""
    counts = [block.count(text, 0, min(read, end + len(text) - 1)) for text in _DESIGN]
    if block.count(b'"level"', 0, min(read, end + 6)) == sum(counts):
        return LevelCounts(counts[0], counts[1])
    found = [level_of((text or number).decode("latin-1")) for at, text, number in _all_levels(block, read) if at < end]
    return LevelCounts(found.count("error"), found.count("warn"))


def _all_levels(block: bytes | bytearray, read: int) -> list[tuple[int, bytes, bytes]]:
    """Return the levels in other spellings too, with where they begin."""
    return [(match.start(), match[1] or b"", match[2] or b"") for match in _ANY.finditer(block, 0, read)]


def count_lines(data: LogData, start: int, end: int) -> int:
    """Return how many lines end after ``start`` and up to ``end``. Raises Unreadable."""
    return sum(data.read_bytes(at, min(end, at + BLOCK)).count(b"\n") for at in range(start, end, BLOCK))

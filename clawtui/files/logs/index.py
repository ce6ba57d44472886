"""The numbers of a log's lines: the newlines of each block are counted, and a block is read again when needed."""

from __future__ import annotations

from array import array

from clawtui.files.logs.log_data import LogData

BLOCK = 256 * 1024
"""Bytes of a block: 16 KB of index for each GB of log."""


class LineIndex:
    """The counts of newlines, grown in steps in the background.

    It is of one log from one ``beginning`` on. One thread may grow it while others ask.
    """

    def __init__(self) -> None:
        self._counts: array[int] = array("I")
        self._total = 0

    @property
    def known(self) -> int:
        """Bytes from the start of the log that have been counted."""
        return len(self._counts) * BLOCK

    def is_behind(self, data: LogData) -> bool:
        """Whether there are blocks to count."""
        return self.known + BLOCK <= data.end

    def grow(self, data: LogData, blocks: int = 4) -> bool:
        """Count the next few blocks; return whether there are more. Raises Unreadable."""
        buffer = bytearray(BLOCK)
        for _ in range(blocks):
            if not self.is_behind(data):
                return False
            hole = data.next_data(self.known) >= self.known + BLOCK
            if not hole and data.read_into(buffer, self.known, self.known + BLOCK) < BLOCK:
                return False
            count = 0 if hole else buffer.count(b"\n")
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


def count_lines(data: LogData, start: int, end: int) -> int:
    """Return how many lines end after ``start`` and up to ``end``. Raises Unreadable."""
    return sum(data.read_bytes(at, min(end, at + BLOCK)).count(b"\n") for at in range(start, end, BLOCK))

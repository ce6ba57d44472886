"""Lines of a log to which others append, in constant memory for lines of any length.

A log is never mapped into memory: if it is truncated meanwhile, ``pread`` returns less, but a mapping would end the
process.
"""

from __future__ import annotations

import os

from clawtui.model.search.line_filter import CUT_MARK, MAX_LINE_BYTES, LineFilter, cut_line

MAX_LOOKED_BACK = 16 * 1024 * 1024
"""The most bytes that are read to find the starts of the last lines, for a log of any size."""

_BLOCK_BACK = 64 * 1024


class LineSplitter:
    """Splits a stream of bytes into lines, and holds back the last one until its end has come (errata 12)."""

    def __init__(self, held: bytes = b"") -> None:
        """Begin with ``held``, the part of the first line that was already read."""
        self._held = bytearray(held)

    def feed(self, block: bytes, line_filter: LineFilter | None = None) -> list[bytes]:
        """Return the lines that ``block`` ends and that pass the filter, without their newlines and cut."""
        newline = block.find(b"\n")
        if newline < 0:
            self._hold(block)
            return []
        self._hold(block[:newline])
        first = cut_line(bytes(self._held))
        lines = [first] if line_filter is None or line_filter.admits(first) else []
        last = block.rfind(b"\n") + 1
        if line_filter is not None:
            lines += [cut_line(block[start:end]) for start, end in line_filter.lines(block, newline + 1, last)]
        elif last > newline + 1:
            lines += map(cut_line, block[newline + 1 : last - 1].split(b"\n"))
        self._held.clear()
        self._hold(block[last:])
        return lines

    @property
    def unfinished(self) -> bytes:
        """The line whose end has not come, cut."""
        return cut_line(bytes(self._held))

    def _hold(self, part: bytes) -> None:
        """Hold ``part``, up to one byte more than is kept of a line, which shows that the line is too long."""
        self._held += part[: MAX_LINE_BYTES + 1 - len(self._held)]


def decode(line: bytes) -> str:
    """Return the line as text; bytes that are not UTF-8 become surrogates, which cleaning replaces."""
    return line.decode("utf-8", "surrogateescape")


def start_of_last(descriptor: int, count: int, size: int) -> tuple[int, bytes]:
    """Return the start of the last ``count`` complete lines of the first ``size`` bytes, and the bytes to hold first.

    At most MAX_LOOKED_BACK bytes are read, so there may be fewer lines. If no line starts in those, reading starts in
    the middle of a line, and CUT_MARK is held in place of its beginning.
    """
    lowest = max(0, size - MAX_LOOKED_BACK)
    missing = count + 1  # the newline before the first line counts too
    earliest, at = size, size
    while at > lowest:
        end, at = at, max(lowest, at - _BLOCK_BACK)
        block = os.pread(descriptor, end - at, at)
        found = block.count(b"\n")
        if found >= missing:
            return at + _after_newline(block, missing), b""
        if found:
            earliest = at + block.find(b"\n") + 1
        missing -= found
    if lowest == 0:
        return 0, b""
    return (earliest, b"") if missing < count else (lowest, CUT_MARK)


def _after_newline(block: bytes, number: int) -> int:
    """Return the offset after the ``number``-th newline from the end."""
    position = len(block)
    for _ in range(number):
        position = block.rfind(b"\n", 0, position)
    return position + 1

"""The lines of a log around any offset, in constant memory for lines of any length."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from clawtui.files.logs.log_data import LogData
from clawtui.model.documents.log_entry import RawLine
from clawtui.model.search.line_filter import MAX_LINE_BYTES, cut_line

_READ = 64 * 1024

MAX_LONG = 128 * 1024 * 1024
"""Bytes of a line that are searched for its other end; what is longer is shown as several lines."""

MAX_READ = 16 * 1024 * 1024
"""Bytes that are read before one call returns what it has; the ends of long lines that are known cost nothing."""

_MAX_REMEMBERED = 4096


class Lines(Protocol):
    """Lines of a log in their order: all of them, or those that pass a filter."""

    def after(self, offset: int, count: int) -> Sequence[RawLine]:
        """Return the first ``count`` that start at or after ``offset``, as far as known. Raises Unreadable."""

    def before(self, offset: int, count: int) -> Sequence[RawLine]:
        """Return the last ``count`` that end at or before ``offset``, as far as known. Raises Unreadable."""


class AllLines:
    """Every complete line of a log that is not blank. Offsets that it is given must be those of lines.

    One call reads at most about ``MAX_READ`` bytes, however long the lines are, and skips the holes of a file. So it
    may return fewer lines than there are, but at least one.
    """

    def __init__(self, data: LogData) -> None:
        self._data = data

    def after(self, offset: int, count: int) -> list[RawLine]:
        """Return the first ``count`` from ``offset`` on. Raises Unreadable."""
        lines: list[RawLine] = []
        read = 0
        while len(lines) < count and offset < self._data.end and (read < MAX_READ or not lines):
            block = self._data.read(offset, min(self._data.end, offset + _READ + 1))
            cut = block.rfind(b"\n")
            if not block:
                break
            read += len(block)
            if cut < 0:
                known = (offset, True) in self._data.long_lines
                end = self._end_of_long(offset, offset + len(block))
                if end is None:
                    break
                read += 0 if known else end - offset
                lines.append(RawLine(offset, end, cut_line(block)))
                offset = end
            elif not block.strip():
                offset = self._data.next_data(offset + cut + 1)
            else:
                found, offset = _split(offset, block[: cut + 1], count - len(lines))
                lines += found
        return lines

    def before(self, offset: int, count: int) -> list[RawLine]:
        """Return the last ``count`` up to ``offset``. Raises Unreadable."""
        lines: list[RawLine] = []
        read = 0
        while len(lines) < count and offset > 0 and (read < MAX_READ or not lines):
            low = max(0, offset - _READ - 1)
            block = self._data.read(low, offset)
            if len(block) < offset - low:
                break
            read += len(block)
            first = 0 if low == 0 else block.find(b"\n") + 1
            if not block.strip():
                offset = self._data.previous_data(low)
            elif 0 < first == len(block) or (low > 0 and first == 0):
                known = (offset, False) in self._data.long_lines
                start = self._start_of_long(offset)
                read += 0 if known else offset - start
                text = self._text(start, offset)
                lines[:0] = [RawLine(start, offset, text)] if text.strip() else []
                offset = start
            else:
                found, _ = _split(low + first, block[first:], len(block))
                lines = [*found[-(count - len(lines)) :], *lines]
                offset = low + first
        return lines

    def at(self, offset: int) -> int:
        """Return the start of the line that contains the byte at ``offset``. Raises Unreadable."""
        newline = self._data.newline_before(min(offset, self._data.end))
        return 0 if newline is None else newline + 1

    def _text(self, start: int, end: int) -> bytes:
        return cut_line(self._data.read(start, min(end - 1, start + MAX_LINE_BYTES + 1)))

    def _end_of_long(self, start: int, searched: int) -> int | None:
        """Return the end of the long line from ``start`` on, in which no newline is before ``searched``."""
        known = self._data.long_lines
        end = known.get((start, True))
        if end is None:
            newline = self._data.newline_from(searched, start + MAX_LONG)
            if newline is None and start + MAX_LONG >= self._data.end:
                return None
            end = start + MAX_LONG if newline is None else newline + 1
            _remember(known, start, end)
        return end

    def _start_of_long(self, end: int) -> int:
        known = self._data.long_lines
        start = known.get((end, False))
        if start is None:
            lowest = max(0, end - MAX_LONG)
            newline = self._data.newline_before(end - 1, lowest)
            start = lowest if newline is None else newline + 1
            _remember(known, start, end)
        return start


def _remember(known: dict[tuple[int, bool], int], start: int, end: int) -> None:
    if len(known) >= _MAX_REMEMBERED:
        known.clear()
    known[start, True], known[end, False] = end, start


def _split(offset: int, block: bytes, most: int) -> tuple[list[RawLine], int]:
    """Return the first ``most`` lines of the block that are not blank, and the offset after the last one read."""
    lines: list[RawLine] = []
    at = 0
    while at < len(block) and len(lines) < most:
        newline = block.find(b"\n", at)
        end = len(block) if newline < 0 else newline + 1  # without one: a part of a very long line
        text = block[at : end - 1] if newline >= 0 else block[at:]
        if text and not text.isspace():
            lines.append(RawLine(offset + at, offset + end, cut_line(text)))
        at = end
    return lines, offset + at

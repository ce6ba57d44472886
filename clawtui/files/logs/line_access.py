"""The lines of a log around any offset, in constant memory for lines of any length."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from clawtui.files.logs.log_file import LogData
from clawtui.model.documents.log_entry import RawLine
from clawtui.model.search.line_filter import MAX_LINE_BYTES, cut_line

_READ = 64 * 1024


class Lines(Protocol):
    """Lines of a log in their order: all of them, or those that pass a filter."""

    def after(self, offset: int, count: int) -> Sequence[RawLine]:
        """Return the first ``count`` that start at or after ``offset``, as far as known. Raises Unreadable."""

    def before(self, offset: int, count: int) -> Sequence[RawLine]:
        """Return the last ``count`` that end at or before ``offset``, as far as known. Raises Unreadable."""


class AllLines:
    """Every complete line of a log. Offsets that it is given must be those of lines."""

    def __init__(self, data: LogData) -> None:
        self._data = data

    def after(self, offset: int, count: int) -> list[RawLine]:
        """Return the first ``count`` from ``offset`` on. Raises Unreadable."""
        lines: list[RawLine] = []
        while len(lines) < count and offset < self._data.end:
            block = self._data.read(offset, min(self._data.end, offset + _READ + 1))
            cut = block.rfind(b"\n")
            if cut < 0:
                newline = self._data.newline_from(offset + len(block)) if block else None
                if newline is None:
                    break
                lines.append(RawLine(offset, newline + 1, cut_line(block)))
            else:
                lines += _split(offset, block[:cut].split(b"\n", count - len(lines)))[: count - len(lines)]
            offset = lines[-1].end
        return lines

    def before(self, offset: int, count: int) -> list[RawLine]:
        """Return the last ``count`` up to ``offset``. Raises Unreadable."""
        lines: list[RawLine] = []
        while len(lines) < count and offset > 0:
            low = max(0, offset - _READ - 1)
            block = self._data.read(low, offset)
            if len(block) < offset - low:
                break
            first = 0 if low == 0 else block.find(b"\n") + 1
            if 0 < first == len(block) or (low > 0 and first == 0):
                newline = self._data.newline_before(offset - 1)
                start = 0 if newline is None else newline + 1
                lines.insert(0, RawLine(start, offset, self._text(start, offset)))
            else:
                found = _split(low + first, block[first:-1].split(b"\n"))
                lines = [*found[len(lines) - count :], *lines]
            offset = lines[0].start
        return lines

    def at(self, offset: int) -> int:
        """Return the start of the line that contains the byte at ``offset``. Raises Unreadable."""
        newline = self._data.newline_before(min(offset, self._data.end))
        return 0 if newline is None else newline + 1

    def _text(self, start: int, end: int) -> bytes:
        return cut_line(self._data.read(start, min(end - 1, start + MAX_LINE_BYTES + 1)))


def _split(offset: int, texts: Sequence[bytes]) -> list[RawLine]:
    lines = []
    for text in texts:
        end = offset + len(text) + 1
        lines.append(RawLine(offset, end, cut_line(text)))
        offset = end
    return lines

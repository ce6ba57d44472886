"""The lines of a log on another host that are known here, in a bounded amount of memory."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from msgspec import Struct

from clawtui.model.documents.log_entry import RawLine

MAX_KNOWN: Final = 8 * 1024 * 1024
"""The most bytes of text that are kept."""
_LINE: Final = 100
"""Bytes that a line takes besides its text."""


class _Range(Struct):
    """All visible lines that start from ``start`` on and before ``stop``."""

    start: int
    stop: int
    lines: list[RawLine]
    per_line: int
    """Bytes that each line takes besides its text."""

    def index(self, offset: int) -> int:
        """Return the index of the first line from ``offset`` on."""
        return bisect_left(self.lines, offset, key=lambda line: line.start)

    def size(self) -> int:
        """Return how many bytes it takes, about."""
        return sum(len(line.text) + self.per_line for line in self.lines)


class Known(NamedTuple):
    """The known lines next to an offset."""

    lines: Sequence[RawLine]
    edge: int | None
    """The offset up to which all lines are known in that direction; None where nothing is known at the offset."""


class KnownLines:
    """Ranges of a log of which all visible lines are known. Ranges that touch are one."""

    def __init__(self, most: int = MAX_KNOWN, per_line: int = _LINE) -> None:
        self._most = most
        self._per_line = per_line
        self._ranges: list[_Range] = []
        """The one that was added to last is the last."""

    def clear(self) -> None:
        """Forget all lines."""
        self._ranges.clear()

    def add(self, start: int, stop: int, lines: Sequence[RawLine]) -> None:
        """Take all visible lines from ``start`` to ``stop``."""
        touching = [known for known in self._ranges if known.start <= stop and start <= known.stop]
        new = _Range(start, stop, list(lines), self._per_line)
        for known in touching:
            self._ranges.remove(known)
            before, after = known.lines[: known.index(new.start)], known.lines[known.index(new.stop) :]
            whole = [*before, *new.lines, *after]
            new = _Range(min(new.start, known.start), max(new.stop, known.stop), whole, self._per_line)
        self._ranges.append(new)
        self._trim(start)

    def after(self, offset: int, count: int) -> Known:
        """Return the first ``count`` lines from ``offset`` on that are known."""
        known = self._at(offset)
        if known is None:
            return Known((), None)
        first = known.index(offset)
        return Known(known.lines[first : first + count], known.stop)

    def before(self, offset: int, count: int) -> Known:
        """Return the last ``count`` lines before ``offset`` that are known."""
        known = self._at(offset)
        if known is None:
            return Known((), None)
        last = known.index(offset)
        return Known(known.lines[max(0, last - count) : last], known.start)

    def count(self, start: int, end: int) -> int | None:
        """Return how many lines start from ``start`` on and before ``end``; None where that is not known."""
        known = self._at(start)
        return None if known is None or known.stop < end else max(0, known.index(end) - known.index(start))

    def starts(self) -> Iterator[int]:
        """Yield the offsets of all known lines."""
        for known in self._ranges:
            yield from (line.start for line in known.lines)

    def _at(self, offset: int) -> _Range | None:
        return next((known for known in self._ranges if known.start <= offset <= known.stop), None)

    def _trim(self, near: int) -> None:
        """Forget the oldest ranges, and of the newest one what is farthest from ``near``, until the rest is small."""
        sizes = [known.size() for known in self._ranges]
        while len(sizes) > 1 and sum(sizes) > self._most:
            del self._ranges[0], sizes[0]
        newest = self._ranges[-1]
        while newest.size() > self._most and len(newest.lines) > 1:
            half = len(newest.lines) // 2
            middle = newest.lines[half].start
            if near >= middle:
                newest.start, newest.lines = middle, newest.lines[half:]
            else:
                newest.stop, newest.lines = middle, newest.lines[:half]

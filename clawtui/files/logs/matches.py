"""The lines of a log that pass a filter: counted block by block, and found again when they are shown.

Only a count for each block is kept, so a million matches take no more memory than none. A line belongs to the block in
which it starts.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from clawtui.files.logs.index import BLOCK
from clawtui.files.logs.line_access import AllLines
from clawtui.files.logs.log_data import LogData
from clawtui.model.documents.log_entry import RawLine
from clawtui.model.search.line_filter import MAX_LINE_BYTES, LineFilter

_UNKNOWN = -1
_BLOCKS_AT_ONCE = 8
"""The most blocks that are searched in one step, if the ones before had no matches."""
_AT_ONCE_GROWN = 2
"""Completed blocks that are searched at once, so that a log that grows line by line has no unknown blocks."""
_AT_ONCE_OPEN = 32 * 1024
"""The most bytes after the last complete block that are searched at once, also in a query; more are left to `scan`."""
_REMEMBERED = 128
"""Blocks of which the offsets of matching lines are kept."""


class _Open(NamedTuple):
    """The matches in the last, incomplete block; replaced as a whole, because two threads may search it."""

    block: int
    starts: tuple[int, ...]
    end: int
    """The end of the part that was searched."""


class Matches:
    """The matching lines of one log, of one ``beginning``. One thread may ``scan`` while another one uses it."""

    def __init__(self, data: LogData, line_filter: LineFilter) -> None:
        self._data = data
        self._filter = line_filter
        self._counts: array[int] = array("i")
        self._open = _Open(0, (), 0)
        self._starts_in = lru_cache(_REMEMBERED)(self._search_block)
        self.grow(data)

    def grow(self, data: LogData) -> None:
        """Take note that the log is longer. Raises Unreadable."""
        self._data = data
        was_open, closed = len(self._counts), data.end // BLOCK
        if closed > was_open:
            self._counts.extend([_UNKNOWN] * (closed - was_open))
            for block in range(was_open, closed) if closed - was_open <= _AT_ONCE_GROWN else ():
                self._counts[block] = len(self._starts_in(block))

    @property
    def total(self) -> int:
        """The number of matches, as far as known."""
        return sum(self._counts) + self._counts.count(_UNKNOWN) + len(self._open_starts() or ())

    @property
    def progress(self) -> float:
        """How much of the log is known, from 0 to 1."""
        unknown = self._counts.count(_UNKNOWN) + (self._open_starts() is None)
        return 1 - unknown / (len(self._counts) + 1)

    def rank(self, offset: int) -> int | None:
        """Return the number, from 1, of the match that starts at ``offset``; None without one or while unknown."""
        block = offset // BLOCK
        before = self._counts[:block]
        starts = self._known_starts(block)
        if starts is None or offset not in starts or _UNKNOWN in before:
            return None
        return sum(before) + starts.index(offset) + 1

    def count(self, start: int, end: int) -> int | None:
        """Return how many start from ``start`` on and before ``end``; None while unknown. Raises Unreadable."""
        total = 0
        for block in range(start // BLOCK, min(end // BLOCK, len(self._counts)) + 1):
            starts = self._known_starts(block)
            if starts is None:
                return None
            total += sum(start <= at < end for at in starts)
        return total

    def after(self, offset: int, count: int) -> list[RawLine]:
        """Return the first ``count`` from ``offset`` on, up to the first block that is unknown. Raises Unreadable."""
        found: list[int] = []
        for block in self._blocks(offset, forward=True):
            starts = self._known_starts(block)
            if starts is None or len(found) >= count:
                break
            found += [start for start in starts if start >= offset]
        return self._lines(found[:count])

    def before(self, offset: int, count: int) -> list[RawLine]:
        """Return the last ``count`` before ``offset``, down to the first block that is unknown. Raises Unreadable."""
        found: list[int] = []
        for block in self._blocks(offset, forward=False):
            starts = self._known_starts(block)
            if starts is None or len(found) >= count:
                break
            found[:0] = [start for start in starts if start < offset]
        return self._lines(found[-count:] if count else [])

    def is_known(self, offset: int, forward: bool) -> bool:
        """Return whether ``after``, or ``before``, meets no unknown block before a match or the end."""
        for block in self._blocks(offset, forward):
            starts = self._known_starts(block)
            if starts is None:
                return False
            if any((start >= offset) if forward else (start < offset) for start in starts):
                return True
        return True

    def scan(self, offset: int, forward: bool = True, both: bool = True) -> Iterator[bool]:
        """Search more blocks, from that of ``offset`` on towards one end and then, if ``both``, the rest.

        Each step says whether there are matches in what it searched, which may be on the other side of ``offset``. A
        step takes a few milliseconds, unless nearly every line passes the searchers and must be read.
        Raises Unreadable.
        """
        here = offset // BLOCK
        for way in (forward, not forward) if both else (forward,):
            at, several = here, 1
            while 0 <= at <= len(self._counts):
                if at == len(self._counts):
                    if self._open_starts() is None:
                        yield bool(self._search_open())
                    at += 1 if way else -1
                elif self._counts[at] != _UNKNOWN:
                    at += 1 if way else -1
                else:
                    first = at if way else max(0, at - several + 1)
                    last = min(at + several, len(self._counts)) if way else at + 1
                    found = self._search_blocks(first, last)
                    several = 1 if found else min(_BLOCKS_AT_ONCE, 2 * several)
                    at = last if way else first - 1
                    yield found
        if both and _UNKNOWN in self._counts:  # the log has grown meanwhile
            yield from self.scan(offset, forward)

    def _search_blocks(self, first: int, last: int) -> bool:
        hole = self._data.next_data(first * BLOCK) >= last * BLOCK
        starts = () if hole else self._search(first * BLOCK, last * BLOCK)
        found = Counter(start // BLOCK for start in starts)
        for block in range(first, last):
            self._counts[block] = found[block]
        return bool(starts)

    def _blocks(self, offset: int, forward: bool) -> Iterator[int]:
        """Yield the blocks from that of ``offset`` on, or back, that may have matches; the open one is the last."""
        counts, last = self._counts, len(self._counts)
        here = min(offset // BLOCK, last)
        for block in range(here, last + 1) if forward else range(here, -1, -1):
            if block == last or counts[block] != 0:
                yield block

    def _known_starts(self, block: int) -> Sequence[int] | None:
        """Return the starts of the matches in a block; None while they are unknown."""
        if block >= len(self._counts):
            return self._open_starts()
        if self._counts[block] == 0:
            return ()
        return None if self._counts[block] == _UNKNOWN else self._starts_in(block)

    def _search_block(self, block: int) -> tuple[int, ...]:
        return self._search(block * BLOCK, (block + 1) * BLOCK)

    def _open_starts(self) -> Sequence[int] | None:
        """Return the starts in the incomplete block, with appended bytes searched; None while many are unsearched."""
        return self._search_open() if self._data.end - self._known_open().end <= _AT_ONCE_OPEN else None

    def _search_open(self) -> Sequence[int]:
        known, end = self._known_open(), self._data.end
        if known.end < end:
            known = _Open(known.block, (*known.starts, *self._search(known.end, end)), end)
            self._open = known
        return known.starts

    def _known_open(self) -> _Open:
        known, block = self._open, len(self._counts)
        return known if known.block == block else _Open(block, (), block * BLOCK)

    def _search(self, begin: int, end: int) -> tuple[int, ...]:
        """Return the starts, from `begin` on and before `end`, of the complete lines that pass the filter."""
        base = max(0, begin - 1)
        end = min(end, self._data.end)
        data = self._data.read(base, min(self._data.end, end + MAX_LINE_BYTES + 1))
        first = 0 if begin == 0 else data.find(b"\n") + 1
        if begin > 0 and first == 0:
            return ()
        return tuple(base + start for start, _ in self._filter.lines(data, first, min(end - base, len(data))))

    def _lines(self, starts: list[int]) -> list[RawLine]:
        lines = AllLines(self._data)
        return [line for start in starts for line in lines.after(start, 1)]

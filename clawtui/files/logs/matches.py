"""The lines of a log that a test holds for: counted block by block, and looked for again where one looks at them.

A count for each block is all that is kept, so a million matches take no more memory than none. A line is of the block
that it starts in, and of a line over MAX_LINE_BYTES only those are looked at.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from functools import lru_cache

from clawtui.files.logs.byte_search import Finder
from clawtui.files.logs.index import BLOCK
from clawtui.files.logs.line_access import AllLines
from clawtui.files.logs.line_splitter import MAX_LINE_BYTES
from clawtui.files.logs.log_file import LogData
from clawtui.files.logs.wanted_lines import wanted_starts
from clawtui.model.documents.log_entry import RawLine
from clawtui.model.search.expression import TooSlow
from clawtui.model.search.line_filter import LineFilter

_UNKNOWN = -1
_BLOCKS_AT_ONCE = 8
"""Blocks that are ruled out in one go, where the ones before were."""
_AT_ONCE_GROWN = 2
"""Blocks that are looked into at once when they are complete: as a log grows line by line nothing stays unknown."""
_REMEMBERED = 128
"""Blocks whose matching lines are kept in mind."""


class Matches:
    """Lines of one log, from one ``beginning`` on. One thread may ``scan`` while another asks and ``grow``s it.

    Where the test takes too long on a line it is ``given_up``: nothing more is found, and nothing is left to do.
    """

    def __init__(self, data: LogData, test: LineFilter) -> None:
        self._data = data
        self._test = test
        self._counts: array[int] = array("i")
        self._open: list[int] = []
        self._open_end = 0
        self.given_up = False
        self._starts_in = lru_cache(_REMEMBERED)(self._look_into)
        self.grow(data)

    def grow(self, data: LogData) -> None:
        """The log is longer by now. Raises Unreadable."""
        self._data = data
        was_open, closed = len(self._counts), data.end // BLOCK
        if closed > was_open:
            self._counts.extend([_UNKNOWN] * (closed - was_open))
            self._open, self._open_end = [], 0
            for block in range(was_open, closed) if closed - was_open <= _AT_ONCE_GROWN else ():
                self._counts[block] = len(self._starts_in(block))

    @property
    def total(self) -> int:
        """How many there are as far as is known."""
        return sum(self._counts) + self._counts.count(_UNKNOWN) + len(self._open_starts())

    @property
    def progress(self) -> float:
        """How much of the log is known, from 0 to 1."""
        return 1.0 if not self._counts or self.given_up else 1 - self._counts.count(_UNKNOWN) / len(self._counts)

    def look_at_end(self) -> bool:
        """Looks at what was appended; whether it is given up. Raises Unreadable."""
        self._open_starts()
        return self.given_up

    def rank(self, offset: int) -> int | None:
        """The number, from 1, of the match that starts at ``offset``; None where there is none or nobody knows yet."""
        block = offset // BLOCK
        before = self._counts[:block]
        starts = self._known_starts(block)
        if starts is None or offset not in starts or _UNKNOWN in before:
            return None
        return sum(before) + starts.index(offset) + 1

    def count(self, start: int, end: int) -> int | None:
        """How many start from ``start`` on and before ``end``; None where that is not known yet. Raises Unreadable."""
        total = 0
        for block in range(start // BLOCK, min(end // BLOCK, len(self._counts)) + 1):
            starts = self._known_starts(block)
            if starts is None:
                return None
            total += sum(start <= at < end for at in starts)
        return total

    def after(self, offset: int, count: int) -> list[RawLine]:
        """The first ``count`` from ``offset`` on, up to the first block that is not known yet. Raises Unreadable."""
        found: list[int] = []
        for block in self._blocks(offset, forward=True):
            starts = self._known_starts(block)
            if starts is None or len(found) >= count:
                break
            found += [start for start in starts if start >= offset]
        return self._lines(found[:count])

    def before(self, offset: int, count: int) -> list[RawLine]:
        """The last ``count`` up to ``offset``, down to the first block that is not known yet. Raises Unreadable."""
        found: list[int] = []
        for block in self._blocks(offset, forward=False):
            starts = self._known_starts(block)
            if starts is None or len(found) >= count:
                break
            found[:0] = [start for start in starts if start < offset]
        return self._lines(found[-count:] if count else [])

    def is_known(self, offset: int, forward: bool) -> bool:
        """Whether ``after``, or ``before``, misses nothing on the way to a match or to the end."""
        for block in self._blocks(offset, forward):
            starts = self._known_starts(block)
            if starts is None:
                return False
            if any((start >= offset) if forward else (start < offset) for start in starts):
                return True
        return True

    def scan(self, offset: int, forward: bool = True, both: bool = True) -> Iterator[bool]:
        """Makes more blocks known, from ``offset`` on towards one end and then, if ``both``, the rest.

        Each step takes well under a millisecond unless nearly every line must be read; it says whether there are any
        in the block that it looked at, which may be on the other side of ``offset``.
        Raises Unreadable.
        """
        buffer = bytearray(_BLOCKS_AT_ONCE * BLOCK + MAX_LINE_BYTES + 2)
        finder = Finder(buffer)
        here = offset // BLOCK
        several = 1
        ways = [True, False] if forward else [False, True]
        for way in ways if both else ways[:1]:
            blocks: range | reversed[int] = range(here, len(self._counts)) if way else range(here, -1, -1)
            for block in blocks:
                if self.given_up:
                    return
                if block >= len(self._counts) or self._counts[block] != _UNKNOWN:
                    continue
                first = block if way else max(0, block - several + 1)
                last = min(block + several, len(self._counts)) if way else block + 1
                if self._rule_out(first, last, buffer, finder):
                    several = min(_BLOCKS_AT_ONCE, 2 * several)
                    yield False
                else:
                    several = 1
                    self._counts[block] = len(self._starts_in(block))
                    yield self._counts[block] > 0
        if both and not self.given_up and _UNKNOWN in self._counts:  # the log has grown meanwhile
            yield from self.scan(offset, forward)

    def _rule_out(self, first: int, last: int, buffer: bytearray, finder: Finder) -> bool:
        """Whether nothing in these blocks can match; it is known of them then."""
        if self._test.needles is None:
            return False
        begin = max(0, first * BLOCK - 1)
        length = self._data.read_into(buffer, begin, last * BLOCK + MAX_LINE_BYTES)
        if any(finder.find(needle, length) >= 0 for needle in self._test.needles):
            return False
        for empty in range(first, last):
            if self._counts[empty] == _UNKNOWN:
                self._counts[empty] = 0
        return True

    def _blocks(self, offset: int, forward: bool) -> Iterator[int]:
        """The blocks from that of ``offset`` on, or back, in which there may be some; the open one is the last."""
        counts, last = self._counts, len(self._counts)
        here = min(offset // BLOCK, last)
        if self.given_up:
            return
        for block in range(here, last + 1) if forward else range(here, -1, -1):
            if block == last or counts[block] != 0:
                yield block

    def _known_starts(self, block: int) -> tuple[int, ...] | list[int] | None:
        """Where the matches of a block start; None where that is not known yet."""
        if block >= len(self._counts):
            return self._open_starts()
        if self._counts[block] == 0:
            return ()
        return None if self._counts[block] == _UNKNOWN else self._starts_in(block)

    def _look_into(self, block: int) -> tuple[int, ...]:
        return self._wanted(block * BLOCK, (block + 1) * BLOCK)

    def _wanted(self, begin: int, end: int) -> tuple[int, ...]:
        if self.given_up:
            return ()
        try:
            return wanted_starts(self._data, self._test, begin, end)
        except TooSlow:
            self.given_up = True
            return ()

    def _open_starts(self) -> list[int]:
        """Those behind the last block that is complete: what is appended is looked at once."""
        begin = max(self._open_end, len(self._counts) * BLOCK)
        if begin < self._data.end:
            self._open += self._wanted(begin, self._data.end)
            self._open_end = self._data.end
        return self._open

    def _lines(self, starts: list[int]) -> list[RawLine]:
        lines = AllLines(self._data)
        return [line for start in starts for line in lines.after(start, 1)]

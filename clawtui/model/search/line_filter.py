"""Filters of the lines of a log, applied to many lines at once, and the cutting of lines that are too long."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct

from clawtui.model.checked.json_value import parsed_json
from clawtui.model.search.engine import Searcher, invalid_from, literal_searcher
from clawtui.model.search.literals import required_literals
from clawtui.model.search.pattern import Pattern
from clawtui.model.text.cleaning import replace_lone_surrogates
from clawtui.model.text.units import zoned_instant

MAX_LINE_BYTES: Final = 64 * 1024
"""Bytes of a line that are kept and searched. A longer line is cut and gets CUT_MARK, which is not searched."""

CUT_MARK: Final = "…".encode()


def cut_line(line: bytes) -> bytes:
    """Return the line as it is kept: whole, or its beginning and CUT_MARK; of one that begins blank, white space."""
    if len(line) <= MAX_LINE_BYTES:
        return line
    kept = line[:MAX_LINE_BYTES]
    return kept if kept.isspace() else kept + CUT_MARK


class LineFilter(Struct, frozen=True):
    """A test of lines as they are in the file, without newlines; of a line that is too long only the beginning."""

    holds: Callable[[bytes], bool]
    """Whether one line of at most MAX_LINE_BYTES passes."""
    searchers: tuple[Searcher, ...] = ()
    """All of them find something in every line that passes."""
    exact: bool = False
    """Whether every line passes in which the last of them finds something."""

    def admits(self, line: bytes) -> bool:
        """Return whether a line passes, whole or as `cut_line` returned it."""
        return self.holds(line[:MAX_LINE_BYTES])

    def lines(self, data: bytes, start: int, end: int) -> list[tuple[int, int]]:
        """Return (start, end) of the lines in `data` that pass and that start at or after `start` and before `end`.

        `start` is the start of a line. The last line may end after `end`: at its newline, or at the end of `data` if
        that has no newline there.
        """
        found: list[tuple[int, int]] = []
        newline = data.find(b"\n", end - 1)
        stop = len(data) if newline < 0 else newline
        while start < end:
            start = self._first_with_literals(data, start, stop)
            if start > stop:
                break
            # Search all lines up to the next one that must be searched by itself.
            alone = self._alone(data, start, stop)
            line = stop + 1 if alone is None else data.rfind(b"\n", start, alone) + 1 or start
            if line > start:
                found += self._ordinary(data, start, line - 1)
            if alone is None:
                break
            newline = data.find(b"\n", alone)
            line_end = len(data) if newline < 0 else newline
            if self.holds(data[line : min(line_end, line + MAX_LINE_BYTES)]):
                found.append((line, line_end))
            start = line_end + 1
        return found

    def and_also(self, other: LineFilter | None) -> LineFilter:
        """Return a filter for the lines that pass both."""
        if other is None:
            return self
        return LineFilter(
            lambda line: self.holds(line) and other.holds(line),
            self.searchers + other.searchers,
        )

    def _ordinary(self, data: bytes, start: int, stop: int) -> Iterator[tuple[int, int]]:
        """Yield the lines that pass; `data` must have no line here that is too long or that searchers may miss."""
        finds = [searcher.find for searcher in self.searchers]
        find_newline, last_newline, exact, holds = data.find, data.rfind, self.exact, self.holds
        while start <= stop:
            line = at = start
            for find in finds:
                at = find(data, line, stop)
                if at < 0:
                    return
                line = last_newline(b"\n", line, at) + 1 or line
            end = find_newline(b"\n", at, stop)
            if end < 0:
                end = stop
            if exact or holds(data[line:end]):
                yield line, end
            start = end + 1

    def _first_with_literals(self, data: bytes, start: int, stop: int) -> int:
        """Return the start of the first line that may pass by its literals, found fastest; else `stop` + 1."""
        if self._checks_encoding():
            return start
        for searcher in self.searchers:
            if searcher.checks_encoding:
                at = searcher.find(data, start, stop)
                if at < 0:
                    return stop + 1
                start = data.rfind(b"\n", start, at) + 1 or start
        return start

    def _alone(self, data: bytes, start: int, stop: int) -> int | None:
        """Return an offset in the first line that is too long or in which searchers may miss a match; None if none."""
        too_long = _overlong(data, start, stop)
        if self._checks_encoding():
            return too_long
        end = stop if too_long is None else too_long
        invalid = invalid_from(data, start, end)
        return invalid if invalid < end else too_long

    def _checks_encoding(self) -> bool:
        return all(searcher.checks_encoding for searcher in self.searchers)


def _overlong(data: bytes, start: int, stop: int) -> int | None:
    while stop - start > MAX_LINE_BYTES:
        newline = data.rfind(b"\n", start, start + MAX_LINE_BYTES + 1)
        if newline < 0:
            return start
        start = newline + 1
    return None


def pattern_filter(pattern: Pattern) -> LineFilter:
    """Return a filter for the lines that match."""
    required = required_literals(pattern.source)
    literals = None
    if required is not None:
        try:
            literals = literal_searcher(tuple(text.encode() for text in required.texts), pattern.ignore_case)
        except UnicodeEncodeError:
            literals = None
    if required is None or literals is None:
        return LineFilter(pattern.matches, (pattern.searcher,), exact=True)
    if required.exact:
        return LineFilter(pattern.matches, (literals,), exact=True)
    return LineFilter(pattern.matches, (literals, pattern.searcher), exact=True)


def literal_filter(text: str) -> LineFilter:
    """Return a filter for the lines that contain the text."""
    literal = text.encode("utf-8", "surrogateescape")
    searcher = literal_searcher((literal,))
    return LineFilter(lambda line: literal in line, () if searcher is None else (searcher,), searcher is not None)


def all_of(filters: Sequence[LineFilter]) -> LineFilter | None:
    """Return a filter for the lines that pass all of `filters`; None if there are none."""
    together: LineFilter | None = None
    for one in filters:
        together = one if together is None else together.and_also(one)
    return together


def line_fields(line: bytes | str) -> dict[str, object]:
    """Return the keys and values of a line, which need not be a valid entry; empty if it is not a JSON object."""
    text = line if isinstance(line, str) else line.decode("utf-8", "replace")
    try:
        value: object = parsed_json(text)
    except ValueError:
        try:
            value = parsed_json(replace_lone_surrogates(text))
        except ValueError:
            return {}
    except TypeError:  # a text with halves of surrogate pairs
        return {}
    return value if isinstance(value, dict) else {}


def time_of(line: bytes) -> datetime | None:
    """Return the timestamp of the line; None if it has none, or one without a time zone."""
    content = line_fields(line)
    written = content.get("timestamp", content.get("time"))  # a stock gateway's log has ``time``
    return zoned_instant(written)

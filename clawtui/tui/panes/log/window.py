"""The window of visible lines of a log. The line at the cursor keeps its row; the others are placed around it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from clawtui.model.documents.log_entry import RawLine
from clawtui.tui.panes.log.reader import LogReader, NoLog


class Row(NamedTuple):
    """One row of the view."""

    line: RawLine | None
    """The line; None for a row between two lines."""
    part: int = 0
    """The number of the row within a wrapped line, from 0."""
    note: str = ""
    """The text of a row that is not a line; empty where the log was truncated or replaced."""
    late: bool = False
    """Whether the line was written before the one above it, by its time."""


class Between(NamedTuple):
    """The note to show between a line and the one above it."""

    note: str = ""
    late: bool = False


Compare = Callable[[RawLine | None, RawLine], Between | None]
"""Function that compares a line with the last one above it that has a time; None where the line has no time."""


class LogWindow:
    """Window of ``height`` rows. It holds at most one line per row, independent of the size of the log."""

    def __init__(self) -> None:
        self.reader: LogReader = NoLog()
        self.following = True
        self.rows: list[Row] = []
        self.chosen: RawLine | None = None
        """The line at the cursor; the last one while the end is followed."""
        self.unfolded: int | None = None
        """The offset of a single line that is wrapped until the cursor moves."""
        self.marks_restart = True
        """Whether a row shows that the log was truncated or replaced."""
        self.row = 0
        """The row of the line at the cursor."""
        self._anchor = 0
        self._height = 1
        self._first_beginning = 0
        self._paused_end = 0

    def open(self, reader: LogReader, go_on: bool = False) -> None:
        """Show the end of another log, or, with ``go_on``, of the same log after it was missing for a moment."""
        self.reader = reader
        if not go_on and not isinstance(reader, NoLog):
            self._first_beginning = reader.beginning
        if not go_on:
            self.rows, self.chosen = [], None
        self.follow()

    @property
    def anchor(self) -> int:
        """The offset of the line at the cursor; the end of the log while it is followed."""
        return self.reader.end if self.following else self._anchor

    def fill(self, height: int, rows_of: Callable[[RawLine], int], compare: Compare = lambda above, line: None) -> None:
        """Read the lines around the cursor again; ``rows_of`` returns how many rows a line takes."""
        self._height = height = max(1, height)
        reader = self.reader
        if self.following:
            before = [*reader.before(reader.end, height)]
            after = [before.pop()] if before else []
            self.row = height
        else:
            after = [*reader.after(self._anchor, height)]
            before = [*reader.before(self._anchor, height)]
            if not after and before:
                after = [before.pop()]
        if self.rows and not after and reader.is_waiting:
            return  # the lines that are shown stay until the others have come
        self.chosen = after[0] if after else None
        above, last = _rows(before, rows_of, compare, None)
        below, _ = _rows(after, rows_of, compare, last)
        if below and below[0].line is None:
            above.append(below.pop(0))
        restarted = self.marks_restart and reader.beginning != self._first_beginning
        if restarted and _at_start(before, after):
            above.insert(0, Row(None))
        own = min(height, rows_of(after[0])) if after else 0
        top = max(min(self.row, len(above), height - own), min(len(above), height - len(below)))
        self.row = top
        self.rows = (above[len(above) - top :] + below)[:height]

    def follow(self) -> None:
        """Keep the end visible."""
        self.following = True
        self.unfolded = None

    def pause(self) -> None:
        """Stop following: keep the visible lines when more are appended."""
        if self.following:
            self.following = False
            self._paused_end = self.reader.end
            self._anchor = self.chosen.start if self.chosen is not None else self.reader.end

    def toggle_following(self) -> None:
        """Follow the end of the log, or stop following it."""
        if self.following:
            self.pause()
        else:
            self.follow()

    def step(self, lines: int) -> None:
        """Move by a number of lines; up if it is negative."""
        if self.following and lines > 0:
            return
        self.pause()
        self.unfolded = None
        at = self.chosen.start if self.chosen is not None else self._anchor
        if lines < 0:
            passed = self.reader.before(at, -lines)
            self._anchor = passed[0].start if passed else at
        else:
            passed = self.reader.after(at, lines + 1)
            self._anchor = passed[-1].start if passed else at

    def go_to(self, offset: int, unfold: bool = False, row: int | None = None) -> None:
        """Move the cursor to the line at ``offset``; a line that was not visible is placed a third below the top.

        With ``unfold`` that line is wrapped; with ``row`` it is placed there.
        """
        self.pause()
        self.unfolded = offset if unfold else None
        rows = [index for index, row in enumerate(self.rows) if row.line is not None and row.line.start == offset]
        self.row = row if row is not None else rows[0] if rows else self._height // 3
        self._anchor = offset

    def choose_row(self, index: int) -> None:
        """Move the cursor to the line in a row of the view."""
        line = self.rows[index].line if index < len(self.rows) else None
        if line is not None:
            self.go_to(line.start)

    def go_to_start(self) -> None:
        """Move to the first line."""
        self.pause()
        self.unfolded = None
        self._anchor = self.row = 0

    def new(self) -> int | None:
        """Return the number of visible lines appended since the pause; None where they are too many to count."""
        return 0 if self.following else self.reader.count(self._paused_end, self.reader.end)

    def restart(self) -> None:
        """Show the end of the log after it was truncated or replaced."""
        self.follow()


def _rows(
    lines: Iterable[RawLine], rows_of: Callable[[RawLine], int], compare: Compare, last: RawLine | None
) -> tuple[list[Row], RawLine | None]:
    """Return the rows of the lines, and the last line that has a time; ``last`` is the one above them."""
    rows: list[Row] = []
    for line in lines:
        between = compare(last, line)
        if between is not None:
            last = line
            rows += [Row(None, note=between.note)] if between.note else []
        late = between is not None and between.late
        rows += [Row(line, part, late=late) for part in range(rows_of(line))]
    return rows, last


def _at_start(before: list[RawLine], after: list[RawLine]) -> bool:
    """Return whether the first line of the log is among these."""
    lines = before or after
    return bool(lines) and lines[0].start == 0

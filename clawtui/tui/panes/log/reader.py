"""The protocol through which the log pane reads a log."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from clawtui.model.documents.log_entry import RawLine
from clawtui.model.search.log_query import LogQuery
from clawtui.model.search.log_results import Hits, Nearest, Sought, Totals, Work
from clawtui.model.search.pattern import Pattern


class LogPlaces(Protocol):
    """The positions of lines in a log, by number and by time. Offsets are in bytes."""

    def number_of(self, offset: int) -> int | None:
        """Return the number of the line at ``offset``, from 1; None where it is not known yet."""

    def totals(self) -> Totals | None:
        """Return the numbers of lines, errors and warnings of the whole log; None while they are not counted."""

    def place_of(self, instant: datetime) -> int | None:
        """Return the offset of the first line written at ``instant`` or later; the end if there is none.

        None if it is not known yet: a callback follows.
        """

    def began(self) -> datetime | None:
        """Return the time in the first lines of the log; None if they have none."""


class LogReader(Protocol):
    """Reader of one log; lines that pass its filter are visible. Offsets are in bytes, each at the start of a line."""

    @property
    def places(self) -> LogPlaces:
        """The places of its lines."""

    @property
    def end(self) -> int:
        """The offset where the last complete line ends."""

    @property
    def beginning(self) -> int:
        """The number of times that the log was truncated or replaced; earlier lines are then of another log."""

    @property
    def problem(self) -> str | None:
        """The reason why the log cannot be read; None where it can."""

    @property
    def is_unfinished(self) -> bool:
        """Whether the last line has no end, and is not shown for that reason."""

    @property
    def is_waiting(self) -> bool:
        """Whether requested lines are still missing: a callback follows."""

    def look(self) -> bool:
        """Check the log for changes; return whether anything changed."""

    def after(self, offset: int, count: int) -> Sequence[RawLine]:
        """Return the first ``count`` visible lines from ``offset`` on, as far as they are known."""

    def before(self, offset: int, count: int) -> Sequence[RawLine]:
        """Return the last ``count`` visible lines before ``offset``, as far as they are known."""

    def show_only(self, query: LogQuery, near: int) -> None:
        """Show only the lines that pass ``query``; the scan starts at the offset ``near``."""

    def search(self, pattern: Pattern | None, near: int) -> None:
        """Search the visible lines for ``pattern``, starting at the offset ``near``; None ends the search."""

    def nearest(self, what: Sought, offset: int, forward: bool) -> Nearest:
        """Return the first match or error from ``offset`` on, or the last one before it."""

    def count(self, start: int, end: int) -> int | None:
        """Return the number of visible lines from ``start`` to ``end``; None where the range is too large to count."""

    def hits(self) -> Hits:
        """Return the number of matches found so far."""

    def rank(self, offset: int) -> int | None:
        """Return the number of the match at ``offset``, from 1; None where it is no match or not known yet."""

    def work(self) -> Work:
        """Return the background work and its progress."""

    def stop(self) -> None:
        """Stop the background work; keep the matches found so far."""

    def close(self) -> None:
        """Close the log."""


OpenLog = Callable[[tuple[str, ...], Callable[[], None]], LogReader]
"""Function that opens the logs at paths below ``automations/`` as one, oldest first.

It calls the callback on any thread on new results.
"""


class NoPlaces:
    """Places for the case that there is no log."""

    def number_of(self, offset: int) -> int | None:
        """Return None."""
        return None

    def totals(self) -> Totals | None:
        """Return None."""
        return None

    def place_of(self, instant: datetime) -> int:
        """Return 0, the only offset."""
        return 0

    def began(self) -> datetime | None:
        """Return None: the log has no first line."""
        return None


class NoLog:
    """Reader for the case that there is no log."""

    end = 0
    beginning = 0
    is_unfinished = False
    is_waiting = False
    places = NoPlaces()
    problem: str | None = None

    def look(self) -> bool:
        """Return False: nothing changes."""
        return False

    def after(self, offset: int, count: int) -> Sequence[RawLine]:
        """Return no lines."""
        return ()

    def before(self, offset: int, count: int) -> Sequence[RawLine]:
        """Return no lines."""
        return ()

    def show_only(self, query: LogQuery, near: int) -> None:
        """Do nothing: there is no line to filter."""

    def search(self, pattern: Pattern | None, near: int) -> None:
        """Do nothing: there is no line to search."""

    def nearest(self, what: Sought, offset: int, forward: bool) -> Nearest:
        """Return that there is none."""
        return Nearest(None, known=True)

    def count(self, start: int, end: int) -> int | None:
        """Return 0."""
        return 0

    def hits(self) -> Hits:
        """Return that there are none."""
        return Hits(0, known=True)

    def rank(self, offset: int) -> int | None:
        """Return None."""
        return None

    def work(self) -> Work:
        """Return that no work is running."""
        return Work("", 1.0)

    def stop(self) -> None:
        """Do nothing: no work is running."""

    def close(self) -> None:
        """Do nothing: no log is open."""

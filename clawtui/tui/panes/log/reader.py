"""The protocol through which the log pane reads a log: the pane knows no files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Literal, NamedTuple, Protocol

from clawtui.model.documents.log_entry import RawLine
from clawtui.model.search.log_query import LogQuery
from clawtui.model.search.pattern import Pattern

Sought = Literal["match", "error"]
"""What can be gone to: a line that matches the search, or an error."""


class Nearest(NamedTuple):
    """The nearest line of a kind, as far as is known."""

    line: RawLine | None
    known: bool
    """Whether that is the answer; else it is being searched for, and a change will be reported."""


class Work(NamedTuple):
    """The progress of the work in the background."""

    doing: str
    """``looking``, ``filtering`` or ``searching``; empty where there is nothing to wait for."""
    progress: float
    """From 0 to 1."""


class Hits(NamedTuple):
    """The number of lines that match the search."""

    total: int
    known: bool
    """Whether the whole log has been searched."""


class LogReader(Protocol):
    """One log, of which the lines that pass a filter are visible. Offsets are those of lines."""

    @property
    def end(self) -> int:
        """Where its last complete line ends."""

    @property
    def beginning(self) -> int:
        """Grows by one when the log was truncated or replaced: what was seen before is of another log."""

    @property
    def problem(self) -> str | None:
        """Why it cannot be read."""

    def look(self) -> bool:
        """Look at the log again; return whether anything changed."""

    def after(self, offset: int, count: int) -> Sequence[RawLine]:
        """The first ``count`` visible lines from ``offset`` on, as far as they are known."""

    def before(self, offset: int, count: int) -> Sequence[RawLine]:
        """The last ``count`` visible lines up to ``offset``, as far as they are known."""

    def show_only(self, query: LogQuery, near: int) -> None:
        """Show only the lines that pass the query, those near ``near`` first."""

    def search(self, pattern: Pattern | None, near: int) -> None:
        """Search the lines shown for ``pattern``, near ``near`` first; None ends the search."""

    def nearest(self, what: Sought, offset: int, forward: bool) -> Nearest:
        """The first such line from ``offset`` on, or the last before it."""

    def place_of(self, instant: datetime) -> int:
        """Where the first line starts that was written at ``instant`` or later."""

    def began(self) -> datetime | None:
        """When the log begins, as its first lines say."""

    def number_of(self, offset: int) -> int | None:
        """The number of the line at ``offset``, from 1; None where that is not known yet."""

    def count(self, start: int, end: int) -> int | None:
        """How many visible lines there are from ``start`` to ``end``; None where they are too many to count at once."""

    def hits(self) -> Hits:
        """How often the search was found so far."""

    def rank(self, offset: int) -> int | None:
        """The number, from 1, of the match at ``offset``; None where it is none or that is not known yet."""

    def work(self) -> Work:
        """Return the work in the background."""

    def stop(self) -> None:
        """Stop the work in the background; what was found stays."""

    def close(self) -> None:
        """Close the log."""


OpenLog = Callable[[str, Callable[[], None]], LogReader]
"""Opens the log at a path below ``automations/``; calls back, from any thread, when more is known."""


class NoLog:
    """The reader where there is no log."""

    end = 0
    beginning = 0
    problem: str | None = None

    def look(self) -> bool:
        """Nothing changes."""
        return False

    def after(self, offset: int, count: int) -> Sequence[RawLine]:
        """None."""
        return ()

    def before(self, offset: int, count: int) -> Sequence[RawLine]:
        """None."""
        return ()

    def show_only(self, query: LogQuery, near: int) -> None:
        """There is nothing to show."""

    def search(self, pattern: Pattern | None, near: int) -> None:
        """There is nothing to find."""

    def nearest(self, what: Sought, offset: int, forward: bool) -> Nearest:
        """None."""
        return Nearest(None, known=True)

    def place_of(self, instant: datetime) -> int:
        """The only one."""
        return 0

    def began(self) -> datetime | None:
        """Never."""
        return None

    def number_of(self, offset: int) -> int | None:
        """None."""
        return None

    def count(self, start: int, end: int) -> int | None:
        """None."""
        return 0

    def hits(self) -> Hits:
        """None."""
        return Hits(0, known=True)

    def rank(self, offset: int) -> int | None:
        """None."""
        return None

    def work(self) -> Work:
        """None."""
        return Work("", 1.0)

    def stop(self) -> None:
        """Nothing goes on."""

    def close(self) -> None:
        """Nothing is open."""

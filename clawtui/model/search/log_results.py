"""The results of a view of a log: lines of a kind, counts, and the work in progress."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple

from clawtui.model.documents.log_entry import RawLine

Sought = Literal["match", "error"]
"""The kinds of line to go to: a match of the search, or an error."""


class Nearest(NamedTuple):
    """Nearest line of a kind, as far as it is known."""

    line: RawLine | None
    known: bool
    """Whether ``line`` is the answer; if not, the search for it is running and reports a change."""


class Work(NamedTuple):
    """The progress of the work in the background."""

    doing: str
    """``looking``, ``filtering`` or ``searching``; empty without work to wait for."""
    progress: float
    """From 0 to 1."""


class Hits(NamedTuple):
    """The number of lines that match the search."""

    total: int
    known: bool
    """Whether the whole log has been searched."""


class Totals(NamedTuple):
    """The numbers of lines, errors and warnings of a log."""

    lines: int
    errors: int
    warnings: int


class Origin(NamedTuple):
    """The log that a line of a merged log is from, and how many times in a row that log repeats it."""

    source: str
    """The automation's id, or ``dispatcher``."""
    path: str
    of_dispatcher: bool
    automation_id: str | None
    """The automation that the line is about."""
    at: datetime
    """The time of the first of them."""
    times: int = 1

    def repeated(self, times: int) -> Origin:
        """Return the origin with ``times`` further repetitions."""
        return self._replace(times=self.times + times)

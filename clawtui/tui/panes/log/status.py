"""The state of the log pane as text, for its title and the row below it."""

from __future__ import annotations

from msgspec import Struct

from clawtui.model.search.log_query import LogQuery
from clawtui.model.search.log_results import Hits, Totals, Work
from clawtui.model.search.pattern import Pattern
from clawtui.tui.widgets.line import BLANK, Line, Role, Span, fit, spread
from clawtui.tui.widgets.line_content import OneLine
from clawtui.tui.widgets.line_view import LineView


class LogStatus(Struct, frozen=True):
    """The position in a log, the search and the filters."""

    following: bool
    new: int | None
    """The number of lines appended since the pause; None where they are too many to count."""
    work: Work
    query: LogQuery
    """The filter; its pattern is set where only matches are shown."""
    pattern: Pattern | None
    hits: Hits
    rank: int | None
    """The number of the match at the cursor, from 1."""
    number: int | None
    """The number of the line at the cursor, from 1."""
    totals: Totals | None = None
    """The numbers of lines, errors and warnings; None while they are not counted."""
    ending: Line = ()
    """How and when the run ended; empty while it is going, or where that is not known."""


def state_line(status: LogStatus) -> Line:
    """Return the right end of the title: the work in the background, the position, and whether lines are pending.

    A click on the position goes to the end of the log.
    """
    if status.work.doing:
        return (Span(f"{status.work.doing} {int(status.work.progress * 100)}% · Esc stops", "active"),)
    if status.following:
        return status.ending or (Span("following", "dim"),)
    end = "move('bottom')"
    at = "" if status.number is None else f"{_position(status.number, status.totals)} · "
    new = "" if status.new == 0 else "much new" if status.new is None else f"{status.new:,} new"
    if status.ending:
        return (Span(at + (f"{new} · " if new else ""), "dim", click=end), *status.ending)
    return (Span(f"{at}paused · {new + ' · ' if new else ''}G follows", "warn", click=end),)


def counts_line(totals: Totals | None) -> Line:
    """Return the numbers of errors and warnings, for the title; empty where there are none or they are not known.

    A click goes to the next error, or shows only warnings and errors.
    """
    if totals is None:
        return ()
    pieces = [_counted(totals.errors, "error", "bad", "search('error', 1)")] if totals.errors else []
    pieces += [_counted(totals.warnings, "warning", "warn", "search('warnings')")] if totals.warnings else []
    line = [pieces[0], Span(" · ", "dim"), pieces[1]] if len(pieces) == 2 else pieces
    return (*line, Span("  ")) if line else ()


def _counted(number: int, name: str, role: Role, click: str) -> Span:
    return Span(f"{number:,} {name}{'' if number == 1 else 's'}", role, click=click)


def _position(number: int, totals: Totals | None) -> str:
    """Return ``36/412 8 %``."""
    if totals is None or totals.lines < number:
        return f"line {number:,}"
    return f"{number:,}/{totals.lines:,} {100 * number // totals.lines} %"


def filter_line(status: LogStatus) -> Line:
    """Return the row below the title: the search with its count, then the filters; empty where there is neither."""
    pieces: list[Span] = []
    if status.pattern is not None:
        pieces.append(Span(f"/{status.pattern.text}", "match"))
        pieces.append(Span(f" {_count(status)}"))
    for left_out in _filters(status):
        pieces += [Span(" · ", "dim")] if pieces else []
        pieces.append(Span(left_out, "warn"))
    return tuple(pieces)


def _count(status: LogStatus) -> str:
    total, known = status.hits
    so_far = "" if known else " so far"
    if status.rank is not None:
        return f"{status.rank:,} of {total:,}{so_far}"
    if total == 0 and known:
        return "not found"
    return f"{total:,} match{'' if total == 1 else 'es'}{so_far}"


def _filters(status: LogStatus) -> list[str]:
    query = status.query
    filters = []
    if query.pattern is not None:
        same = status.pattern == query.pattern
        filters.append("only matches" if same else f"only /{query.pattern.text}")
    filters += [f"{query.level} and above" if query.level != "error" else "errors only"] if query.level else []
    filters += [f"phase {query.phase}"] if query.phase is not None else []
    filters += [f"of {query.automation_id}"] if query.automation_id is not None else []
    return filters


class FilterRow(LineView, can_focus=False):
    """Row that is shown only while it has text."""

    def __init__(self) -> None:
        super().__init__(OneLine(self._make), classes="filter-row")
        self._line: Line = BLANK
        self.display = False

    def show(self, line: Line) -> None:
        """Show ``line``; hide the row where it is empty."""
        self._line = line
        if self.display != bool(line):
            self.display = bool(line)
        self.sync()

    def _make(self, width: int) -> Line:
        """Return the line; with the key that clears it where ``width`` has room."""
        clear: Line = (Span(" Esc clears ", "dim"),)
        whole: Line = (Span(" "), *self._line)
        return spread(whole, clear, width) if width > 50 else fit(whole, width)

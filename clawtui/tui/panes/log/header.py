"""The title of the log pane, and the row below it with the search and the filters."""

from __future__ import annotations

from datetime import datetime, tzinfo

from clawtui.model.runs.judgement import BAD
from clawtui.tui.panes.log.log_search import LogSearch
from clawtui.tui.panes.log.status import FilterRow, LogStatus, counts_line, filter_line, state_line
from clawtui.tui.panes.log.view_model import LogViewModel
from clawtui.tui.panes.log.window import LogWindow
from clawtui.tui.panes.pane import PaneTitle
from clawtui.tui.widgets.line import BLANK, Line, Span


class LogHeader:
    """The title, with the log's name and whether its end is followed, and the row with the search and the filters."""

    def __init__(self, title: PaneTitle, window: LogWindow, search: LogSearch, zone: tzinfo | None) -> None:
        self.filter_row = FilterRow()
        self._zone = zone
        self._title = title
        self._window = window
        self._search = search

    def show(self, log: LogViewModel, now: datetime | None = None) -> None:
        """Update the title and the row."""
        problem = self._window.reader.problem
        status = self._status(log, now)
        self.filter_row.show(filter_line(status))
        if problem is not None:
            self._title.show((Span(f"{log.name} {problem}", "bad"),))
        else:
            known = log.path is not None
            facts = (*counts_line(status.totals), Span(log.name, "plain" if known else "dim"))
            self._title.show(facts, state_line(status) if known else BLANK)

    def notice(self, log: LogViewModel) -> str:
        """Return the text shown where the window has no line; empty where the log is unreadable."""
        reader = self._window.reader
        if not reader.end or reader.problem is not None:
            return "" if reader.problem is not None else log.why_empty
        if reader.is_waiting:
            return "reading …"
        if reader.work().doing:
            return "no such line yet"
        if self._search.query.of_gateway and not self._search.asks:
            return "no line is about this run · 0 shows all"
        return "no line is like that · Esc shows all"

    def _status(self, log: LogViewModel, now: datetime | None) -> LogStatus:
        window, reader, search = self._window, self._window.reader, self._search
        chosen = None if window.following else window.chosen
        return LogStatus(
            following=window.following,
            new=window.new(),
            work=reader.work(),
            query=search.query,
            pattern=search.pattern,
            hits=reader.hits(),
            rank=None if chosen is None else reader.rank(chosen.start),
            number=None if chosen is None else reader.places.number_of(chosen.start),
            # A log of several automations has the errors of all.
            totals=None if log.automation_id is not None else reader.places.totals(),
            ending=ending_line(log, now, self._zone),
        )


def ending_line(log: LogViewModel, now: datetime | None, zone: tzinfo | None) -> Line:
    """Return how the run ended, and when: ``failed at 11:04:10``; empty while it is going or that is not known."""
    if log.state is None or not log.is_over:
        return ()
    at = "" if log.ended is None else f" {moment(log.ended, now, zone)}"
    return (Span(f"{log.state}{at}", "bad" if log.state in BAD else "dim"),)


def moment(instant: datetime, now: datetime | None, zone: tzinfo | None) -> str:
    """Return the time of day, with the date where that is not today's: ``Jan 25 11:04:10``."""
    local = instant.astimezone(zone)
    today = now is not None and now.astimezone(zone).date() == local.date()
    return f"{local:%H:%M:%S}" if today else f"{local:%b} {local.day} {local:%H:%M}"

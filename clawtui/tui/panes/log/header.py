"""The title of the log pane, and the row below it with the search and the filters."""

from __future__ import annotations

from clawtui.tui.panes.log.log_search import LogSearch
from clawtui.tui.panes.log.status import FilterRow, LogStatus, filter_line, state_line
from clawtui.tui.panes.log.view_model import LogViewModel
from clawtui.tui.panes.log.window import LogWindow
from clawtui.tui.panes.pane import PaneTitle
from clawtui.tui.widgets.line import BLANK, Span


class LogHeader:
    """The title, with the log's name and whether its end is followed, and the row with the search and the filters."""

    def __init__(self, title: PaneTitle, window: LogWindow, search: LogSearch) -> None:
        self.filter_row = FilterRow()
        self._title = title
        self._window = window
        self._search = search

    def show(self, log: LogViewModel) -> None:
        """Update the title and the row."""
        problem = self._window.reader.problem
        status = self._status()
        self.filter_row.show(filter_line(status))
        if problem is not None:
            self._title.show((Span(f"{log.name} {problem}", "bad"),))
        else:
            known = log.path is not None
            self._title.show((Span(log.name, "plain" if known else "dim"),), state_line(status) if known else BLANK)

    def notice(self) -> str:
        """Return the text shown where the window has no line; empty where the log is empty or unreadable."""
        reader = self._window.reader
        if not reader.end or reader.problem is not None:
            return ""
        return "no such line yet" if reader.work().doing else "no line is like that · Esc shows all"

    def _status(self) -> LogStatus:
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
        )

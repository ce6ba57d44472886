"""The reader behind the log pane: the lines that pass a filter, the matches of a search, and the errors.

A background thread finds them; until it has read the whole log, answers cover the part that it has read.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from clawtui.files.log_view.places import LogFilePlaces
from clawtui.files.log_view.worker import Background
from clawtui.files.logs.index import count_lines
from clawtui.files.logs.joined_log import open_joined
from clawtui.files.logs.line_access import AllLines, Lines
from clawtui.files.logs.log_data import LogData, PositionedLog
from clawtui.files.logs.matches import Matches
from clawtui.model.documents.log_entry import RawLine
from clawtui.model.errors import ClawtuiError
from clawtui.model.gateway.log_entry import gateway_level_filter
from clawtui.model.search.field_filter import error_filter
from clawtui.model.search.line_filter import LineFilter, pattern_filter
from clawtui.model.search.log_query import LogQuery
from clawtui.model.search.log_results import Hits, Nearest, Sought, Work
from clawtui.model.search.pattern import Pattern

_SEEK, _FILTER, _SEARCH, _INDEX = range(4)
"""The background jobs, the most urgent first: a line that the operator waits for comes before the index of the log."""
_DOING = {_SEEK: "looking", _FILTER: "filtering", _SEARCH: "searching"}

_COUNTED = 32 * 1024 * 1024
"""Largest range, in bytes, in which lines are counted without the background thread."""


class LogFileReader:
    """Reader of one log, or of several as one; implements the protocol ``LogReader`` of the log pane.

    ``news`` is called on the background thread when more of the log is known.
    """

    def __init__(self, log: PositionedLog, news: Callable[[], None], clock: Callable[[], float] = time.time) -> None:
        self._log = log
        self._clock = clock
        self._background = Background(news)
        self._data = LogData()
        self.problem: str | None = None
        self._query = LogQuery()
        self._pattern: Pattern | None = None
        self._stopped = False
        self._near = 0
        self._sought: tuple[Sought, int, bool] | None = None
        self._filter: LineFilter | None = None
        self._visible: Lines = AllLines(self._data)
        self._found: Matches | None = None
        self._errors: Matches | None = None
        self.places = LogFilePlaces()
        self.look()

    @property
    def end(self) -> int:
        """The offset where the last complete line ends."""
        return self._data.end

    @property
    def beginning(self) -> int:
        """The number of times that the log was truncated or replaced."""
        return self._data.beginning

    @property
    def is_unfinished(self) -> bool:
        """Whether the last line has no end, and is not shown for that reason."""
        return self._data.size > self._data.end

    @property
    def is_waiting(self) -> bool:
        """Whether requested lines are still missing: never, because a file is read at once."""
        return False

    @property
    def is_filtered(self) -> bool:
        """Whether all lines that pass the filter are known, and can be read."""
        visible = self._visible
        return self.problem is None and (not isinstance(visible, Matches) or visible.progress == 1)

    def look(self) -> bool:
        """Check the log for changes; return whether its data or the problem changed."""
        before, problem_before = self._data, self.problem
        try:
            self._data, self.problem = self._log.look(self._clock()), None
        except ClawtuiError as error:
            self._data, self.problem = self._log.known, error.reason
        if self._data.beginning != before.beginning or (before.torn and not self._data.torn):
            self._near = 0
            self._restart()
        elif self._data is not before:
            self._grow()
        if self._data is not before:
            self._go_on()
        return self._data is not before or self.problem != problem_before

    def after(self, offset: int, count: int) -> Sequence[RawLine]:
        """Return the first ``count`` visible lines from ``offset`` on, as far as they are known."""
        return self._read(lambda: self._visible.after(offset, count))

    def before(self, offset: int, count: int) -> Sequence[RawLine]:
        """Return the last ``count`` visible lines before ``offset``, as far as they are known."""
        return self._read(lambda: self._visible.before(offset, count))

    def show_only(self, query: LogQuery, near: int) -> None:
        """Show only the lines that pass ``query``; the scan starts at the offset ``near``."""
        if query == self._query:
            return
        self._query, self._near, self._stopped = query, near, False
        self._restart()
        self._go_on()

    def search(self, pattern: Pattern | None, near: int) -> None:
        """Search the visible lines for ``pattern``, starting at the offset ``near``; None ends the search."""
        self._pattern, self._near, self._stopped = pattern, near, False
        self._background.drop(_SEEK)
        self._background.drop(_SEARCH)
        self._found = None if pattern is None else self._matches(pattern_filter(pattern))
        self._go_on()

    def nearest(self, what: Sought, offset: int, forward: bool) -> Nearest:
        """Return the first match or error from ``offset`` on, or the last one before it.

        Where the answer is not known yet, start to look for it in the background.
        """
        matches = self._lines_of(what)
        if matches is None:
            return Nearest(None, known=True)
        lines = self._read(lambda: matches.after(offset, 1) if forward else matches.before(offset, 1))
        known = matches.is_known(offset, forward) or self.problem is not None
        if not known and not (self._sought == (what, offset, forward) and self._background.is_doing(_SEEK)):
            self._sought = (what, offset, forward)
            self._background.begin(_SEEK, _guarded(_until_known(matches, offset, forward)))
        return Nearest(lines[0] if lines and known else None, known)

    def count(self, start: int, end: int) -> int | None:
        """Return the number of visible lines from ``start`` to ``end``; None where the range is too large to count."""
        if end - start > _COUNTED:
            return None
        if isinstance(self._visible, Matches):
            return self._visible.count(start, end)
        try:
            return count_lines(self._data, start, end)
        except ClawtuiError:
            return None

    def hits(self) -> Hits:
        """Return the number of matches found so far."""
        if self._found is None:
            return Hits(0, known=True)
        return Hits(self._found.total, self._found.progress == 1)

    def rank(self, offset: int) -> int | None:
        """Return the number of the match at ``offset``, from 1; None where it is not known."""
        return None if self._found is None else self._found.rank(offset)

    def work(self) -> Work:
        """Return the most urgent background job that is shown, with its progress."""
        for urgency, doing in _DOING.items():
            if self._background.is_doing(urgency):
                matches = self._visible if urgency == _FILTER else self._found
                if urgency == _SEEK and self._sought is not None:
                    matches = self._lines_of(self._sought[0])
                return Work(doing, matches.progress if isinstance(matches, Matches) else 0.0)
        return Work("", 1.0)

    def stop(self) -> None:
        """Stop the background work, except for the index of lines; keep the matches found so far."""
        self._stopped = True
        for urgency in _DOING:
            self._background.drop(urgency)

    def close(self) -> None:
        """Stop the background work and close the log."""
        self._background.stop()
        self._log.close()

    def _restart(self) -> None:
        """Discard all results, because the log or the filter is another one."""
        self._background.stop()
        self._filter = self._query.line_filter()
        self._visible = AllLines(self._data) if self._filter is None else Matches(self._data, self._filter)
        self._errors = None
        self._found = None if self._pattern is None else self._matches(pattern_filter(self._pattern))
        self.places = LogFilePlaces()
        self.places.data = self._data

    def _lines_of(self, what: Sought) -> Matches | None:
        if what == "error" and self._errors is None:
            self._errors = self._matches(gateway_level_filter("error") if self._query.of_gateway else error_filter())
        return self._found if what == "match" else self._errors

    def _matches(self, line_filter: LineFilter | None) -> Matches | None:
        return None if line_filter is None else Matches(self._data, line_filter.and_also(self._filter))

    def _grow(self) -> None:
        if isinstance(self._visible, AllLines):
            self._visible = AllLines(self._data)
        for matches in (self._visible, self._errors, self._found):
            if isinstance(matches, Matches):
                matches.grow(self._data)

    def _go_on(self) -> None:
        """Start the background jobs whose results are incomplete."""
        for urgency, matches in ((_FILTER, self._visible), (_SEARCH, self._found)):
            if not isinstance(matches, Matches) or self._stopped or self._background.is_doing(urgency):
                continue
            if matches.progress < 1:
                near = min(self._near, self._data.end)
                self._background.begin(urgency, _guarded(matches.scan(near, forward=near < self._data.end)))
        self.places.data = self._data
        if self.places.is_behind and not self._background.is_doing(_INDEX):
            self._background.begin(_INDEX, _guarded(self.places.index_steps()))

    def _read(self, read: Callable[[], Sequence[RawLine]]) -> Sequence[RawLine]:
        """Return the lines, or none where the log can no longer be read; ``problem`` then says why."""
        try:
            return read()
        except ClawtuiError as error:
            self.problem = error.reason
            return ()


def _guarded(steps: Iterator[bool]) -> Iterator[bool]:
    """Yield the steps; end without an exception when the log can no longer be read: the next ``look`` says why."""
    try:
        yield from steps
    except ClawtuiError:
        return


def _until_known(matches: Matches, offset: int, forward: bool) -> Iterator[bool]:
    """Scan from ``offset`` in one direction until the nearest match is known."""
    for hit in matches.scan(offset, forward, both=False):
        known = hit and matches.is_known(offset, forward)
        yield known
        if known:
            return


def open_log(base: Path, paths: Sequence[str], news: Callable[[], None]) -> LogFileReader:
    """Return a reader of the logs at ``paths`` below ``base``, or of a stock gateway's at an absolute path."""
    place = Path(paths[-1])
    log = open_joined(place.parent, [place.name]) if place.is_absolute() else open_joined(base, paths)
    return LogFileReader(log, news)

"""The search and the filters of the log pane."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import NamedTuple, get_args

from msgspec.structs import replace

from clawtui.model.documents.base import LogLevel
from clawtui.model.documents.log_entry import Phase, RawLine
from clawtui.model.runs.run import RunLines
from clawtui.model.search.engine import InvalidPattern
from clawtui.model.search.log_query import LogQuery
from clawtui.model.search.log_results import Sought
from clawtui.model.search.pattern import Pattern
from clawtui.tui.panes.log.time_moves import TimeMoves
from clawtui.tui.panes.log.window import LogWindow

_LEVELS: tuple[LogLevel | None, ...] = (None, "info", "warn", "error")


class _Sought(NamedTuple):
    """A search for the nearest match or error from an offset on."""

    what: Sought
    offset: int
    forward: bool
    or_else: bool
    """Whether to search in the other direction after this one has none."""
    opening: bool = False
    """Whether it is not a request of the operator: the line is wrapped, and no message is shown if there is none."""


class LogSearch:
    """The search and the filters of a log window.

    It moves the window to a match when one is found; ``say`` shows a message if there is none.
    """

    def __init__(self, window: LogWindow, say: Callable[[str], None]) -> None:
        self._window = window
        self._say = say
        self._way: _Sought | None = None
        self._times = TimeMoves(window, say)
        self.pattern: Pattern | None = None
        self.query = LogQuery()

    @property
    def asks(self) -> bool:
        """Whether the operator has set a search or a filter."""
        return self.pattern is not None or replace(self.query, automation_id=None, run=None, of_gateway=False).asks

    @property
    def under_way(self) -> bool:
        """Whether the search for the line to go to is in progress."""
        return self._way is not None or self._times.under_way

    def open(self, owner: str | None, run: RunLines | None = None, *, of_gateway: bool = False) -> None:
        """Apply the search and the filter to another log, and show only the lines about the automation ``owner``."""
        self.cancel_move()
        self.query = replace(self.query, automation_id=owner, run=run, of_gateway=of_gateway)
        self._window.reader.show_only(self.query, self._window.anchor)
        self._window.reader.search(self.pattern, self._window.anchor)

    def forget_filter(self) -> None:
        """Remove the filter, because the log of another automation may have no line that passes it."""
        self.query = LogQuery()

    def search(self, text: str) -> None:
        """Search for a regular expression and go to the nearest match; with empty text, go to the next match."""
        if not text:
            self.next("match", 1)
            return
        try:
            self.pattern = Pattern.parse(text)
        except InvalidPattern as error:
            self.pattern = Pattern.literal(text)
            self._say(f"{error}; it is searched for as it stands")
        window = self._window
        window.reader.search(self.pattern, window.anchor)
        at = window.chosen.start if window.chosen is not None else 0
        following = window.following
        self._go(_Sought("match", window.reader.end if following else at, not following, or_else=True))

    def next(self, what: Sought, step: int) -> None:
        """Go to the next match or error; to the previous one if ``step`` is negative or the end is followed."""
        if what == "match" and self.pattern is None:
            self._say("Nothing is searched for: / searches")
            return
        window = self._window
        if window.following:
            self._go(_Sought(what, window.reader.end, forward=False, or_else=False))
            return
        if window.chosen is not None:
            at = window.chosen.end if step > 0 else window.chosen.start
            self._go(_Sought(what, at, step > 0, or_else=False))

    def open_at_error(self) -> None:
        """Go to the first error of the log, and wrap that line; stay at the end if there is none."""
        self._go(_Sought("error", 0, forward=True, or_else=False, opening=True))

    def go_to_time(self, text: str, now: datetime, zone: tzinfo | None) -> None:
        """Go to the first line at or after the time in `text`; show a message if it is not a time."""
        self.cancel_move()
        self._times.go_to_time(text, now, zone)

    def go_to_step(self, at: datetime, title: str) -> None:
        """Go to the line with the message `title` that was written nearest to `at`, else to the first one after it."""
        self.cancel_move()
        self._times.go_to_step(at, title)

    def go_to_line(self, line: RawLine, row: int) -> None:
        """Go to the same line in a log that begins again, by its time and text, and place it in the same row.

        A line without a time is not searched.
        """
        self.cancel_move()
        self._times.go_to_line(line, row)

    def go_to_day(self, step: int, zone: tzinfo | None) -> None:
        """Go to the first line of the day with lines before the cursor's one in `zone`, or after it for a step of 1."""
        self.cancel_move()
        self._times.go_to_day(step, zone)

    def settle(self) -> bool:
        """Go to the line that was searched for, if it is known by now; return whether the window moved."""
        if self._times.settle():
            return True
        while self._way is not None:
            way = self._way
            nearest = self._window.reader.nearest(way.what, way.offset, way.forward)
            if not nearest.known:
                return False
            self._way = None
            if nearest.line is not None:
                self._window.go_to(nearest.line.start, unfold=way.opening)
                return True
            if way.or_else:
                self._way = way._replace(forward=not way.forward, or_else=False)
            elif not way.opening:
                self._say(_nothing(way))
        return False

    def toggle_only_matches(self) -> None:
        """Show only the lines that match the search, or remove that filter."""
        if self.query.pattern is not None:
            self._show_only(replace(self.query, pattern=None))
        elif self.pattern is not None:
            self._show_only(replace(self.query, pattern=self.pattern))
        else:
            self._say("Nothing is searched for: / searches, then & shows only what matches")

    def next_level(self) -> None:
        """Switch the least level shown: all, info, warn, error."""
        at = _LEVELS.index(self.query.level) if self.query.level in _LEVELS else 0
        self._show_only(replace(self.query, level=_LEVELS[(at + 1) % len(_LEVELS)]))

    def toggle_warnings(self) -> None:
        """Show only warnings and errors, or all levels again."""
        self._show_only(replace(self.query, level=None if self.query.level == "warn" else "warn"))

    def show_phase(self, name: str) -> None:
        """Show one phase only: the first known phase that starts with ``name``, else ``name``; empty shows all."""
        typed = name.strip()
        known = [phase for phase in get_args(Phase) if typed and phase.startswith(typed.lower())]
        self._show_only(replace(self.query, phase=(known[0] if known else typed) or None))

    def give_up(self) -> None:
        """Stop the background work; without any, remove the search, then the filter.

        A filter that shows only matches is removed together with the search.
        """
        reader = self._window.reader
        if reader.work().doing:
            self.cancel_move()
            reader.stop()
        elif self.pattern is not None and self.query.pattern is None:
            self.pattern = None
            reader.search(None, self._window.anchor)
        else:
            self.pattern = None
            reader.search(None, self._window.anchor)
            query = self.query
            self._show_only(LogQuery(automation_id=query.automation_id, run=query.run, of_gateway=query.of_gateway))

    def cancel_move(self) -> None:
        """Cancel the pending move to a line, because the operator moved the cursor."""
        self._way = None
        self._times.forget()

    def _show_only(self, query: LogQuery) -> None:
        self.cancel_move()
        self.query = query
        self._window.reader.show_only(query, self._window.anchor)

    def _go(self, way: _Sought) -> None:
        self.cancel_move()
        self._way = way
        self.settle()


def _nothing(way: _Sought) -> str:
    where = "below" if way.forward else "above"
    return f"No {way.what} {where}"

"""The lines of a log: those in sight are read when they are painted, and no others."""

from __future__ import annotations

import re
from datetime import tzinfo
from functools import lru_cache

from textual import events
from textual.message import Message

from clawtui.model.documents.log_entry import DispatcherLogEntry, RawLine, RunLogEntry, parse_log_line
from clawtui.tui.panes.log.lines import COLUMNS, highlighted, is_found, log_line
from clawtui.tui.panes.log.view_model import Times
from clawtui.tui.panes.log.window import LogWindow, Row
from clawtui.tui.terminal.glyphs import CURSOR, MATCHED, RULE
from clawtui.tui.widgets.line import Line, Span, width_of
from clawtui.tui.widgets.line_view import LineView
from clawtui.tui.widgets.wrapping import wrap

_GUTTER = 1
_WHEEL = 3


@lru_cache(maxsize=512)
def _entry(text: bytes, of_dispatcher: bool, times: Times) -> Line:
    """Rows are made at every repaint, and parsing one costs more than painting it."""
    kind = DispatcherLogEntry if of_dispatcher else RunLogEntry
    return log_line(parse_log_line(text.decode("utf-8", "surrogateescape"), kind), times)


@lru_cache(maxsize=512)
def _parts(text: bytes, of_dispatcher: bool, times: Times, width: int) -> tuple[Line, ...]:
    indent = COLUMNS if width - COLUMNS >= COLUMNS else 2
    return wrap(_entry(text, of_dispatcher, times), width, indent)


class LogBody(LineView):
    """Shows a window of a log, in which one line is the chosen one."""

    class Moved(Message):
        """Another line is chosen, or it follows no longer."""

    def __init__(self, zone: tzinfo | None) -> None:
        super().__init__()
        self.window = LogWindow()
        self.times = Times(zone=zone)
        self.pattern: re.Pattern[str] | None = None
        """What is highlighted."""
        self.wrapping = False
        self.of_dispatcher = False
        self.notice = ""
        """What stands there where no line does."""
        self._widest = 0

    def renew(self) -> None:
        """Looks at the log again, and repaints what differs."""
        self.window.fill(self.size.height, self._rows_of)
        if self.wrapping and self.scroll_offset.x:
            self.scroll_to(x=0, animate=False)
        self.sync()

    @property
    def line_width(self) -> int:
        """The widest line that was in sight; the view itself where lines are wrapped."""
        return self.size.width if self.wrapping else max(self.size.width, self._widest)

    def line_count(self) -> int:
        """The rows of the view."""
        return len(self.window.rows) or 1

    def is_highlighted(self, index: int) -> bool:
        """The chosen line, unless the end is followed: then it is the last, and changes all the time."""
        rows, chosen = self.window.rows, self.window.chosen
        return not self.window.following and chosen is not None and index < len(rows) and rows[index].line == chosen

    def make_line(self, index: int, width: int) -> Line:
        """A mark, then the line or the part of it that is in this row."""
        if index >= len(self.window.rows):
            return (Span(f" {self.notice}", "dim"),)
        row = self.window.rows[index]
        if row.line is None:
            return (Span(f" {RULE * 3} here the log began anew ", "warn"), Span(RULE * max(0, width - 30), "warn"))
        made = self._line_of(row, row.line)
        self._widest = max(self._widest, width_of(made) + _GUTTER)
        return (self._mark(row, row.line, index), *made)

    def on_resize(self) -> None:
        """Another number of lines is in sight."""
        super().on_resize()
        self.renew()

    def on_click(self, event: events.Click) -> None:
        """A click chooses the line."""
        self.window.choose_row(event.y)
        self._moved()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel goes through the log."""
        self._wheel(event, -_WHEEL)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel goes through the log."""
        self._wheel(event, _WHEEL)

    def _wheel(self, event: events.MouseEvent, lines: int) -> None:
        event.stop()
        event.prevent_default()
        self.window.step(lines)
        self._moved()

    def _moved(self) -> None:
        self.renew()
        self.post_message(self.Moved())

    def _rows_of(self, line: RawLine) -> int:
        return len(self._wrapped(line)) if self.wrapping else 1

    def _wrapped(self, line: RawLine) -> tuple[Line, ...]:
        return _parts(line.text, self.of_dispatcher, self.times, max(8, self.size.width - _GUTTER))

    def _line_of(self, row: Row, line: RawLine) -> Line:
        if self.wrapping:
            parts = self._wrapped(line)
            made = parts[row.part] if row.part < len(parts) else ()
        else:
            made = _entry(line.text, self.of_dispatcher, self.times)
        return made if self.pattern is None else highlighted(made, self.pattern)

    def _mark(self, row: Row, line: RawLine, index: int) -> Span:
        """Where keys go; and that a line matches where what was found in it is not among what is shown."""
        if row.part == 0 and self.is_highlighted(index):
            return Span(CURSOR, "active")
        if self.pattern is not None and row.part == 0 and is_found(self.pattern, line.decoded()):
            return Span(MATCHED, "match")
        return Span(" ")

"""The widget with the lines of a log, of which only those in the window are read and formatted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo
from functools import lru_cache

from msgspec.structs import replace
from textual import events, on
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip

from clawtui.model.documents.log_entry import DispatcherLogEntry, RawLine, RunLogEntry, parse_log_line
from clawtui.model.gateway.log_entry import parse_gateway_line
from clawtui.model.search.line_filter import MAX_LINE_BYTES, time_of
from clawtui.model.search.pattern import Pattern
from clawtui.tui.panes.log.lines import COLUMNS, LineOrigin, gateway_line, highlighted, log_line, sourced_line
from clawtui.tui.panes.log.view_model import STYLES, Times, between
from clawtui.tui.panes.log.window import Between, LogWindow, Row
from clawtui.tui.terminal.glyphs import CURSOR, MATCHED, RULE
from clawtui.tui.widgets.line import Line, Role, Span, width_of, wrap_line
from clawtui.tui.widgets.line_content import LineContent
from clawtui.tui.widgets.line_view import LineView

_GUTTER = 1
_WHEEL = 3


@lru_cache(maxsize=512)
def _entry(text: bytes, of_dispatcher: bool, times: Times, origin: LineOrigin | None) -> Line:
    """Return a line of a log as styled text; cached, because parsing a line costs more than painting it."""
    decoded = text.decode("utf-8", "surrogateescape")
    if origin is not None:
        kind = DispatcherLogEntry if origin.of_dispatcher else RunLogEntry
        return sourced_line(parse_log_line(decoded, kind), times, origin)
    if (entry := parse_gateway_line(decoded)) is not None:
        return gateway_line(entry, times)
    kind = DispatcherLogEntry if of_dispatcher else RunLogEntry
    return log_line(parse_log_line(decoded, kind), times)


@lru_cache(maxsize=512)
def _parts(text: bytes, of_dispatcher: bool, times: Times, origin: LineOrigin | None, width: int) -> tuple[Line, ...]:
    indent = COLUMNS if width - COLUMNS >= COLUMNS else 2
    return wrap_line(_entry(text, of_dispatcher, times, origin), width, indent)


@lru_cache(maxsize=512)
def _written(text: bytes) -> datetime | None:
    return time_of(text)


class LogLines(LineContent):
    """The rows of a window of a log, each after a mark of one cell."""

    def __init__(self, zone: tzinfo | None) -> None:
        self.window = LogWindow()
        self.times = Times(zone=zone)
        self.pattern: Pattern | None = None
        """The pattern whose matches are highlighted."""
        self.wrap_width = 8
        """Cells of text in a row where a line is wrapped."""
        self.wrapping = False
        """Whether long lines take several rows."""
        self.of_dispatcher = False
        self.origin_of: Callable[[int], LineOrigin | None] = lambda start: None
        """Returns the origin of the line at an offset, in a log that was collected from several."""
        self.notice = ""
        """The text shown where there is no line."""
        self._widest = 0

    def next_time_style(self) -> None:
        """Switch to the next style of times: time of day, since the start of the log, or how long ago."""
        style = STYLES[(STYLES.index(self.times.style) + 1) % len(STYLES)]
        self.times = self.times._replace(style=style)

    def set_origin(self, now: datetime | None) -> None:
        """Set the origin of relative times: ``now``, or the start of the log, which is read from it."""
        style = self.times.style
        origin = now if style == "ago" else self.window.reader.places.began() if style == "since" else None
        self.times = self.times._replace(origin=origin)

    def line_count(self) -> int:
        """Return the number of rows in the window."""
        return len(self.window.rows) or 1

    def lines_width(self, view_width: int) -> int:
        """Return the width of the widest line so far, at least ``view_width``; that width where lines are wrapped."""
        return view_width if self.wrapping else max(view_width, self._widest)

    def is_highlighted(self, index: int) -> bool:
        """Return whether row ``index`` is of the chosen line; False while the end is followed."""
        rows, chosen = self.window.rows, self.window.chosen
        return not self.window.following and chosen is not None and index < len(rows) and rows[index].line == chosen

    def make_line(self, index: int, width: int) -> Line:
        """Return the mark, then the line or the part of it that is in this row."""
        if index >= len(self.window.rows):
            return (Span(f" {self.notice}", "dim"),)
        row = self.window.rows[index]
        if row.line is None:
            role: Role = "dim" if row.note else "warn"
            text = f" {RULE * 3} {row.note or 'the log starts again here'} "
            return (Span(text, role), Span(RULE * max(0, width - width_of((Span(text),))), role))
        line = self._text(row, row.line)
        if row.late and row.part == 0 and line:
            line = (replace(line[0], role="warn"), *line[1:])
        self._widest = max(self._widest, width_of(line) + _GUTTER)
        return (self._mark(row, row.line, index), *line)

    def rows_of(self, line: RawLine) -> int:
        """Return the number of rows that `line` takes."""
        return len(self._wrapped(line, self.wrap_width)) if self._is_wrapped(line) else 1

    def compare(self, above: RawLine | None, line: RawLine) -> Between | None:
        """Return the note between two lines for their times: another day, another zone, or a clock set back."""
        at = _written(line.text)
        before = _written(above.text) if above is not None else None
        if at is None or before is None:
            return None if at is None else Between()
        return between(before, at, self.times.zone)

    def _text(self, row: Row, line: RawLine) -> Line:
        if self._is_wrapped(line):
            parts = self._wrapped(line, self.wrap_width)
            text = parts[row.part] if row.part < len(parts) else ()
        else:
            text = _entry(line.text, self.of_dispatcher, self.times, self.origin_of(line.start))
        return text if self.pattern is None else highlighted(text, self.pattern)

    def _is_wrapped(self, line: RawLine) -> bool:
        return self.wrapping or line.start == self.window.unfolded

    def _wrapped(self, line: RawLine, width: int) -> tuple[Line, ...]:
        return _parts(line.text, self.of_dispatcher, self.times, self.origin_of(line.start), width)

    def _mark(self, row: Row, line: RawLine, index: int) -> Span:
        """Return the mark of the cursor, or of a line that matches: the match itself may be outside the view."""
        if row.part == 0 and self.is_highlighted(index):
            return Span(CURSOR, "active")
        if self.pattern is not None and row.part == 0 and _matches(self.pattern, line.text):
            return Span(MATCHED, "match")
        return Span(" ")


@lru_cache(maxsize=512)
def _matches(pattern: Pattern, text: bytes) -> bool:
    return pattern.matches(text[:MAX_LINE_BYTES])


class LogBody(LineView):
    """The view of a window of a log, with one line as the chosen one."""

    class Moved(Message):
        """Message that the mouse chose another line or ended the following of the end."""

    def __init__(self, zone: tzinfo | None) -> None:
        self.lines = LogLines(zone)
        super().__init__(self.lines)
        self.window = self.lines.window
        self._filled_for = Size(0, 0)

    def renew(self) -> None:
        """Fill the window from the log again, and repaint the rows that differ."""
        self._fill()
        if self.lines.wrapping and self.scroll_offset.x:
            self.scroll_to(x=0, animate=False)
        self.sync()

    def _fill(self) -> None:
        self._filled_for = self.size
        self.lines.wrap_width = max(8, self.size.width - _GUTTER)
        self.window.fill(self.size.height, self.lines.rows_of, self.lines.compare)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the rows of `crop`, after filling a window of another size, for which no message has come yet."""
        if self.size != self._filled_for:
            self._fill()
        return super().render_lines(crop)

    def on_resize(self) -> None:
        """Fill the window for another number of rows."""
        super().on_resize()
        self.renew()

    def on_click(self, event: events.Click) -> None:
        """Choose the line that was clicked."""
        self.window.choose_row(event.y)
        self._moved()

    @on(events.MouseScrollUp)
    @on(events.MouseScrollDown)
    def move_by_wheel(self, event: events.MouseScrollUp | events.MouseScrollDown) -> None:
        """Move up or down in the log."""
        event.stop()
        event.prevent_default()
        self.window.step(-_WHEEL if isinstance(event, events.MouseScrollUp) else _WHEEL)
        self._moved()

    def _moved(self) -> None:
        self.renew()
        self.post_message(self.Moved())

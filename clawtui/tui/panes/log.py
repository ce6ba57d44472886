"""The chosen run's log, following its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import lru_cache
from typing import ClassVar

from textual.binding import Binding, BindingType

from clawtui.model.fleet import LogTail
from clawtui.model.log_entry import DispatcherLogEntry, RunLogEntry, parse_log_line
from clawtui.model.names import DISPATCHER_LOGS
from clawtui.tui.panes.log_lines import log_line
from clawtui.tui.panes.pane import Pane
from clawtui.tui.widgets.line import BLANK, Line, Span, width_of
from clawtui.tui.widgets.line_view import LineView


@dataclass(frozen=True, slots=True)
class LogSlice:
    """What the pane shows."""

    path: str | None = None
    """The log that is wanted; None where the automation has none."""
    tail: LogTail | None = None
    """Its end; None until it has been read."""
    automation_id: str | None = None
    """Whose lines are wanted where the log holds those of several."""


@lru_cache(maxsize=4096)
def _line(text: str, of_dispatcher: bool, zone: tzinfo | None) -> Line:
    """Rows are made at every repaint, and parsing one costs more than painting it."""
    return log_line(parse_log_line(text, DispatcherLogEntry if of_dispatcher else RunLogEntry), zone)


class _Body(LineView):
    """The lines, of which the last is in sight while it follows."""

    def __init__(self, pane: LogPane) -> None:
        super().__init__()
        self._pane = pane
        self._lines: tuple[str, ...] = ()
        self._of_dispatcher = False
        self._widest = 0
        self.following = True

    def show(self, lines: tuple[str, ...], gone: int, of_dispatcher: bool) -> None:
        """Shows ``lines``, of which ``gone`` have left at the front since the last time."""
        self._lines = lines
        self._of_dispatcher = of_dispatcher
        if gone and not self.following:
            self._fit_virtual_size()
            self.scroll_to(y=max(0, self.scroll_offset.y - gone), animate=False)
        self.sync()
        if self.following:
            self.follow()

    def follow(self) -> None:
        self.following = True
        if self.scroll_offset.y != self.max_scroll_y:
            self.scroll_to(y=self.max_scroll_y, animate=False)

    @property
    def line_width(self) -> int:
        return max(self.size.width, self._widest)

    def line_count(self) -> int:
        return len(self._lines)

    def make_line(self, index: int, width: int) -> Line:
        made = _line(self._lines[index], self._of_dispatcher, self._pane.zone)
        self._widest = max(self._widest, width_of(made))
        return made

    def on_resize(self) -> None:
        super().on_resize()
        if self.following:
            self.follow()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self.following = new_value >= self.max_scroll_y
        self._pane.show_state()


class LogPane(Pane):
    """Follows the log of the chosen automation's run."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f", "follow", "follow", tooltip="show the end and stay there")]

    number: ClassVar[int] = 3
    title: ClassVar[str] = "Log"

    def __init__(self, zone: tzinfo | None = None) -> None:
        super().__init__()
        self.zone = zone
        self._slice = LogSlice()
        self._seen = 0
        self._body = _Body(self)

    @property
    def body(self) -> LineView:
        """The lines."""
        return self._body

    def show(self, shown: LogSlice, now: datetime) -> None:
        """Shows another log, or more of the same."""
        last, self._slice, self.now = self._slice, shown, now
        if shown == last:
            return
        another = shown.path != last.path or _beginning(shown.tail) != _beginning(last.tail)
        if another:
            self._body.following = True
        gone = 0 if another or shown.tail is None or last.tail is None else shown.tail.dropped - last.tail.dropped
        self._body.show(_wanted(shown), gone, _of_dispatcher(shown.path))
        self.show_state()

    def tick(self, now: datetime) -> None:
        """A log does not change with the time."""
        self.now = now

    def show_state(self) -> None:
        """Says in the title which log it is, and whether it is being followed."""
        path, tail = self._slice.path, self._slice.tail
        name = path.rpartition("/")[2] if path else "no run log yet"
        if tail is not None and tail.problem is not None:
            self.heading.show((Span(f"{name} {tail.problem.message}", "bad"),))
            return
        end = self._last_number()
        if self._body.following:
            self._seen = end
            state = Span("following" if tail is not None else "", "dim")
        else:
            new = max(0, end - self._seen)
            state = Span(f"paused · {new} new · G follows" if new else "paused · G follows", "warn")
        self.heading.show((Span(name, "plain" if path else "dim"),), (state,) if state.text else BLANK)

    def action_follow(self) -> None:
        """Shows the end and stays there."""
        self._body.follow()
        self.show_state()

    def action_bottom(self) -> None:
        """To the end, and on with it."""
        self.action_follow()

    def _last_number(self) -> int:
        tail = self._slice.tail
        return 0 if tail is None else tail.dropped + len(tail.lines)


def _wanted(shown: LogSlice) -> tuple[str, ...]:
    """The tail's lines; of a log of a whole day only those of the automation."""
    if shown.tail is None:
        return ()
    if shown.automation_id is None:
        return shown.tail.lines
    mark = f'"{shown.automation_id}"'
    return tuple(text for text in shown.tail.lines if mark in text)


def _beginning(tail: LogTail | None) -> int:
    return -1 if tail is None else tail.beginning


def _of_dispatcher(path: str | None) -> bool:
    return path is not None and path.startswith(f"logs/{DISPATCHER_LOGS}/")

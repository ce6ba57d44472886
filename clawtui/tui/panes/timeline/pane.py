"""The timeline pane: the progress of one run of an automation, its milestones and its results."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.message import Message

from clawtui.model.documents.base import EPOCH
from clawtui.model.runs.timeline import Step
from clawtui.tui.panes.pane import Pane, is_same_content
from clawtui.tui.panes.timeline.lines import facts, nothing_left, timeline
from clawtui.tui.panes.timeline.time_axis import AXIS_HEAD, axis_lines
from clawtui.tui.panes.timeline.view_model import StepCursor, TimelineViewModel
from clawtui.tui.terminal.glyphs import CURSOR
from clawtui.tui.widgets.line import BLANK, Line, Span
from clawtui.tui.widgets.line_content import FixedLines
from clawtui.tui.widgets.line_view import LineView, Movement

if TYPE_CHECKING:
    from clawtui.tui.panes.gateway.run import GatewayRunViewModel

_LEAST_WIDTH = 20

MakeLines = Callable[[int], tuple[Sequence[Line], Sequence[Line], int | None]]
"""Function that makes the lines that stay at the top and those that scroll below them, for a width in cells.

The third value is the position of the cursor among the latter; None if it is not shown.
"""


class _RunLines(FixedLines):
    """The facts and milestones, made for one size of the view."""

    def __init__(self, make_lines: MakeLines) -> None:
        super().__init__()
        self._make_lines = make_lines
        self._width = self._height = 0
        self.cursor_row: int | None = None
        """The position of the cursor below the facts; None if it is not shown."""

    def make(self, width: int, height: int) -> None:
        """Make the lines for a view of this size, with as many facts as leave room for a milestone."""
        self._width, self._height = width, height
        head, tail, self.cursor_row = self._make_lines(max(_LEAST_WIDTH, width))
        if tail and height - len(head) < 2:
            head = head[: max(0, height - 2)]
        self.sticky_rows = len(head)
        self.lines = (*head, *tail)
        at = None if self.cursor_row is None else self.cursor_row + len(head)
        self.highlighted = range(0) if at is None else range(at, at + 1)

    def make_line(self, index: int, width: int) -> Line:
        """Return line `index`, made for `width`: a repaint can come before the event of a resize."""
        if width != self._width:
            self.make(width, self._height)
        return self.lines[index] if index < len(self.lines) else BLANK


class TimelineView(LineView):
    """View of a run, with fixed facts at the top and milestones that scroll below them.

    It scrolls to the newest milestone unless the operator has scrolled or moved the cursor.
    """

    class Scrolled(Message):
        """Message that the operator has scrolled with the mouse."""

    def __init__(self, make_lines: MakeLines) -> None:
        self._lines = _RunLines(make_lines)
        super().__init__(self._lines)
        self.following = True
        """Whether the view scrolls with the newest milestone."""

    @property
    def room(self) -> int:
        """The number of lines below the facts."""
        return max(1, self.size.height - self._lines.sticky_rows)

    def update_lines(self) -> None:
        """Make the lines again, and scroll to the newest milestone if it is followed."""
        self._lines.make(self.size.width, self.size.height)
        self.sync()
        if self.following and self.scroll_offset.y != self.max_scroll_y:
            self.scroll_to(y=self.max_scroll_y, animate=False)

    def follow(self, following: bool = True) -> None:
        """Keep the newest milestone visible from now on; if not `following`, show the oldest one."""
        self.following = following
        if not following:
            self.scroll_to(y=0, animate=False)

    def show_cursor(self) -> None:
        """Scroll to the cursor."""
        row, top = self._lines.cursor_row, int(self.scroll_offset.y)
        if row is not None and not top <= row < top + self.room:
            self.scroll_to(y=row if row < top else row - self.room + 1, animate=False)

    def on_resize(self) -> None:
        """Make the lines for the new size."""
        super().on_resize()
        self.update_lines()

    def watch_has_focus(self, has_focus: bool) -> None:
        """Show the cursor, or remove it."""
        self.update_lines()
        super().watch_has_focus(has_focus)

    @on(events.MouseScrollUp)
    @on(events.MouseScrollDown)
    def report_scroll(self) -> None:
        """Post that the operator has scrolled."""
        self.post_message(self.Scrolled())

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Follow the newest milestone while the view is scrolled to its end."""
        super().watch_scroll_y(old_value, new_value)
        self.following = new_value >= self.max_scroll_y


class TimelinePane(Pane):
    """Pane with a run of the chosen automation; zoomed, it shows the milestones on a time axis."""

    number: ClassVar[int] = 2
    title: ClassVar[str] = "Timeline"

    body: TimelineView

    def __init__(self, zone: tzinfo | None = None) -> None:
        super().__init__(TimelineView(self._lines))
        self._zone = zone
        self._shown: TimelineViewModel | GatewayRunViewModel = TimelineViewModel()
        self._is_complete = False
        """Whether the last state was shown without an error: the same one need not be shown again before a tick."""
        self._on_axis = False
        self.cursor = StepCursor()

    def show(self, shown: TimelineViewModel | GatewayRunViewModel, now: datetime) -> None:
        """Show another automation, another run of it, or a new state of the run."""
        if self._is_complete and is_same_content(shown, self._shown):
            return
        self._is_complete = False
        if shown.subject != self._shown.subject:
            self.cursor.release()
            self.body.follow(not self._on_axis)
        self._shown = shown
        self.tick(now)
        self._is_complete = True

    def tick(self, now: datetime) -> None:
        """Update the elapsed times."""
        self.now = now
        self.heading.show((Span(self._shown.name),))
        self.body.update_lines()

    def zoom(self, zoomed: bool) -> None:
        """Show the milestones on a time axis where the pane has the whole screen, else as a list."""
        if zoomed != self._on_axis:
            self._on_axis = zoomed
            self.body.follow(not zoomed)
            self.body.update_lines()

    def watch_current(self) -> None:
        """Remove the cursor where this pane no longer receives the keys; it is shown once the view has the focus.

        Its row would be painted twice else: first as the one of a view without the focus.
        """
        super().watch_current()
        if not self.current:
            self.body.update_lines()

    def action_move(self, unit: Movement, count: float = 0) -> None:
        """Move the cursor to another milestone; beyond the last one and sideways, scroll the lines."""
        if unit == "cells" or not self.cursor.move(unit, count, self.body.room):
            self.body.move(unit, count)
            return
        self.body.following = self.cursor.chosen is None
        self.body.update_lines()
        self.body.show_cursor()

    def _lines(self, width: int) -> tuple[Sequence[Line], Sequence[Line], int | None]:
        now = self.now or EPOCH
        shown = self._shown
        if not isinstance(shown, TimelineViewModel):
            head = shown.facts(now, self._zone, width - 2)
        else:
            head = facts(shown, now, self._zone, width - 2)
        steps = shown.steps(now)
        self.cursor.show(steps)
        row = None
        if steps and (self.current or self.cursor.chosen is not None):
            row = self.cursor.position + (AXIS_HEAD if self._on_axis else 0)
        return _indented(head), _indented(self._milestones(steps, now, width - 2), row), row

    def _milestones(self, steps: Sequence[Step], now: datetime, width: int) -> Sequence[Line]:
        """Return the run's milestones, oldest first."""
        if not steps:
            return nothing_left(self._shown) if isinstance(self._shown, TimelineViewModel) else []
        if self._on_axis:
            return axis_lines(steps, self._shown.page, now, width)
        return timeline(steps, now, self._zone, width)


def _indented(lines: Sequence[Line], marked: int | None = None) -> Sequence[Line]:
    """Return the lines with a blank before each, or the mark of the cursor before the one at `marked`."""
    return tuple(
        (Span(CURSOR if at == marked else " ", "active"), *line) if line else BLANK for at, line in enumerate(lines)
    )

"""One run of an automation: how far it is, through which milestones, and what it has met."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import ClassVar

from clawtui.model.documents.base import EPOCH
from clawtui.tui.panes.pane import Pane
from clawtui.tui.panes.timeline.lines import facts, nothing_left, timeline
from clawtui.tui.panes.timeline.time_axis import axis_lines
from clawtui.tui.panes.timeline.view_model import TimelineViewModel
from clawtui.tui.widgets.line import BLANK, Line, Span
from clawtui.tui.widgets.line_view import LineView


class _Body(LineView):
    """The facts stay at the top; the milestones scroll below them, the newest in sight unless somebody scrolled."""

    def __init__(self, pane: TimelinePane) -> None:
        super().__init__()
        self._pane = pane
        self._lines: tuple[Line, ...] = ()
        self._facts = 0
        self._width = 0
        self._following = True

    def update_lines(self) -> None:
        head = self._pane.fact_lines(max(20, self.size.width))
        tail = self._pane.milestone_lines(max(20, self.size.width))
        room = max(0, self.size.height - len(head))
        if room < 2 and tail:
            head = head[: max(0, self.size.height - 2)]
        self._facts, self._lines = len(head), (*head, *tail)
        self.sync()
        if self._following and self.scroll_offset.y != self.max_scroll_y:
            self.scroll_to(y=self.max_scroll_y, animate=False)

    def follow(self, following: bool = True) -> None:
        self._following = following
        if not following:
            self.scroll_to(y=0, animate=False)

    @property
    def sticky_rows(self) -> int:
        return self._facts

    def line_count(self) -> int:
        return len(self._lines)

    def make_line(self, index: int, width: int) -> Line:
        return self._lines[index]

    def on_resize(self) -> None:
        super().on_resize()
        self.update_lines()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self._following = new_value >= self.max_scroll_y


class TimelinePane(Pane):
    """Follows the chosen automation; zoomed, it shows the milestones on a time axis."""

    number: ClassVar[int] = 2
    title: ClassVar[str] = "Timeline"

    def __init__(self, zone: tzinfo | None = None) -> None:
        super().__init__()
        self._zone = zone
        self._slice = TimelineViewModel()
        self._on_axis = False
        self._body = _Body(self)

    @property
    def body(self) -> LineView:
        """The lines."""
        return self._body

    def show(self, shown: TimelineViewModel, now: datetime) -> None:
        """Shows another automation, another run of it, or another state of that."""
        if shown.subject != self._slice.subject:
            self._body.follow(not self._on_axis)
        self._slice = shown
        self.tick(now)

    def tick(self, now: datetime) -> None:
        """Elapsed times are told anew."""
        self.now = now
        name = self._slice.automation.name if self._slice.automation else ""
        self.heading.show((Span(name),))
        self._body.update_lines()

    def zoom(self, zoomed: bool) -> None:
        """Where there is room for it, time is shown as time."""
        if zoomed != self._on_axis:
            self._on_axis = zoomed
            self._body.follow(not zoomed)
            self._body.update_lines()

    def fact_lines(self, width: int) -> tuple[Line, ...]:
        """What matters most, at the top."""
        lines = facts(self._slice, self.now or EPOCH, self._zone, width - 2)
        return tuple((Span(" "), *line) if line else BLANK for line in lines)

    def milestone_lines(self, width: int) -> tuple[Line, ...]:
        """The run's milestones, oldest first."""
        now = self.now or EPOCH
        steps = self._slice.steps(now)
        if not steps:
            lines = nothing_left(self._slice)
        elif self._on_axis:
            lines = axis_lines(steps, self._slice.page, now, width - 2)
        else:
            lines = timeline(steps, now, self._zone, width - 2)
        return tuple((Span(" "), *line) if line else BLANK for line in lines)

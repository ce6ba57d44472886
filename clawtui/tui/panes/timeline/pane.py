"""The timeline pane: the progress of one run of an automation, its milestones and its results."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo
from typing import ClassVar

from textual.message import Message

from clawtui.model.documents.base import EPOCH
from clawtui.tui.panes.gateway.run import GatewayRunViewModel
from clawtui.tui.panes.pane import Pane
from clawtui.tui.panes.timeline.lines import facts, nothing_left, timeline
from clawtui.tui.panes.timeline.time_axis import axis_lines
from clawtui.tui.panes.timeline.view_model import TimelineViewModel
from clawtui.tui.widgets.line import BLANK, Line, Span
from clawtui.tui.widgets.line_content import FixedLines
from clawtui.tui.widgets.line_view import LineView

_LEAST_WIDTH = 20

MakeLines = Callable[[int], tuple[Sequence[Line], Sequence[Line]]]
"""Function that makes the lines that stay at the top and those that scroll below them, for a width in cells."""


class TimelineView(LineView):
    """View of a run, with fixed facts at the top and milestones that scroll below them.

    It scrolls to the newest milestone unless the operator has scrolled.
    """

    class Scrolled(Message):
        """Message that the operator has scrolled with the mouse."""

    def __init__(self, make_lines: MakeLines) -> None:
        self._lines = FixedLines()
        super().__init__(self._lines)
        self._make_lines = make_lines
        self._following = True

    def update_lines(self) -> None:
        """Make the lines again, and scroll to the newest milestone if it is followed."""
        head, tail = self._make_lines(max(_LEAST_WIDTH, self.size.width))
        if tail and self.size.height - len(head) < 2:
            head = head[: max(0, self.size.height - 2)]
        self._lines.sticky_rows = len(head)
        self._lines.lines = (*head, *tail)
        self.sync()
        if self._following and self.scroll_offset.y != self.max_scroll_y:
            self.scroll_to(y=self.max_scroll_y, animate=False)

    def follow(self, following: bool = True) -> None:
        """Keep the newest milestone visible from now on; if not `following`, show the oldest one."""
        self._following = following
        if not following:
            self.scroll_to(y=0, animate=False)

    def on_resize(self) -> None:
        """Make the lines for the new size."""
        super().on_resize()
        self.update_lines()

    def on_mouse_scroll_up(self) -> None:
        """Post that the operator has scrolled."""
        self.post_message(self.Scrolled())

    def on_mouse_scroll_down(self) -> None:
        """Post that the operator has scrolled."""
        self.post_message(self.Scrolled())

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Follow the newest milestone while the view is scrolled to its end."""
        super().watch_scroll_y(old_value, new_value)
        self._following = new_value >= self.max_scroll_y


class TimelinePane(Pane):
    """Pane with a run of the chosen automation; zoomed, it shows the milestones on a time axis."""

    number: ClassVar[int] = 2
    title: ClassVar[str] = "Timeline"

    body: TimelineView

    def __init__(self, zone: tzinfo | None = None) -> None:
        super().__init__(TimelineView(self._lines))
        self._zone = zone
        self._shown: TimelineViewModel | GatewayRunViewModel = TimelineViewModel()
        self._on_axis = False

    def show(self, shown: TimelineViewModel | GatewayRunViewModel, now: datetime) -> None:
        """Show another automation, another run of it, or a new state of the run."""
        if shown.subject != self._shown.subject:
            self.body.follow(not self._on_axis)
        self._shown = shown
        self.tick(now)

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

    def _lines(self, width: int) -> tuple[Sequence[Line], Sequence[Line]]:
        now = self.now or EPOCH
        shown = self._shown
        if isinstance(shown, GatewayRunViewModel):
            head = shown.facts(now, self._zone, width - 2)
        else:
            head = facts(shown, now, self._zone, width - 2)
        return _indented(head), _indented(self._milestones(now, width - 2))

    def _milestones(self, now: datetime, width: int) -> Sequence[Line]:
        """Return the run's milestones, oldest first."""
        steps = self._shown.steps(now)
        if not steps:
            return [] if isinstance(self._shown, GatewayRunViewModel) else nothing_left(self._shown)
        if self._on_axis:
            return axis_lines(steps, self._shown.page, now, width)
        return timeline(steps, now, self._zone, width)


def _indented(lines: Sequence[Line]) -> Sequence[Line]:
    return tuple((Span(" "), *line) if line else BLANK for line in lines)

"""One automation's run: how far it is, through which milestones, and what it has met."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import ClassVar

from clawtui.model.base import EPOCH
from clawtui.model.fleet import Automation, Workspace
from clawtui.tui.panes.pane import Pane
from clawtui.tui.panes.timeline_lines import facts, timeline
from clawtui.tui.widgets.line import BLANK, Line, Span
from clawtui.tui.widgets.line_view import LineView


@dataclass(frozen=True, slots=True)
class TimelineSlice:
    """What the pane shows: one automation and its workspace."""

    automation: Automation | None = None
    workspace: Workspace | None = None


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

    def follow(self) -> None:
        self._following = True

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
    """Follows the chosen automation."""

    number: ClassVar[int] = 2
    title: ClassVar[str] = "Timeline"

    def __init__(self, zone: tzinfo | None = None) -> None:
        super().__init__()
        self._zone = zone
        self._slice = TimelineSlice()
        self._body = _Body(self)

    @property
    def body(self) -> LineView:
        """The lines."""
        return self._body

    def show(self, shown: TimelineSlice, now: datetime) -> None:
        """Shows another automation, or another state of it."""
        if _subject(shown) != _subject(self._slice):
            self._body.follow()
        self._slice = shown
        self.tick(now)

    def tick(self, now: datetime) -> None:
        """Elapsed times are told anew."""
        self.now = now
        name = self._slice.automation.name if self._slice.automation else ""
        self.heading.show((Span(name),))
        self._body.update_lines()

    def fact_lines(self, width: int) -> tuple[Line, ...]:
        """What matters most, at the top."""
        if self._slice.automation is None:
            return ((Span(" no automation", "dim"),),)
        lines = facts(self._slice.automation, self._slice.workspace, self.now or EPOCH, self._zone, width - 2)
        return tuple((Span(" "), *line) if line else BLANK for line in lines)

    def milestone_lines(self, width: int) -> tuple[Line, ...]:
        """The run's milestones, oldest first."""
        lines = timeline(self._slice.workspace, self.now or EPOCH, self._zone, width - 2)
        return tuple((Span(" "), *line) for line in lines)


def _subject(shown: TimelineSlice) -> tuple[str, str | None]:
    """Which run of which automation it is."""
    state = shown.workspace.state.value if shown.workspace and shown.workspace.state else None
    return (shown.automation.config.path if shown.automation else "", state.session_id if state else None)

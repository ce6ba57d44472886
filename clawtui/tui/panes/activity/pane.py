"""The activity pane: the runs and skipped dispatches of the last hours."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import ClassVar, Final

from textual.binding import Binding, BindingType
from textual.message import Message

from clawtui.model.documents.base import EPOCH
from clawtui.model.fleet import Fleet
from clawtui.model.runs.dispatch_history import DispatchHistory, activity_rows
from clawtui.tui.panes.activity.lines import activity_lines
from clawtui.tui.panes.pane import Pane
from clawtui.tui.widgets.line import Span
from clawtui.tui.widgets.line_content import FixedLines
from clawtui.tui.widgets.line_view import LineView

HOURS: Final = (1, 2, 3, 6, 12, 24)
"""The lengths of the axis, in hours."""
_FIRST: Final = HOURS.index(6)


@dataclass(frozen=True, slots=True)
class ActivityViewModel:
    """Content of the pane."""

    fleet: Fleet
    dispatches: DispatchHistory = field(default_factory=DispatchHistory)
    problem: str | None = None
    """The reason why the dispatcher's logs cannot be read; None where they can."""


class ActivityPane(Pane):
    """Pane with a row for each automation, on the time axis of the last hours."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("i", "span(-1)", "fewer, more hours", tooltip="fewer hours, more exactly", id="activity.closer"),
        Binding("o", "span(1)", "fewer, more hours", tooltip="more hours at once", id="activity.farther"),
    ]

    number: ClassVar[int] = 0
    title: ClassVar[str] = "Who ran when"

    class SpanChanged(Message):
        """Message that the length of the axis has changed: the dispatcher's logs of these hours are needed."""

    def __init__(self, zone: tzinfo | None = None) -> None:
        self._lines = FixedLines()
        super().__init__(LineView(self._lines))
        self._zone = zone
        self._span = _FIRST
        self._shown = ActivityViewModel(Fleet(""))

    @property
    def hours(self) -> int:
        """The length of the axis in hours."""
        return HOURS[self._span]

    def show(self, shown: ActivityViewModel, now: datetime) -> None:
        """Show a new state."""
        self._shown = shown
        self.tick(now)

    def tick(self, now: datetime) -> None:
        """Move the end of the axis to `now`."""
        self.now = now
        self._update()

    def on_resize(self) -> None:
        """Adapt the axis to the width of the pane."""
        self._update()

    def action_span(self, step: int) -> None:
        """Show fewer hours, or more where `step` is positive."""
        self._span = max(0, min(len(HOURS) - 1, self._span + step))
        self._update()
        self.post_message(self.SpanChanged())

    def _update(self) -> None:
        now = self.now or EPOCH
        since = now - timedelta(hours=self.hours)
        rows = activity_rows(self._shown.fleet, self._shown.dispatches, since)
        room = max(40, (self.size.width or self.app.size.width) - 2)  # before the first layout, the pane has no width
        lines = activity_lines(rows, self._shown.dispatches, since, now, self._zone, room)
        self._lines.lines = [(Span(" "), *line) for line in lines]
        self._lines.sticky_rows = min(2, len(lines))
        idle = len(self._shown.fleet.automations) - len(rows)
        facts: list[Span] = [Span(f"the last {self.hours} h · {len(rows)} automations")]
        facts += [Span(f" · {idle} others had nothing to do", "dim")] if idle > 0 else []
        if self._shown.problem is not None:
            facts = [Span(self._shown.problem, "bad")]
        self.heading.show(tuple(facts))
        self.body.sync()

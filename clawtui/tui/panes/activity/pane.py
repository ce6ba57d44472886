"""The activity pane: the runs and skipped dispatches of the last hours."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from typing import ClassVar, Final

from msgspec import Struct, field
from textual.binding import Binding, BindingType
from textual.message import Message

from clawtui.model.documents.base import EPOCH
from clawtui.model.fleet import Fleet
from clawtui.model.runs.dispatch_history import ActivityRow, DispatchHistory, activity_rows
from clawtui.model.runs.slot_lanes import LaneRun, slot_lanes
from clawtui.tui.panes.activity.cursor import ActivityCursor, event_text
from clawtui.tui.panes.activity.lines import activity_lines
from clawtui.tui.panes.pane import Pane
from clawtui.tui.widgets.line import Span
from clawtui.tui.widgets.line_content import FixedLines
from clawtui.tui.widgets.line_view import LineView, Movement

HOURS: Final = (0.25, 1, 2, 3, 6, 12, 24)
"""The lengths of the axis, in hours."""
_HEAD: Final = 2
"""Lines above the lanes of the slots and the rows: the axis and the dispatches."""
_LINES_A_LANE: Final = 4
"""The lines of the pane for each visible lane."""
_FIRST: Final = HOURS.index(6)


class ActivityViewModel(Struct, frozen=True):
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
        self.cursor = ActivityCursor()
        self._head = _HEAD
        """Lines above the first row, which stay when the rows scroll."""

    @property
    def hours(self) -> float:
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

    def action_move(self, unit: Movement, count: float = 0) -> None:
        """Move the cursor to another row; by cells, to the run or skip before or after."""
        cursor = self.cursor
        if unit == "cells":
            cursor.move_event(1 if count > 0 else -1)
        elif unit in ("top", "bottom"):
            cursor.move_row(0 if unit == "top" else sys.maxsize)
        else:
            page = max(1, self.body.size.height - self._head - 1) if unit == "pages" else 1
            cursor.move_row(cursor.row + int(count * page))
        self._update()
        top, height = self.body.scroll_offset.y, max(1, self.body.size.height - self._head)
        if cursor.row < top:
            self.body.scroll_to(y=cursor.row, animate=False)
        elif cursor.row >= top + height:
            self.body.scroll_to(y=cursor.row - height + 1, animate=False)

    def _update(self) -> None:
        now = self.now or EPOCH
        since = now - timedelta(hours=self.hours)
        rows = activity_rows(self._shown.fleet, self._shown.dispatches, since)
        room = max(40, (self.size.width or self.app.size.width) - 2)  # before the first layout, the pane has no width
        self.cursor.show(rows)
        lanes = self._lanes(rows)
        shown, marked = self._shown, self.cursor.marked
        lines = activity_lines(rows, shown.dispatches, since, now, self._zone, room, marked, lanes, self._max_slots)
        self._head = _HEAD + len(lanes)
        self._lines.highlighted = range(self.cursor.row + self._head, self.cursor.row + self._head + bool(rows))
        self._lines.lines = [(Span(" "), *line) for line in lines]
        self._lines.sticky_rows = self._head
        idle = len(self._shown.fleet.automations) - len(rows)
        span = f"{self.hours:g} h" if self.hours >= 1 else f"{self.hours * 60:g} min"
        facts: list[Span] = [Span(f"the last {span} · {len(rows)} automations")]
        facts += [Span(f" · {idle} others had nothing to do", "dim")] if idle > 0 else []
        if self._shown.problem is not None:
            facts = [Span(self._shown.problem, "bad")]
        event = self.cursor.event
        right = (Span(event_text(event, self._zone), "active"),) if event is not None else ()
        self.heading.show(tuple(facts), right)
        self.body.sync()

    def _lanes(self, rows: Sequence[ActivityRow]) -> Sequence[Sequence[LaneRun]]:
        """Return the runs of each slot, with a lane for each existing slot, as far as the pane has room."""
        lanes = slot_lanes(rows, self._shown.fleet.slots)
        height = (self.size.height or self.app.size.height) // _LINES_A_LANE
        count = min(height, max(len(lanes), min(self._max_slots or 0, height)))
        return (lanes + ((),) * count)[:count]

    @property
    def _max_slots(self) -> int | None:
        """The number of slots; None if it is not known."""
        number = self._shown.fleet.max_slots
        return None if number is None else int(number)

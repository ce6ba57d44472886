"""The cursor of the activity chart: on one run or skip of one row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from clawtui.model.run_state import SKIP_MEANING
from clawtui.model.runs.dispatch_history import ActivityRow, RunSpan, SkippedDispatch
from clawtui.model.text.units import short_span

Event = RunSpan | SkippedDispatch


class ActivityCursor:
    """Position in the rows of the chart. It stays on its row and its event while both are shown."""

    def __init__(self) -> None:
        self._rows: Sequence[ActivityRow] = ()
        self._name: str | None = None
        self.row = 0
        """The number of the row, from 0."""
        self._at: datetime | None = None
        """The time of the event; None for the newest."""

    def show(self, rows: Sequence[ActivityRow]) -> None:
        """Set the rows."""
        self._rows = rows
        same = (at for at, row in enumerate(rows) if row.name == self._name)
        self.row = next(same, max(0, min(self.row, len(rows) - 1)))

    def move_row(self, row: int) -> None:
        """Go to the newest event of the row nearest to `row`."""
        if self._rows:
            self.row = max(0, min(row, len(self._rows) - 1))
            self._name, self._at = self._rows[self.row].name, None

    def move_event(self, step: int) -> None:
        """Go to the next event of the row, or to the one before if `step` is negative."""
        events, event = self._events(), self.event
        if event is not None:
            at = max(0, min(len(events) - 1, events.index(event) + step))
            self._name = self._rows[self.row].name
            self._at = time_of(events[at]) if at < len(events) - 1 else None

    @property
    def key(self) -> str:
        """The key of the automation of the row; empty if there is none."""
        return self._rows[self.row].key if self._rows else ""

    @property
    def event(self) -> Event | None:
        """The run or skip at the cursor; None if there is none."""
        events = self._events()
        return next((one for one in events if time_of(one) == self._at), events[-1] if events else None)

    @property
    def marked(self) -> tuple[int, datetime] | None:
        """The row and the time of the event at the cursor."""
        event = self.event
        return (self.row, time_of(event)) if event is not None else None

    def _events(self) -> list[Event]:
        """Return the events of the row, oldest first."""
        if not self._rows:
            return []
        row = self._rows[self.row]
        return sorted((*row.ran, *row.passed), key=time_of)


def time_of(event: Event) -> datetime:
    """Return when a run began, or a dispatch was skipped."""
    return event.began if isinstance(event, RunSpan) else event.at


def event_text(event: Event, zone: tzinfo | None) -> str:
    """Return ``12:03:00 failed, took 5m24s · Enter shows it``, or the reason of a skip."""
    clock = f"{time_of(event).astimezone(zone):%H:%M:%S}"
    if isinstance(event, SkippedDispatch):
        why = event.reason or "no reason given"
        return f"{clock} skipped: {why}" + (f", {SKIP_MEANING[why]}" if why in SKIP_MEANING else "")
    took = f", took {short_span(event.ended - event.began)}" if event.ended is not None else ""
    return f"{clock} {event.status}{took} · Enter shows it"

"""Moves of a log window to a time: a time of day, a milestone, or a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from functools import partial

from clawtui.model.documents.log_entry import RawLine
from clawtui.model.search.line_filter import line_fields, time_of
from clawtui.model.text.time_input import parse_moment
from clawtui.tui.panes.log.window import LogWindow

_NEAR_STEP = 50
"""The number of lines on either side of a milestone's time in which its message is searched."""
_SAME_STEP = timedelta(seconds=30)


class TimeMoves:
    """The moves to a time. If the position of the time is not known yet, `settle` makes the move later."""

    def __init__(self, window: LogWindow, say: Callable[[str], None]) -> None:
        self._window = window
        self._say = say
        self._waiting: Callable[[], None] | None = None

    @property
    def under_way(self) -> bool:
        """Whether the position of a time is still being searched."""
        return self._waiting is not None

    def forget(self) -> None:
        """Cancel the pending move."""
        self._waiting = None

    def settle(self) -> bool:
        """Make the pending move if its position is known now; return whether the window moved."""
        if self._waiting is None:
            return False
        move, self._waiting = self._waiting, None
        move()
        return self._waiting is None

    def go_to_time(self, text: str, now: datetime, zone: tzinfo | None) -> None:
        """Go to the first line at or after the time in `text`; show a message if it is not a time."""
        began = self._window.reader.places.began()
        instant = parse_moment(text, now=now, origin=began, near=began, zone=zone)
        if instant is None:
            self._say(f"“{text}” is no time: 10:30, 2025-01-26T10:30, 5m ago, or +2h since the start")
        else:
            self._go_to(instant)

    def go_to_step(self, at: datetime, title: str) -> None:
        """Go to the line with the message `title` that was written nearest to `at`, else to the first one after it."""
        reader = self._window.reader
        place = self._place(at, partial(self.go_to_step, at, title))
        if place is None:
            return
        near = (*reader.before(place, _NEAR_STEP), *reader.after(place, _NEAR_STEP))
        written = [(abs(time - at), line.start) for line in near if (time := _time_of_message(line.text, title))]
        self._window.go_to(min(written)[1] if written and min(written)[0] <= _SAME_STEP else place)

    def go_to_line(self, line: RawLine, row: int) -> None:
        """Place the line with the same text at its time, else the first one after that, in ``row``.

        Do nothing for a line without a time.
        """
        at = time_of(line.text)
        place = None if at is None else self._place(at, partial(self.go_to_line, line, row))
        if place is None:
            return
        reader = self._window.reader
        near = (*reader.after(place, _NEAR_STEP), *reader.before(place, _NEAR_STEP))
        self._window.go_to(next((each.start for each in near if each.text == line.text), place), row=row)

    def go_to_day(self, step: int, zone: tzinfo | None) -> None:
        """Go to the first line of the day with lines before the cursor's one in `zone`, or after it for a step of 1."""
        chosen = self._window.chosen
        at = time_of(chosen.text) if chosen is not None else None
        if at is None:
            self._say("The line at the cursor has no time.")
        elif step > 0:
            self._go_to_day_from(_midnight(at, zone) + timedelta(days=1))
        else:
            self._go_to_day_before(_midnight(at, zone), zone)

    def _go_to_day_from(self, midnight: datetime) -> None:
        place = self._place(midnight, partial(self._go_to_day_from, midnight))
        if place is None:
            return
        if place < self._window.reader.end:
            self._window.go_to(place)
        else:
            self._say("This is the last day of the log.")

    def _go_to_day_before(self, midnight: datetime, zone: tzinfo | None) -> None:
        place = self._place(midnight, partial(self._go_to_day_before, midnight, zone))
        if place is None:
            return
        before = self._window.reader.before(place, 1)
        last = time_of(before[0].text) if before else None
        if last is not None:
            self._go_to(_midnight(last, zone))
        else:
            self._say("This is the first day of the log.")

    def _go_to(self, instant: datetime) -> None:
        place = self._place(instant, partial(self._go_to, instant))
        if place is not None:
            self._window.go_to(place)

    def _place(self, instant: datetime, again: Callable[[], None]) -> int | None:
        """Return the offset of a time; None if it is not known yet, and then keep ``again`` as the pending move."""
        place = self._window.reader.places.place_of(instant)
        self._waiting = again if place is None else None
        return place


def _midnight(at: datetime, zone: tzinfo | None) -> datetime:
    return at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)


def _time_of_message(line: bytes, message: str) -> datetime | None:
    """Return the time of a line with this message; None for any other line."""
    return time_of(line) if line_fields(line).get("message") == message else None

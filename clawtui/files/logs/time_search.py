"""Binary search for a time in a log, whose lines are in the order of time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from operator import gt, le

from clawtui.files.logs.line_access import AllLines
from clawtui.files.logs.log_data import LogData
from clawtui.model.documents.log_entry import RawLine
from clawtui.model.search.line_filter import time_of
from clawtui.model.text.units import EARLIEST

_TRIED = 1000
"""The number of lines in a row without a time after which no more are read."""


_SAMPLES = 64
"""The number of lines that are compared to notice that the clock was set back."""

_FIRST = 20
"""The number of lines at the beginning in which a time is searched."""


def first_time(data: LogData) -> datetime | None:
    """Return the time of the first line that has one. Raises Unreadable."""
    times = (time_of(line.text) for line in AllLines(data).after(0, _FIRST))
    return next((at for at in times if at is not None), None)


def start_at(data: LogData, instant: datetime) -> int:
    """Return the start of the first line that was written at ``instant`` or later; the end if there is none.

    Lines without a time count as written with the next that has one. A log whose clock was set back reaches the instant
    more than once: of these places, as far as samples of the log show them, the nearest in time counts.
    Raises Unreadable.
    """
    lines = AllLines(data)
    places = []
    low, last = 0, EARLIEST
    for line, at in _samples(lines, data.end):
        if at < last:  # the clock was set back in between
            step = _first(lines, low, line.start, partial(gt, last))
            if last < instant and (place := _first(lines, low, step, partial(le, instant))) < step:
                places.append(place)
            if instant <= at:
                places.append(_first(lines, step, line.start, partial(le, instant)))
        elif last < instant <= at:
            places.append(_first(lines, low, line.start, partial(le, instant)))
        last, low = at, line.end
    if last < instant:
        places.append(_first(lines, low, data.end, partial(le, instant)))
    return places[0] if len(places) == 1 else min(places, key=lambda place: _distance(lines, place, data.end, instant))


def _samples(lines: AllLines, end: int) -> Iterator[tuple[RawLine, datetime]]:
    """Yield some lines with their times, from the first line on, at equal distances."""
    last = -1
    for number in range(_SAMPLES):
        timed = _timed(lines, lines.at(number * end // _SAMPLES), end)
        if timed is not None and timed[0].start > last:
            last = timed[0].start
            yield timed


def _distance(lines: AllLines, place: int, end: int, instant: datetime) -> timedelta:
    timed = _timed(lines, place, end)
    return timedelta.max if timed is None else abs(timed[1] - instant)


def _first(lines: AllLines, low: int, high: int, is_later: Callable[[datetime], bool]) -> int:
    """Return the start of the first later line; no line before ``low`` is later, and the one at ``high`` is."""
    while low < high:
        middle = max(low, lines.at((low + high) // 2))
        timed = _timed(lines, middle, high)
        if timed is None or is_later(timed[1]):
            high = middle
        else:
            low = timed[0].end
    return low


def _timed(lines: AllLines, offset: int, end: int) -> tuple[RawLine, datetime] | None:
    """Return the first line with a time from ``offset`` on and before ``end``, and that time."""
    tried = 0
    while offset < end and tried < _TRIED:
        found = lines.after(offset, 8)
        if not found:
            return None
        for line in found:
            if line.start >= end:
                return None
            at = time_of(line.text)
            if at is not None:
                return line, at
            tried += 1
        offset = found[-1].end
    return None

"""Binary search for a time in a log, whose lines are in the order of time."""

from __future__ import annotations

from datetime import datetime

from clawtui.files.logs.line_access import AllLines
from clawtui.files.logs.log_data import LogData
from clawtui.model.documents.log_entry import RawLine
from clawtui.model.search.line_filter import said

_TRIED = 1000
"""The number of lines in a row without a time after which no more are read."""


_FIRST = 20
"""The number of lines at the beginning in which a time is searched."""


def time_of(line: bytes) -> datetime | None:
    """Return the timestamp of the line; None if it has none, or one without a time zone."""
    content = said(line)
    written = content.get("timestamp", content.get("time"))  # a stock gateway's log has ``time``
    try:
        at = datetime.fromisoformat(written) if isinstance(written, str) else None
    except ValueError:
        return None
    return at if at is not None and at.tzinfo is not None else None


def first_time(data: LogData) -> datetime | None:
    """Return the time of the first line that has one. Raises Unreadable."""
    times = (time_of(line.text) for line in AllLines(data).after(0, _FIRST))
    return next((at for at in times if at is not None), None)


def start_at(data: LogData, instant: datetime) -> int:
    """Return the start of the first line that was written at ``instant`` or later; the end if there is none.

    Lines without a time count as written with the next that has one. Raises Unreadable.
    """
    lines = AllLines(data)
    low, high = 0, data.end  # all before low are earlier; what starts at high is not
    while low < high:
        middle = max(low, lines.at((low + high) // 2))
        timed = _timed(lines, middle, high)
        if timed is None or timed[1] >= instant:
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

"""A summary of a run's log: its phases, its errors and its end."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from datetime import datetime, timedelta

from msgspec import Struct, field

from clawtui.model.documents.base import MAX_TIMELINE, RunStatus
from clawtui.model.documents.log_entry import LogLine, RunLogEntry, parse_log_line
from clawtui.model.runs.durations import Phases, PhaseStart

_MAX_KEPT = 4096
"""Characters of an error that is kept as text."""

CLOSING = ("complete", "cleanup")
"""The last phases of a run: an error in one of them repeats an earlier one."""


class Event(Struct, frozen=True):
    """A line of the log that belongs in a timeline: the first of a phase, or an error."""

    at: datetime
    title: str
    failed: bool
    details: Mapping[str, object]


class LoggedError(Struct, frozen=True):
    """An error as the log has it."""

    at: datetime
    phase: str
    message: str


class LogSummary(Struct, frozen=True):
    """The summary of one run's log."""

    events: tuple[Event, ...] = ()
    """Oldest first, the last 1,000."""
    phases: Phases = field(default_factory=Phases)
    error: LoggedError | None = None
    """The last error; one in the closing phases only if there is no other."""
    errors: int = 0
    """How many lines have the level ``error``."""
    status: RunStatus | None = None
    """The status in the log's last line that has one."""


class LogSummarizer:
    """Summarizes the lines of a run's log one after the other, in constant memory."""

    def __init__(self) -> None:
        self._events: deque[Event | str | None] = deque(maxlen=MAX_TIMELINE)
        """A text is parsed when the summary is asked for; None stands for one that is no entry."""
        self._spent: dict[str, timedelta] = {}
        self._first: dict[str, datetime] = {}
        self._current: PhaseStart | None = None
        self._last: datetime | None = None
        self._error: LoggedError | str | None = None
        self._errors = 0
        self._status: RunStatus | None = None

    def skip(self, text: str) -> bool:
        """Return whether a line, by a quick examination of its text, need not be parsed except for its time.

        It changes nothing in the summary, or it is one more error in the same phase, which is parsed only if it is
        still needed at the end.
        """
        if text.count('"level"') != 1 or '"status"' in text:
            return False
        if '"level":"debug"' in text:
            return '"error"' not in text
        current = self._current
        if current is None or f'"phase":"{current.phase}"' not in text or text.count('"phase"') != 1:
            return False
        if '"level":"info"' in text or '"level":"warn"' in text:
            return '"error"' not in text
        if '"level":"error"' not in text or len(text) > _MAX_KEPT or not text.endswith("}"):
            return False  # an error may be spelled in another way, or as a number
        self._events.append(text)
        self._errors += 1
        if self._error is None or current.phase not in CLOSING:
            self._error = text
        return True

    def pass_time(self, line: LogLine) -> None:
        """Record the time of the last line that was skipped."""
        if isinstance(line.entry, RunLogEntry):
            self._last = line.entry.timestamp

    def add(self, line: LogLine) -> None:
        """Add the next line; a line that is not an entry is ignored."""
        entry = line.entry
        if not isinstance(entry, RunLogEntry):
            return
        self._last = entry.timestamp
        self._status = entry.status or self._status
        if entry.level == "debug":
            return
        failed = entry.level == "error"
        if failed or self._current is None or entry.phase != self._current.phase:
            self._events.append(_event(entry, line))
        if failed:
            self._note_error(entry)
        self._come_to(entry.phase, entry.timestamp)

    @property
    def log_summary(self) -> LogSummary:
        """The summary of the lines so far."""
        phases = Phases(dict(self._spent), dict(self._first), self._current, self._last)
        events = [_event_of(event) if isinstance(event, str) else event for event in self._events]
        self._events = deque(events, maxlen=MAX_TIMELINE)  # each is parsed once, however often this is asked for
        error = self._error
        if isinstance(error, str):
            entry = parse_log_line(error).entry
            error = _logged(entry) if isinstance(entry, RunLogEntry) else None
        return LogSummary(tuple(event for event in events if event), phases, error, self._errors, self._status)

    def _note_error(self, entry: RunLogEntry) -> None:
        self._errors += 1
        if self._error is None or entry.phase not in CLOSING:
            self._error = _logged(entry)

    def _come_to(self, phase: str, at: datetime) -> None:
        if self._current is not None:
            if self._current.phase == phase:
                return
            left = self._current
            self._spent[left.phase] = self._spent.get(left.phase, timedelta(0)) + max(timedelta(0), at - left.at)
        self._current = PhaseStart(phase, at)
        self._first.setdefault(phase, at)


def _event(entry: RunLogEntry, line: LogLine) -> Event:
    details = {"phase": entry.phase, **line.fields}
    return Event(entry.timestamp, entry.message, entry.level == "error", details)


def _event_of(text: str) -> Event | None:
    line = parse_log_line(text)
    return _event(line.entry, line) if isinstance(line.entry, RunLogEntry) else None


def _logged(entry: RunLogEntry) -> LoggedError:
    return LoggedError(entry.timestamp, entry.phase, entry.error or entry.message)

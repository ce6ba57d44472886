"""A summary of a run's log: its phases, its errors and its end."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from clawtui.model.documents.base import RunStatus
from clawtui.model.documents.log_entry import LogLine, RunLogEntry
from clawtui.model.documents.workspace import MAX_TIMELINE
from clawtui.model.runs.phases import Phases, PhaseStart

CLOSING = ("complete", "cleanup")
"""The last phases of a run: an error in one of them repeats an earlier one."""


@dataclass(frozen=True, slots=True)
class Event:
    """A line of the log that belongs in a timeline: the first of a phase, or an error."""

    at: datetime
    title: str
    failed: bool
    details: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class LoggedError:
    """An error as the log has it."""

    at: datetime
    phase: str
    message: str


@dataclass(frozen=True, slots=True)
class LogSummary:
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
        self._events: deque[Event] = deque(maxlen=MAX_TIMELINE)
        self._spent: dict[str, timedelta] = {}
        self._first: dict[str, datetime] = {}
        self._current: PhaseStart | None = None
        self._last: datetime | None = None
        self._error: LoggedError | None = None
        self._errors = 0
        self._status: RunStatus | None = None

    def can_be_skipped(self, text: str) -> bool:
        """Return whether a line, by a quick look at its text, changes nothing in the summary except the last time."""
        if '"error"' in text or '"status"' in text or text.count('"level"') != 1:
            return False
        if '"level":"debug"' in text:
            return True
        if '"level":"info"' not in text and '"level":"warn"' not in text:
            return False  # an error may be spelled in another way, or as a number
        current = self._current
        return current is not None and f'"phase":"{current.phase}"' in text and text.count('"phase"') == 1

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
            details = {"phase": entry.phase, **line.fields}
            self._events.append(Event(entry.timestamp, entry.message, failed, details))
        if failed:
            self._note_error(entry)
        self._come_to(entry.phase, entry.timestamp)

    @property
    def log_summary(self) -> LogSummary:
        """The summary of the lines so far."""
        phases = Phases(dict(self._spent), dict(self._first), self._current, self._last)
        return LogSummary(tuple(self._events), phases, self._error, self._errors, self._status)

    def _note_error(self, entry: RunLogEntry) -> None:
        self._errors += 1
        if self._error is None or entry.phase not in CLOSING:
            self._error = LoggedError(entry.timestamp, entry.phase, entry.error or entry.message)

    def _come_to(self, phase: str, at: datetime) -> None:
        if self._current is not None:
            if self._current.phase == phase:
                return
            left = self._current
            self._spent[left.phase] = self._spent.get(left.phase, timedelta(0)) + max(timedelta(0), at - left.at)
        self._current = PhaseStart(phase, at)
        self._first.setdefault(phase, at)

"""One run of an automation, from a configuration, a log or a workspace."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from msgspec import Struct

from clawtui.model.documents.log_entry import LogLine
from clawtui.model.paths import LOG_SUFFIX
from clawtui.model.runs.judgement import GOING, RunState
from clawtui.model.text.units import format_timestamp

SLACK = timedelta(minutes=1)
"""The most by which the start of one run differs between its configuration, log and workspace."""


class RunLines(NamedTuple):
    """The lines of one run in logs that it shares with others."""

    automation_id: str
    session_id: str | None
    since: datetime
    until: datetime | None
    """None while the run is going, and where its end is not known."""

    def holds(self, automation_id: str | None, session_id: str | None, at: datetime) -> bool:
        """Return whether an entry with these fields is of the run."""
        if automation_id != self.automation_id:
            return False
        if self.session_id is not None and session_id is not None:
            return session_id == self.session_id
        return self.since <= at and (self.until is None or at < self.until)


class Run(Struct, frozen=True):
    """One run of an automation."""

    automation_id: str
    started: datetime
    status: RunState | None
    """None if it is not known how the run ended."""
    duration: int | float | None = None
    """Milliseconds."""
    summary: str | None = None
    log: str | None = None
    """The path of its log, relative to ``automations/``."""
    shares_log: bool = False
    """Whether the log is that of a whole day, with the lines of other runs in it."""
    later_logs: tuple[str, ...] = ()
    """The logs of the following days up to the run's end, if it shares logs."""
    session_id: str | None = None
    next_start: datetime | None = None
    """When the automation's next run began."""
    only_log: bool = False
    """Whether the run is known from its log alone."""
    word: str | None = None
    """The status in the gateway's own word, cleaned, if that is none of the states."""

    @property
    def label(self) -> str:
        """The status in one word, in the gateway's own if that is not understood."""
        return f"“{self.word}”" if self.word is not None else self.status or "unknown"

    @property
    def name(self) -> str:
        """The name of the run: that of its log, or else its start."""
        if self.log is None or self.shares_log:
            return format_timestamp(self.started)
        return self.log.rpartition("/")[2].removesuffix(LOG_SUFFIX)

    @property
    def identity(self) -> tuple[datetime, str]:
        """A key among the automation's runs that does not change when the log is removed."""
        return (self.started, self.log or "" if self.only_log else "")

    @property
    def logs(self) -> tuple[str, ...]:
        """Its logs, oldest first: one, or those of each day on which it ran."""
        return () if self.log is None else (self.log, *self.later_logs)

    @property
    def ended(self) -> datetime | None:
        """When the run ended, if known."""
        if self.duration is None:
            return None
        try:
            return self.started + timedelta(milliseconds=max(0, self.duration))
        except OverflowError:
            return None

    @property
    def took(self) -> timedelta | None:
        """How long the run took, if known."""
        return None if self.ended is None else self.ended - self.started

    @property
    def running(self) -> bool:
        """Whether it is going."""
        return self.status in GOING

    @property
    def is_completed(self) -> bool:
        """Whether it ran to its end, so that its duration is an estimate for later runs."""
        return self.status in ("success", "partial")

    def is_called(self, name: str) -> bool:
        """Return whether ``name`` is the run's name, its log's name or path, or its start in ISO 8601."""
        if name in (self.name, self.log) or (self.log is not None and self.log.endswith(f"/{name}")):
            return True
        try:
            return datetime.fromisoformat(name) == self.started
        except (ValueError, TypeError):
            return False

    def wrote(self, line: LogLine) -> bool:
        """Return whether a line of its log is of this run; in a log of its own every line is."""
        if not self.shares_log:
            return True
        entry = line.entry
        return entry is not None and self.lines.holds(entry.automation_id, entry.session_id, entry.timestamp)

    @property
    def lines(self) -> RunLines:
        """Its lines in logs that it shares."""
        until = self.ended + SLACK if self.ended is not None else self.next_start
        return RunLines(self.automation_id, self.session_id, self.started, until)

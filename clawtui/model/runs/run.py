"""One run of an automation, from wherever it left a trace: a configuration, a log, a workspace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from clawtui.model.documents.base import RunStatus
from clawtui.model.documents.log_entry import LogLine
from clawtui.model.paths import LOG_SUFFIX
from clawtui.model.text.units import format_timestamp

SLACK = timedelta(minutes=1)
"""By how much a run's start may differ between the places that tell of it."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of an automation."""

    automation_id: str
    started: datetime
    status: RunStatus | Literal["running"] | None
    """None where nothing says how it ended."""
    duration: int | float | None = None
    """Milliseconds."""
    summary: str | None = None
    log: str | None = None
    """The path of its log, relative to ``automations/``."""
    shares_log: bool = False
    """Whether the log is that of a whole day, with the lines of other runs in it."""
    session_id: str | None = None
    next_start: datetime | None = None
    """When the automation's next run began."""
    only_log: bool = False
    """Whether nothing but its log tells of it."""

    @property
    def name(self) -> str:
        """What it is called: as its log, or as the instant at which it started."""
        if self.log is None or self.shares_log:
            return format_timestamp(self.started)
        return self.log.rpartition("/")[2].removesuffix(LOG_SUFFIX)

    @property
    def identity(self) -> tuple[datetime, str]:
        """What tells it from the automation's other runs, whatever becomes of its log meanwhile."""
        return (self.started, self.log or "" if self.only_log else "")

    @property
    def ended(self) -> datetime | None:
        """When it ended, where that is known."""
        if self.duration is None:
            return None
        try:
            return self.started + timedelta(milliseconds=max(0, self.duration))
        except OverflowError:
            return None

    @property
    def took(self) -> timedelta | None:
        """How long it took, where that is known."""
        return None if self.ended is None else self.ended - self.started

    @property
    def running(self) -> bool:
        """Whether it is going, as it says itself."""
        return self.status == "running"

    @property
    def is_completed(self) -> bool:
        """Whether it came to its end: how long it took says something of how long another will take."""
        return self.status in ("success", "partial")

    def is_called(self, name: str) -> bool:
        """Whether ``name`` means this run: its name, its log's name or path, or its start in any ISO form."""
        if name in (self.name, self.log) or (self.log is not None and self.log.endswith(f"/{name}")):
            return True
        try:
            return datetime.fromisoformat(name) == self.started
        except (ValueError, TypeError):
            return False

    def wrote(self, line: LogLine) -> bool:
        """Whether a line of its log is its own; in a log that it does not share, all of them are."""
        if not self.shares_log:
            return True
        entry = line.entry
        if entry is None or entry.automation_id != self.automation_id:
            return False
        if self.session_id is not None and entry.session_id is not None:
            return entry.session_id == self.session_id
        last = self.ended + SLACK if self.ended is not None else self.next_start
        return self.started <= entry.timestamp and (last is None or entry.timestamp < last)

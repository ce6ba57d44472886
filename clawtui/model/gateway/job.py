"""A job of a stock gateway: its definition, and the state that the gateway keeps of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct, field

from clawtui.model.documents.base import Problem
from clawtui.model.gateway.schedule import Schedule
from clawtui.model.text.units import shifted

_ERROR_BACKOFF = tuple(timedelta(seconds=seconds) for seconds in (30, 60, 300, 900, 3600))
"""How long the gateway waits after the first failure in a row, the second, and so on."""

JobStatus = Literal["running", "lost", "idle", "disabled", "failed", "invalid"]


class JobState(Struct, frozen=True):
    """The state that the gateway keeps of a job beside its definition; a missing value is None."""

    next_run: datetime | None = None
    running_at: datetime | None = None
    running_receipt: str | None = None
    queued_at: datetime | None = None
    last_run: datetime | None = None
    last_status: str | None = None
    last_duration: timedelta | None = None
    last_error: str | None = None
    last_error_reason: str | None = None
    last_summary: str | None = None
    last_delivery_status: str | None = None
    last_delivery_error: str | None = None
    consecutive_errors: int = 0
    consecutive_skipped: int = 0
    startup_catchup: datetime | None = None
    """The time until which the gateway catches up with the runs that it missed while it was down."""
    paced_next_run: datetime | None = None
    """The time until which the gateway postpones the job."""

    @property
    def last_end(self) -> datetime | None:
        """Return when the last run ended."""
        if self.last_run is None:
            return None
        return shifted(self.last_run, self.last_duration or timedelta(0))

    @property
    def backoff(self) -> timedelta:
        """Return how long the gateway waits after the last run if that failed; else zero."""
        if self.consecutive_errors <= 0:
            return timedelta(0)
        return _ERROR_BACKOFF[min(self.consecutive_errors, len(_ERROR_BACKOFF)) - 1]


class Job(Struct, frozen=True):
    """One job; its gateway calls it an automation or a cron job."""

    id: str
    name: str
    enabled: bool | None
    """None if that cannot be read."""
    schedule: Schedule | None
    """None if that cannot be read."""
    state: JobState = field(default_factory=JobState)
    store_key: str = ""
    description: str | None = None
    payload_kind: str | None = None
    agent_id: str | None = None
    created: datetime | None = None
    updated: datetime | None = None
    """The time of the last write of its row, by an edit or a run."""
    has_trigger: bool = False
    """Whether it runs at its times only if a condition holds; then a time without a run is no miss."""
    path: str = ""
    """Its path relative to the root, for problems."""
    problems: tuple[Problem, ...] = ()
    """The parts of it that could not be read; all others are valid."""

    def status(self, is_running: bool) -> JobStatus:
        """Return its status; ``is_running`` is whether a run of it is going."""
        if self.enabled is None or self.schedule is None:
            return "invalid"
        if is_running:
            return "running"
        if not self.enabled:
            return "disabled"
        return "failed" if self.state.last_status == "error" or self.state.consecutive_errors > 0 else "idle"

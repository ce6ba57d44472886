"""A run of a stock gateway's job: its receipt, its task and its log entry as one value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

RunStatus = Literal[
    "running",
    "queued",
    "success",
    "failed",
    "cancelled",
    "skipped",
    "interrupted",
    "superseded",
    "timed out",
    "lost",
    "unknown",
]
"""The design's, and those that only a stock gateway has."""

Source = Literal["receipt", "task", "log", "state"]

_OF_RECEIPT: dict[str, RunStatus] = {
    "running": "running",
    "ok": "success",
    "error": "failed",
    "skipped": "skipped",
    "interrupted": "interrupted",
    "superseded": "superseded",
}
_OF_TASK: dict[str, RunStatus] = {
    "queued": "queued",
    "running": "running",
    "succeeded": "success",
    "failed": "failed",
    "timed_out": "timed out",
    "cancelled": "cancelled",
    "lost": "lost",
}
_DELIVERY_FAILED = frozenset({"failed", "error", "not-delivered", "undelivered"})


def status_of(receipt: str | None, task: str | None) -> RunStatus:
    """Return the run's status: its receipt decides, and its task says more where the run failed.

    A run that is ok in its receipt and failed as a task has only failed in its delivery.
    """
    of_task = _OF_TASK.get(task, "unknown") if task is not None else None
    if receipt is None:
        return of_task or "unknown"
    of_receipt = _OF_RECEIPT.get(receipt, "unknown")
    if of_receipt in ("failed", "unknown") and of_task in ("timed out", "cancelled", "lost"):
        return of_task
    return of_receipt


@dataclass(frozen=True, slots=True)
class RunOwner:
    """The gateway process that a receipt names. It names no host."""

    pid: int
    start_ticks: int | None = None
    """When the process started, in clock ticks since the boot; None where that was not recorded."""
    host: str | None = None
    """Where the row itself says so, as some tasks do."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a run's message: a matter of its own beside the run's outcome."""

    status: str | None
    error: str | None = None

    @property
    def has_failed(self) -> bool:
        """Return whether a message was wanted and did not arrive."""
        return self.error is not None or (self.status or "") in _DELIVERY_FAILED


@dataclass(frozen=True, slots=True)
class GatewayRun:
    """One run. What the store does not say is None."""

    id: str
    job_id: str
    started: datetime
    status: RunStatus
    source: Source
    finished: datetime | None = None
    error: str | None = None
    summary: str | None = None
    owner: RunOwner | None = None
    task_id: str | None = None
    task_status: str | None = None
    """As the gateway writes it."""
    last_event: datetime | None = None
    """When its task last moved."""
    delivery: Delivery | None = None
    session_key: str | None = None
    session_id: str | None = None
    model: str | None = None
    tokens: int | None = None
    diagnostics: tuple[tuple[datetime | None, str, str], ...] = ()
    """When, how severe and what, each as the gateway wrote it."""

    @property
    def is_going(self) -> bool:
        """Return whether the store says that it has not ended."""
        return self.status in ("running", "queued")

    @property
    def took(self) -> timedelta | None:
        """Return how long it took; None where it has not ended."""
        return None if self.finished is None else max(self.finished - self.started, timedelta(0))

"""A run of a stock gateway's job: its receipt, its task and its log entry as one value."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

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
"""The statuses of the design, and those that only a stock gateway has."""

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
    """Return the run's status: that of its receipt, or a more precise one from its task if the run failed.

    If the receipt is ok and the task failed, only the delivery of the message failed.
    """
    of_task = _OF_TASK.get(task, "unknown") if task is not None else None
    if receipt is None:
        return of_task or "unknown"
    of_receipt = _OF_RECEIPT.get(receipt, "unknown")
    if of_receipt in ("failed", "unknown") and of_task in ("timed out", "cancelled", "lost"):
        return of_task
    return of_receipt


class RunOwner(Struct, frozen=True):
    """The gateway process that a receipt or a task names. A receipt has no host."""

    pid: int
    start_ticks: int | None = None
    """When the process started, in clock ticks since the boot; None if that was not recorded."""
    host: str | None = None
    """The host's name if the row has it, as for some tasks."""


class Delivery(Struct, frozen=True):
    """The delivery of a run's message, which is independent of the run's outcome."""

    status: str | None
    error: str | None = None

    @property
    def has_failed(self) -> bool:
        """Return whether a message was to be delivered and was not."""
        return self.error is not None or (self.status or "") in _DELIVERY_FAILED


class GatewayRun(Struct, frozen=True):
    """One run. A value that the store does not have is None."""

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
    """The time of the last event of its task."""
    delivery: Delivery | None = None
    session_key: str | None = None
    session_id: str | None = None
    model: str | None = None
    tokens: int | None = None
    diagnostics: tuple[tuple[datetime | None, str, str], ...] = ()
    """The time, severity and text of each diagnostic, as the gateway wrote them."""

    @property
    def is_going(self) -> bool:
        """Return whether the run has not ended according to the store."""
        return self.status in ("running", "queued")

    @property
    def took(self) -> timedelta | None:
        """Return how long it took; None if it has not ended."""
        return None if self.finished is None else max(self.finished - self.started, timedelta(0))

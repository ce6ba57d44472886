"""The lines of the dispatcher's log, one function an event (design: Dispatcher Log)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from clawtui.model.documents.log_entry import DispatcherLogEntry

SkipReason = Literal["repository-locked", "concurrency-limit"]


def dispatch_started(now: datetime, automations: int, due: int) -> DispatcherLogEntry:
    """The dispatcher looks at all automations."""
    return DispatcherLogEntry(
        timestamp=now, level="info", event="dispatch-started", automations_count=automations, due_count=due
    )


def automation_dispatched(now: datetime, automation_id: str, session_id: str) -> DispatcherLogEntry:
    """A run has begun."""
    return DispatcherLogEntry(
        timestamp=now, level="info", event="automation-dispatched", automation_id=automation_id, session_id=session_id
    )


def automation_skipped(now: datetime, automation_id: str, reason: SkipReason) -> DispatcherLogEntry:
    """A run was due and could not begin."""
    return DispatcherLogEntry(
        timestamp=now, level="info", event="automation-skipped", automation_id=automation_id, reason=reason
    )


def dispatch_completed(now: datetime, dispatched: int, skipped: int, took: timedelta) -> DispatcherLogEntry:
    """Everything that was due has been looked at."""
    return DispatcherLogEntry(
        timestamp=now,
        level="info",
        event="dispatch-completed",
        dispatched=dispatched,
        skipped=skipped,
        duration=took // timedelta(milliseconds=1),
    )


def automation_failed(now: datetime, automation_id: str, session_id: str, error: str) -> DispatcherLogEntry:
    """A run ended badly."""
    return DispatcherLogEntry(
        timestamp=now,
        level="error",
        event="automation-failed",
        automation_id=automation_id,
        session_id=session_id,
        error=error,
    )


def stale_run_recovered(now: datetime, automation_id: str, session_id: str, reason: str) -> DispatcherLogEntry:
    """The slot and the lock of a run that died were taken back."""
    return DispatcherLogEntry(
        timestamp=now,
        level="warn",
        event="stale-run-recovered",
        automation_id=automation_id,
        session_id=session_id,
        reason=reason,
    )

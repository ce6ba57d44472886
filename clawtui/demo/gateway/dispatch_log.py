"""The entries of the dispatcher's log, one function for each event (design: Dispatcher Log)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from clawtui.model.documents.log_entry import DispatcherLogEntry

SkipReason = Literal["repository-locked", "concurrency-limit"]


def dispatch_started(now: datetime, automations: int, due: int) -> DispatcherLogEntry:
    """Return the entry for the start of a dispatch."""
    return DispatcherLogEntry(
        timestamp=now, level="info", event="dispatch-started", automations_count=automations, due_count=due
    )


def automation_dispatched(now: datetime, automation_id: str, session_id: str) -> DispatcherLogEntry:
    """Return the entry for a run that has started."""
    return DispatcherLogEntry(
        timestamp=now, level="info", event="automation-dispatched", automation_id=automation_id, session_id=session_id
    )


def automation_skipped(now: datetime, automation_id: str, reason: SkipReason) -> DispatcherLogEntry:
    """Return the entry for a run that was due and could not start."""
    return DispatcherLogEntry(
        timestamp=now, level="info", event="automation-skipped", automation_id=automation_id, reason=reason
    )


def dispatch_completed(now: datetime, dispatched: int, skipped: int, took: timedelta) -> DispatcherLogEntry:
    """Return the entry for the end of a dispatch."""
    return DispatcherLogEntry(
        timestamp=now,
        level="info",
        event="dispatch-completed",
        dispatched=dispatched,
        skipped=skipped,
        duration=took // timedelta(milliseconds=1),
    )


def automation_failed(now: datetime, automation_id: str, session_id: str, error: str) -> DispatcherLogEntry:
    """Return the entry for a run that failed."""
    return DispatcherLogEntry(
        timestamp=now,
        level="error",
        event="automation-failed",
        automation_id=automation_id,
        session_id=session_id,
        error=error,
    )


def stale_run_recovered(now: datetime, automation_id: str, session_id: str, reason: str) -> DispatcherLogEntry:
    """Return the entry for a dead run whose slot and lock were recovered."""
    return DispatcherLogEntry(
        timestamp=now,
        level="warn",
        event="stale-run-recovered",
        automation_id=automation_id,
        session_id=session_id,
        reason=reason,
    )

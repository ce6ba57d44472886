"""What an operator wants to know of an automation at a glance, derived from a fleet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import ValidationError

from clawtui.model.documents.base import EPOCH
from clawtui.model.documents.log_entry import DispatcherLogEntry
from clawtui.model.fleet import Automation, Workspace
from clawtui.model.text.units import LATEST

Status = Literal["running", "idle", "disabled", "failed", "invalid"]

_STARTED = "dispatch-started"
_RANK: Mapping[Status, int] = {"running": 0, "invalid": 1, "failed": 1, "idle": 2, "disabled": 3}


def status_of(automation: Automation, workspace: Workspace | None) -> Status:
    """In one word. An unreadable configuration outranks all: nobody can say what the rest would mean."""
    config = automation.config.value
    if config is None:
        return "invalid"
    if workspace is not None and workspace.running is not None:
        return "running"
    if not config.enabled:
        return "disabled"
    latest = config.latest_run
    return "failed" if latest is not None and latest.status == "failed" else "idle"


def urgency(automation: Automation, workspace: Workspace | None) -> tuple[int, datetime, str]:
    """Sorts running first, then what failed or cannot be read, then what is due next, then what is disabled."""
    config = automation.config.value
    status = status_of(automation, workspace)
    due = config.due if config is not None else None
    return (_RANK[status], EPOCH if status == "running" else due or LATEST, automation.id)


@dataclass(frozen=True, slots=True)
class Skip:
    """The dispatcher passed an automation over."""

    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class DispatcherStatus:
    """What the end of the dispatcher's log tells."""

    last_dispatch: datetime | None
    skips: Mapping[str, Skip]
    """By automation id: passed over, and not dispatched since."""


def dispatcher_status(lines: Iterable[str]) -> DispatcherStatus:
    """Reads the dispatcher's lines, oldest first; lines that are none are passed over, the log shows them."""
    last_dispatch = None
    skips: dict[str, Skip] = {}
    for line in lines:
        try:
            entry = DispatcherLogEntry.model_validate_json(line, by_alias=True, by_name=False)
        except ValidationError:
            continue
        if entry.event == _STARTED:
            last_dispatch = entry.timestamp
        elif entry.automation_id is not None:
            if entry.event == "automation-skipped":
                skips[entry.automation_id] = Skip(entry.timestamp, entry.reason or "")
            else:
                skips.pop(entry.automation_id, None)
    return DispatcherStatus(last_dispatch, skips)


def dispatch_times(lines: Iterable[str]) -> tuple[datetime, ...]:
    """When the dispatcher looked for work, oldest first, by its own lines."""
    times = []
    for line in lines:
        if _STARTED in line:
            try:
                entry = DispatcherLogEntry.model_validate_json(line, by_alias=True, by_name=False)
            except ValidationError:
                continue
            if entry.event == _STARTED:
                times.append(entry.timestamp)
    return tuple(sorted(times))

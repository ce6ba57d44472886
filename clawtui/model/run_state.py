"""The status of an automation in one word, and the state of the dispatcher by the end of its log."""

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
    """Return the status of an automation; ``invalid`` always if its configuration cannot be read."""
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
    """Return a sort key: running first, then failed or unreadable, then by the time that it is due, disabled last."""
    status = status_of(automation, workspace)
    due = automation.due
    return (_RANK[status], EPOCH if status == "running" else due or LATEST, automation.id)


@dataclass(frozen=True, slots=True)
class Skip:
    """A dispatch in which the automation was due and was not started."""

    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class DispatcherStatus:
    """The state of the dispatcher by the end of its log."""

    last_dispatch: datetime | None
    skips: Mapping[str, Skip]
    """By automation id: the last skip, unless the automation was dispatched since."""


def dispatcher_status(lines: Iterable[str]) -> DispatcherStatus:
    """Return the status that the lines of the dispatcher's log give, oldest first; invalid lines are ignored."""
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
    """Return the times of all dispatches in the lines of the dispatcher's log, oldest first."""
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

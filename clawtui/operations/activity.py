"""What the dispatcher did in the last hours, from its logs."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime

from pydantic import ValidationError

from clawtui.model.activity import Dispatches, Passed
from clawtui.model.log_entry import DispatcherLogEntry
from clawtui.model.names import DISPATCHER_LOGS
from clawtui.storage.log_manager import AutomationLogManager
from clawtui.storage.log_stream import LogStream
from clawtui.storage.paths import LOGS, StatePaths

_STARTED, _SKIPPED = "dispatch-started", "automation-skipped"


def read_dispatches(paths: StatePaths, since: datetime) -> Dispatches:
    """When the dispatcher looked for work since then, and whom it passed over. Raises Refused, Unreadable."""
    at: list[datetime] = []
    passed: list[Passed] = []
    for name in AutomationLogManager(paths).list(DISPATCHER_LOGS).get(None, ()):
        if name.started.date() < since.astimezone(name.started.tzinfo).date():
            continue
        with closing(LogStream(paths.automations, f"{LOGS}/{DISPATCHER_LOGS}/{name.file}")) as stream:
            for text in stream.read():
                entry = _entry(text)
                if entry is None or entry.timestamp < since:
                    continue
                if entry.event == _STARTED:
                    at.append(entry.timestamp)
                elif entry.event == _SKIPPED and entry.automation_id is not None:
                    passed.append(Passed(entry.timestamp, entry.automation_id, entry.reason or ""))
    return Dispatches(tuple(sorted(at)), tuple(sorted(passed)))


def _entry(text: str) -> DispatcherLogEntry | None:
    """The entry, where it may be one of those that are wanted: no other line is parsed."""
    if _STARTED not in text and _SKIPPED not in text:
        return None
    try:
        return DispatcherLogEntry.model_validate_json(text, by_alias=True, by_name=False)
    except ValidationError:
        return None

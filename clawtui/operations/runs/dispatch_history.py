"""The recent dispatches, from the dispatcher's logs."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from msgspec import Struct

from clawtui.model.fleet import Fleet
from clawtui.model.paths import DISPATCHER_LOGS
from clawtui.storage.paths import LOGS, StatePaths

if TYPE_CHECKING:
    from clawtui.model.documents.log_entry import DispatcherLogEntry
    from clawtui.model.run_state import Skip
    from clawtui.model.runs.dispatch_history import DispatchHistory

_STARTED, _SKIPPED = "dispatch-started", "automation-skipped"


def read_dispatches(paths: StatePaths, since: datetime) -> DispatchHistory:
    """Return the dispatches since ``since``, and the automations that were skipped. Raises Refused, Unreadable."""
    from clawtui.files.logs.reader import LogStream
    from clawtui.model.runs.dispatch_history import DispatchHistory, SkippedDispatch
    from clawtui.storage.stores.logs import AutomationLogManager

    at: list[datetime] = []
    passed: list[SkippedDispatch] = []
    for name in AutomationLogManager(paths).list_logs(DISPATCHER_LOGS).get(None, ()):
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
                    passed.append(SkippedDispatch(entry.timestamp, entry.automation_id, entry.reason or ""))
    return DispatchHistory(tuple(sorted(at)), tuple(sorted(passed)))


def _entry(text: str) -> DispatcherLogEntry | None:
    """Return the entry of a line that may be a dispatch or a skip; other lines are not parsed."""
    if _STARTED not in text and _SKIPPED not in text:
        return None
    from clawtui.model.checked.reading import from_json_line
    from clawtui.model.documents.log_entry import DispatcherLogEntry

    return from_json_line(DispatcherLogEntry, text)


_DAYS = 7
_LINES = 2000
_ROUNDS = 4
"""How many dispatches are enough to compute the time between two."""


def last_dispatch(paths: StatePaths, fleet: Fleet) -> datetime | None:
    """Return the time of the last dispatch in the dispatcher's newest seven logs; None where there is none."""
    newest_first = reversed(fleet.logs.get(DISPATCHER_LOGS, {}).get(None, ()))
    for name in islice(newest_first, _DAYS):
        from clawtui.model.run_state import dispatcher_status

        at = dispatcher_status(_lines_of(paths, fleet, f"{LOGS}/{DISPATCHER_LOGS}/{name.file}")).last_dispatch
        if at is not None:
            return at
    return None


class DispatcherRecord(Struct, frozen=True):
    """The dispatches and skips in the dispatcher's newest log, and in older ones where it has too few dispatches."""

    dispatches: tuple[datetime, ...]
    """Their times, oldest first."""
    skips: Mapping[str, Skip]
    """By automation id: the last skip, where no dispatch followed it."""


def dispatcher_record(paths: StatePaths, fleet: Fleet) -> DispatcherRecord:
    """Return the last dispatches in the logs, at least ``_ROUNDS`` where seven logs have as many, and the skips."""
    from clawtui.model.run_state import dispatch_times, dispatcher_status

    lines: tuple[str, ...] = ()
    times: tuple[datetime, ...] = ()
    newest_first = reversed(fleet.logs.get(DISPATCHER_LOGS, {}).get(None, ()))
    for name in islice(newest_first, _DAYS):
        lines = (*_lines_of(paths, fleet, f"{LOGS}/{DISPATCHER_LOGS}/{name.file}"), *lines)
        times = dispatch_times(lines)
        if len(times) >= _ROUNDS:
            break
    return DispatcherRecord(times, dispatcher_status(lines).skips)


def _lines_of(paths: StatePaths, fleet: Fleet, path: str) -> tuple[str, ...]:
    tail = fleet.tails.get(path)
    if tail is not None:
        return tail.lines
    from clawtui.files.logs.reader import read_log
    from clawtui.model.documents.log_entry import DispatcherLogEntry

    return tuple(line.text for line in read_log(paths.automations, path, DispatcherLogEntry, last=_LINES))

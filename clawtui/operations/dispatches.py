"""When the dispatcher looked for work, and what it passed over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from clawtui.model.fleet import Fleet
from clawtui.model.names import DISPATCHER_LOGS
from clawtui.storage.paths import LOGS, StatePaths

if TYPE_CHECKING:
    from clawtui.model.outlook import Skip

_DAYS = 7
_LINES = 2000
_ROUNDS = 4
"""Dispatches that tell how far they are apart."""


def last_dispatch(paths: StatePaths, fleet: Fleet) -> datetime | None:
    """From the newest of the dispatcher's logs that tells of one, the last seven; None where none does."""
    newest_first = reversed(fleet.logs.get(DISPATCHER_LOGS, {}).get(None, ()))
    for name in islice(newest_first, _DAYS):
        from clawtui.model.outlook import dispatcher_news

        at = dispatcher_news(_lines_of(paths, fleet, f"{LOGS}/{DISPATCHER_LOGS}/{name.file}")).last_dispatch
        if at is not None:
            return at
    return None


@dataclass(frozen=True, slots=True)
class DispatcherRecord:
    """What the dispatcher's newest log tells, and the one before it where that tells of too few rounds."""

    dispatches: tuple[datetime, ...]
    """When it looked for work, oldest first."""
    skips: Mapping[str, Skip]
    """By automation id: passed over, and not dispatched since."""


def dispatcher_record(paths: StatePaths, fleet: Fleet) -> DispatcherRecord:
    """The dispatches on record, so many that one can tell how far they are apart; none where no log tells of any."""
    from clawtui.model.outlook import dispatch_times, dispatcher_news

    lines: tuple[str, ...] = ()
    times: tuple[datetime, ...] = ()
    newest_first = reversed(fleet.logs.get(DISPATCHER_LOGS, {}).get(None, ()))
    for name in islice(newest_first, _DAYS):
        lines = (*_lines_of(paths, fleet, f"{LOGS}/{DISPATCHER_LOGS}/{name.file}"), *lines)
        times = dispatch_times(lines)
        if len(times) >= _ROUNDS:
            break
    return DispatcherRecord(times, dispatcher_news(lines).skips)


def _lines_of(paths: StatePaths, fleet: Fleet, path: str) -> tuple[str, ...]:
    tail = fleet.tails.get(path)
    if tail is not None:
        return tail.lines
    from clawtui.model.log_entry import DispatcherLogEntry
    from clawtui.storage.log_reading import read_log

    return tuple(line.text for line in read_log(paths.automations, path, DispatcherLogEntry, last=_LINES))

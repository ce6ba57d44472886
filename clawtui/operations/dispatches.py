"""When the dispatcher last looked for work."""

from __future__ import annotations

from datetime import datetime
from itertools import islice

from clawtui.model.fleet import Fleet
from clawtui.model.log_entry import DispatcherLogEntry
from clawtui.model.names import DISPATCHER_LOGS
from clawtui.model.outlook import dispatcher_news
from clawtui.storage.log_reading import read_log
from clawtui.storage.paths import LOGS, StatePaths

_DAYS = 7
_LINES = 2000


def last_dispatch(paths: StatePaths, fleet: Fleet) -> datetime | None:
    """From the newest of the dispatcher's logs that tells of one, the last seven; None where none does."""
    newest_first = reversed(fleet.logs.get(DISPATCHER_LOGS, {}).get(None, ()))
    for name in islice(newest_first, _DAYS):
        path = f"{LOGS}/{DISPATCHER_LOGS}/{name.file}"
        tail = fleet.tails.get(path)
        if tail is not None:
            lines = tail.lines
        else:
            lines = tuple(line.text for line in read_log(paths.automations, path, DispatcherLogEntry, last=_LINES))
        at = dispatcher_news(lines).last_dispatch
        if at is not None:
            return at
    return None

"""The logs of the dispatcher, of an automation or of one run, streamed in constant memory."""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from clawtui.files.logs.reader import LogStream, read_log
from clawtui.model.documents.log_entry import AnyEntry, DispatcherLogEntry, LogLine, RunLogEntry
from clawtui.model.errors import NoSuch
from clawtui.model.paths import DISPATCHER_LOGS, LogName
from clawtui.model.runs.run import SLACK, Run
from clawtui.model.search.log_query import LogQuery
from clawtui.operations.runs.history import find_type, list_runs
from clawtui.storage.paths import LOGS, StatePaths
from clawtui.storage.stores.logs import AutomationLogManager

MOST: Final = sys.maxsize // 2
"""The most lines that can be requested, which is more than any log has."""

_DAY: Final = timedelta(days=1)
_LAST: Final = 40
"""Lines at the end of a log in which its last time is searched."""

_COMPLETED_WITHIN: Final = 0.2
"""Seconds within which a live writer completes a line that it has begun."""


class Log(Struct, frozen=True):
    """A log, and the lines of it that belong to one automation or run."""

    path: str
    """Relative to ``automations/``."""
    kind: type[AnyEntry] = RunLogEntry
    owns: Callable[[LogLine], bool] | None = None
    """Whether an entry is of the automation or run; None if all lines are.

    A line that is no entry belongs with the entry before it.
    """

    def opened(self) -> Log:
        """Return the log for one reading from its start, which remembers the owner of the last entry."""
        return self if self.owns is None else replace(self, owns=_Ownership(self.owns))

    def entries(self, query: LogQuery, lines: Iterable[bytes]) -> Iterator[LogLine]:
        """Yield the lines, which passed the query's filter, that are not blank, not too old and of this log."""
        for line in lines:
            parsed = query.parse(line, self.kind)
            if parsed is not None and (self.owns is None or self.owns(parsed)):
                yield parsed


class _Ownership:
    """Decides which lines belong to one automation or run; a line that is no entry belongs with the one before."""

    def __init__(self, owns: Callable[[LogLine], bool]) -> None:
        self._owns = owns
        self._last = False

    def __call__(self, line: LogLine) -> bool:
        if line.entry is not None:
            self._last = self._owns(line)
        return self._last


def dispatcher_logs(paths: StatePaths, since: datetime | None = None) -> tuple[Log, ...]:
    """Return the dispatcher's last 24 hours, or all logs with lines since ``since``; oldest first.

    The hours are counted back from its last entry. Raises Unreadable.
    """
    names = AutomationLogManager(paths).list_logs(DISPATCHER_LOGS).get(None, ())
    logs = [_log(DISPATCHER_LOGS, name, DispatcherLogEntry) for name in names]
    if since is not None:
        return changed_since(paths, logs, since)
    if len(logs) < 2:
        return tuple(logs)
    ends = [
        line.entry.timestamp for line in read_log(paths.automations, logs[-1].path, logs[-1].kind, _LAST) if line.entry
    ]
    first = max(ends, default=names[-1].started) - _DAY
    if names[-2].started.date() < first.date():
        return tuple(logs[-1:])
    return (replace(logs[-2], owns=lambda line: line.entry is not None and line.entry.timestamp > first), logs[-1])


def automation_logs(paths: StatePaths, automation_id: str, since: datetime | None = None) -> tuple[Log, ...]:
    """Return the log of the automation's newest run, or all with lines since ``since``; oldest first.

    Where its runs have no logs of their own, the lines from the start of the newest run on are in those of whole days.
    Raises NoSuch, Refused, Unreadable.
    """
    type_ = find_type(paths, automation_id)
    by_id = AutomationLogManager(paths).list_logs(type_)
    if own := [_log(type_, name) for name in by_id.get(automation_id, ())]:
        return tuple(own[-1:]) if since is None else changed_since(paths, own, since)
    days = by_id.get(None, ())
    newest = next((run for run in list_runs(paths, automation_id) if run.shares_log), None) if since is None else None
    began = newest.started if newest is not None else None

    def owns(line: LogLine) -> bool:
        entry = line.entry
        return (
            entry is not None and entry.automation_id == automation_id and (began is None or entry.timestamp >= began)
        )

    logs = [_log(type_, name, owns=owns) for name in days]
    if since is not None:
        return changed_since(paths, logs, since)
    first = newest.log if newest is not None else None
    return tuple(logs[[log.path for log in logs].index(first) :] if first is not None else logs[-1:])


def run_logs(run: Run) -> tuple[Log, ...]:
    """Return the logs of one run, oldest first. Raises NoSuch where it has none."""
    if run.log is None:
        raise NoSuch(f"the run {run.name} has left no log")
    return tuple(Log(path, owns=run.wrote if run.shares_log else None) for path in run.logs)


def run_logs_now(paths: StatePaths, run: Run) -> tuple[Log, ...]:
    """Return the logs of a run that may be going, with those of later days. Raises as `run_logs` does."""
    if run.shares_log:
        same = (now for now in list_runs(paths, run.automation_id) if abs(now.started - run.started) < SLACK)
        run = next((now for now in same if now.shares_log), run)
    return run_logs(run)


def read_logs(
    paths: StatePaths,
    logs: Sequence[Log],
    query: LogQuery,
    limit: int | None = None,
    pause: Callable[[float], None] = time.sleep,
) -> Iterator[LogLine]:
    """Yield the lines that match, or the last ``limit`` of them, oldest first. Raises Unreadable, Refused.

    An unfinished last line is yielded after a ``pause`` in which its writer may complete it: the writer may have ended.
    """
    if limit is not None:
        yield from _last(paths, logs, query, min(limit, MOST), pause)
        return
    for log in logs:
        yield from _read(paths, log, query, pause)


def _log(
    log_type: str,
    name: LogName,
    kind: type[AnyEntry] = RunLogEntry,
    owns: Callable[[LogLine], bool] | None = None,
) -> Log:
    return Log(f"{LOGS}/{log_type}/{name.file}", kind, owns)


def changed_since(paths: StatePaths, logs: Sequence[Log], since: datetime) -> tuple[Log, ...]:
    """Return the logs that were written to since ``since``."""
    return tuple(log for log in logs if _changed(paths, log) >= since)


def _changed(paths: StatePaths, log: Log) -> datetime:
    try:
        status = (paths.automations / log.path).stat(follow_symlinks=False)
    except FileNotFoundError:
        return datetime.min.replace(tzinfo=UTC)
    return datetime.fromtimestamp(status.st_mtime, UTC)


def _read(paths: StatePaths, log: Log, query: LogQuery, pause: Callable[[float], None]) -> Iterator[LogLine]:
    line_filter, log = query.line_filter(), log.opened()
    with closing(LogStream(paths.automations, log.path, rotated=True)) as stream:
        for lines in stream.read_blocks(line_filter):
            yield from log.entries(query, lines)
        yield from _rest(stream, log, query, pause)


def _rest(stream: LogStream, log: Log, query: LogQuery, pause: Callable[[float], None]) -> Iterator[LogLine]:
    """Yield the unfinished last line of a log, and the lines written while it was waited for."""
    if not stream.unfinished():
        return
    pause(_COMPLETED_WITHIN)
    line_filter = query.line_filter()
    for lines in (*stream.read_blocks(line_filter), stream.unfinished(line_filter)):
        yield from log.entries(query, lines)


def _last(
    paths: StatePaths, logs: Sequence[Log], query: LogQuery, limit: int, pause: Callable[[float], None]
) -> Iterator[LogLine]:
    """Yield the last ``limit`` lines that match, oldest first. The logs are read from the newest back."""
    found: deque[LogLine] = deque()
    for log in reversed(logs):
        missing = limit - len(found)
        if missing == 0:
            break
        found.extendleft(reversed(_last_of(paths, log, query, missing, pause)))
    yield from found


def _last_of(
    paths: StatePaths, log: Log, query: LogQuery, limit: int, pause: Callable[[float], None]
) -> Sequence[LogLine]:
    """Return the last lines of one log that match. It is read backwards only where every line matches."""
    if not query.asks and log.owns is None:
        last: deque[LogLine] = deque(maxlen=limit)
        with closing(LogStream(paths.automations, log.path, limit)) as stream:
            for lines in stream.read_blocks():
                last.extend(log.entries(query, lines))
            last.extend(_rest(stream, log, query, pause))
        if len(last) == limit:
            return last
    return deque(_read(paths, log, query, pause), maxlen=limit)

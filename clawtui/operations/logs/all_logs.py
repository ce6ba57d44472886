"""The logs of the dispatcher and of every run as one, interleaved by time, with repeated lines folded."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple

from msgspec import Struct

from clawtui.model.documents.log_entry import DispatcherLogEntry, LogLine, RunLogEntry
from clawtui.model.errors import ClawtuiError
from clawtui.model.paths import DISPATCHER_LOGS
from clawtui.model.search.log_query import LogQuery
from clawtui.operations.runs.logs import MOST, Log, changed_since, read_logs
from clawtui.storage.paths import LOGS, StatePaths
from clawtui.storage.stores.logs import AutomationLogManager


class SourcedLine(NamedTuple):
    """A line, and the log that it is in."""

    at: datetime
    """Its time; for a line without a time, that of the line before it in the log."""
    source: str
    """The automation's id, or ``dispatcher``."""
    path: str
    line: LogLine


class FoldedLine(Struct, frozen=True):
    """Consecutive lines that differ only in their time."""

    first: SourcedLine
    last: SourcedLine
    times: int = 1


class DatedLog(NamedTuple):
    """A log, the time in its name, and its automation or type."""

    started: datetime
    source: str
    log: Log


def read_all_logs(
    paths: StatePaths, query: LogQuery, since: datetime, unread: list[ClawtuiError]
) -> Iterator[SourcedLine]:
    """Yield the matching lines of all logs that were written to since ``since``, by time.

    A log is opened when its first line is due, so that only those of runs at the same time are open at once. The reason
    why a log or a directory cannot be read is appended to ``unread``. Raises Unreadable if none can be listed.
    """
    found = dated_logs(paths, since, unread)
    logs = [each for each in found if query.phase is None or each.log.kind is RunLogEntry]
    return by_time((each.started, partial(_dated, paths, each, query, unread)) for each in logs)


def by_time(logs: Iterable[tuple[datetime, Callable[[], Iterator[SourcedLine]]]]) -> Iterator[SourcedLine]:
    """Yield the lines of all logs by time. A log is opened when its first line is due."""
    waiting = deque(sorted(logs, key=lambda each: each[0]))
    heap: list[tuple[datetime, int, SourcedLine, Iterator[SourcedLine]]] = []
    order = 0
    while waiting or heap:
        while waiting and (not heap or waiting[0][0] <= heap[0][0]):
            lines = waiting.popleft()[1]()
            if (first := next(lines, None)) is not None:
                order += 1
                heapq.heappush(heap, (first.at, order, first, lines))
        if not heap:
            continue
        _, number, line, lines = heap[0]
        yield line
        following = next(lines, None)
        if following is None:
            heapq.heappop(heap)
        else:
            # A time that goes back would hold up the others: the line stays behind the one before it.
            heapq.heapreplace(heap, (max(following.at, line.at), number, following, lines))


def folded(lines: Iterable[SourcedLine]) -> Iterator[FoldedLine]:
    """Yield the lines; consecutive lines of one source that differ only in their time are one."""
    current: FoldedLine | None = None
    for line in lines:
        if current is not None and is_repeat(current.last, line):
            current = FoldedLine(current.first, line, current.times + 1)
            continue
        if current is not None:
            yield current
        current = FoldedLine(line, line)
    if current is not None:
        yield current


def last_of(lines: Iterable[FoldedLine], limit: int | None) -> Iterable[FoldedLine]:
    """Return the last ``limit`` of the lines, or all."""
    return lines if limit is None else deque(lines, maxlen=min(limit, MOST))


def dated_logs(paths: StatePaths, since: datetime, unread: list[ClawtuiError]) -> Iterator[DatedLog]:
    """Yield all logs that were written to since ``since``, and append to ``unread`` why a directory cannot be read.

    Raises Unreadable if the directory of all logs cannot be read.
    """
    manager = AutomationLogManager(paths)
    for log_type in manager.types():
        kind = DispatcherLogEntry if log_type == DISPATCHER_LOGS else RunLogEntry
        try:
            listed = manager.list_logs(log_type)
        except ClawtuiError as error:
            unread.append(error)
            continue
        for id, names in listed.items():
            logs = {f"{LOGS}/{log_type}/{name.file}": name.started for name in names}
            for log in changed_since(paths, [Log(path, kind) for path in logs], since):
                yield DatedLog(logs[log.path], id or log_type, log)


def _dated(paths: StatePaths, dated: DatedLog, query: LogQuery, unread: list[ClawtuiError]) -> Iterator[SourcedLine]:
    at = dated.started
    try:
        for line in read_logs(paths, (dated.log,), query):
            found = sourced(dated, line, at)
            at = found.at
            yield found
    except ClawtuiError as error:
        unread.append(error)


def sourced(dated: DatedLog, line: LogLine, at: datetime) -> SourcedLine:
    """Return a line of a log with its time, or ``at`` if it has none, and its source."""
    source = dated.source
    if line.entry is not None:
        at = line.entry.timestamp
        if dated.log.kind is RunLogEntry and line.entry.automation_id is not None:
            source = line.entry.automation_id
    return SourcedLine(at, source, dated.log.path, line)


def is_repeat(one: SourcedLine, other: SourcedLine) -> bool:
    """Return whether two lines are of one log and source, and differ only in their time."""
    if (one.path, one.source) != (other.path, other.source):
        return False
    first, second = one.line.entry, other.line.entry
    if first is None or second is None:
        return one.line.text == other.line.text
    return first.changed(timestamp=second.timestamp) == second


def repeats(lines: Sequence[LogLine]) -> Iterator[tuple[LogLine, int]]:
    """Yield the lines of one log, each with the number of consecutive lines that differ from it only in their time."""
    epoch = datetime.min
    for each in folded(SourcedLine(epoch, "", "", line) for line in lines):
        yield each.first.line, each.times

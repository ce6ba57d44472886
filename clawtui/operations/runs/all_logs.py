"""One log over all: the logs of the dispatcher and of every run, interleaved by time, with repeated lines folded."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from clawtui.model.documents.log_entry import DispatcherLogEntry, LogLine, RunLogEntry
from clawtui.model.paths import DISPATCHER_LOGS
from clawtui.model.search.log_query import LogQuery
from clawtui.operations.runs.logs import MOST, Log, changed_since, read_logs
from clawtui.storage.paths import LOGS, StatePaths
from clawtui.storage.stores.logs import AutomationLogManager


class SourcedLine(NamedTuple):
    """A line, and the log that it is in."""

    at: datetime
    """Its time; of a line without one, that of the line before it in its log."""
    source: str
    """The automation's id, or ``dispatcher``."""
    path: str
    line: LogLine


@dataclass(frozen=True, slots=True)
class FoldedLine:
    """Lines in a row that say the same but for their time."""

    first: SourcedLine
    last: SourcedLine
    times: int = 1


class _DatedLog(NamedTuple):
    started: datetime
    source: str
    log: Log


def read_all_logs(paths: StatePaths, query: LogQuery, since: datetime) -> Iterator[SourcedLine]:
    """Yield the matching lines of all logs that were written to since ``since``, by time.

    A log is opened when its first line is due, so that only those of runs at the same time are open at once. Raises
    Unreadable, Refused.
    """
    logs = [each for each in _logs(paths, since) if query.phase is None or each.log.kind is RunLogEntry]
    waiting = deque(sorted(logs, key=lambda each: each.started))
    heap: list[tuple[datetime, int, SourcedLine, Iterator[SourcedLine]]] = []
    order = 0
    while waiting or heap:
        while waiting and (not heap or waiting[0].started <= heap[0][0]):
            lines = _dated(paths, waiting.popleft(), query)
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
    """Yield the lines, those in a row of one source that differ in nothing but their time as one."""
    current: FoldedLine | None = None
    for line in lines:
        if current is not None and _says_the_same(current.last, line):
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


def _logs(paths: StatePaths, since: datetime) -> Iterator[_DatedLog]:
    manager = AutomationLogManager(paths)
    for log_type in manager.types():
        kind = DispatcherLogEntry if log_type == DISPATCHER_LOGS else RunLogEntry
        for id, names in manager.list_logs(log_type).items():
            logs = {f"{LOGS}/{log_type}/{name.file}": name.started for name in names}
            for log in changed_since(paths, [Log(path, kind) for path in logs], since):
                yield _DatedLog(logs[log.path], id or log_type, log)


def _dated(paths: StatePaths, dated: _DatedLog, query: LogQuery) -> Iterator[SourcedLine]:
    at = dated.started
    for line in read_logs(paths, (dated.log,), query):
        source = dated.source
        if line.entry is not None:
            at = line.entry.timestamp
            if dated.log.kind is RunLogEntry and line.entry.automation_id is not None:
                source = line.entry.automation_id
        yield SourcedLine(at, source, dated.log.path, line)


def _says_the_same(one: SourcedLine, other: SourcedLine) -> bool:
    if (one.path, one.source) != (other.path, other.source):
        return False
    first, second = one.line.entry, other.line.entry
    if first is None or second is None:
        return one.line.text == other.line.text
    return first.model_copy(update={"timestamp": second.timestamp}) == second


def repeats(lines: Sequence[LogLine]) -> Iterator[tuple[LogLine, int]]:
    """Yield the lines of one log, each with how many in a row say the same but for their time."""
    epoch = datetime.min
    for each in folded(SourcedLine(epoch, "", "", line) for line in lines):
        yield each.first.line, each.times

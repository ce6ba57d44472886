"""Follow all logs as one, interleaved by time, with repeated lines folded."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Final

from clawtui.files.logs.collected_text import MOST_BYTES, CollectedText
from clawtui.files.logs.followed_log import FollowedLog, Position
from clawtui.files.logs.log_data import LogData
from clawtui.files.logs.log_part import size_of
from clawtui.model.errors import ClawtuiError
from clawtui.model.paths import DISPATCHER_LOGS
from clawtui.model.search.log_query import LogQuery
from clawtui.model.search.log_results import Origin
from clawtui.operations.logs.all_logs import DatedLog, SourcedLine, by_time, dated_logs, is_repeat, sourced
from clawtui.storage.paths import LOGS, StatePaths

_LAST: Final = 4 * 1024 * 1024
"""Bytes at the end of each log that are read at first."""
_MOST_OPEN: Final = 48
_LIST_EVERY: Final = 10
"""The number of reads after which logs without recent writes are examined too."""
_READS_UNTIL_TORN: Final = 5
_BATCH: Final = 2000
_DISPATCHER: Final = f"{LOGS}/{DISPATCHER_LOGS}/"


class CollectedLogs:
    """The logs of all runs and of the dispatcher since an instant; ``log`` has their lines as they are in the files.

    ``read`` is called by one thread, ``look`` by another one.
    """

    def __init__(self, paths: StatePaths, since: datetime, most: int = MOST_BYTES) -> None:
        self.cut_logs = 0
        """The number of logs that are too large to be read from ``since`` on."""
        self.origins: Mapping[int, Origin] = {}
        """By the offset at which a line starts in the log as of the last ``look``."""
        self._paths = paths
        self._since = since
        self._query = LogQuery(since=since)
        self._text = CollectedText(most)
        self._origins: dict[int, Origin] = {}
        self._last: tuple[int, SourcedLine] | None = None
        self._open: dict[str, _Source] = {}
        self._closed: dict[str, tuple[Position | None, int]] = {}
        self._reads = 0
        self._unread = 0
        self._unlisted: list[ClawtuiError] = []
        """Why directories cannot be read."""
        self._is_closed = False
        self._lock, self._reading = threading.Lock(), threading.Lock()

    @property
    def problem(self) -> str | None:
        """Why a log, or a directory of logs, cannot be read; None if all can."""
        unlisted = [str(error) for error in self._unlisted]
        return next((each for each in (*unlisted, *(each.problem for each in [*self._open.values()])) if each), None)

    @property
    def known(self) -> LogData:
        """The lines so far."""
        return self._text.known

    def look(self, now: float | None = None) -> LogData:
        """Return the lines so far, and keep their origins."""
        with self._lock:
            self.origins = self._origins
            return self._text.look(now)

    def close(self) -> None:
        """Close the log, and forget the lines; a reading that is under way ends, and closes what it reads."""
        self._is_closed = True
        with self._lock:
            self._text.close()
            self._origins, self._last = {}, None
        if self._reading.acquire(blocking=False):
            self._forget_open()
            self._reading.release()

    def _forget_open(self) -> None:
        """Close the open logs. The garbage collector may free this object long after the screen is gone."""
        for each in self._open.values():
            each.log.close()
        self._open.clear()

    def read(self, *, is_listed: bool = False) -> bool:
        """Read the lines written since the last call; return whether there are any. Raises Unreadable, Unwritable.

        With ``is_listed`` new logs are looked for at once.
        """
        with self._reading:
            found = self._read(is_listed)
            if self._is_closed:
                self._forget_open()
        return found

    def _read(self, is_listed: bool) -> bool:
        if self._reads == 0 or is_listed or self._reads % _LIST_EVERY == 0:
            self._find()
        found = 0
        batch: list[SourcedLine] = []
        for line in self._lines():
            if self._is_closed:
                return False
            batch.append(line)
            if len(batch) == _BATCH:
                found += self._keep(batch)
        found += self._keep(batch)
        self._reads += 1
        self._close_quiet()
        return found > 0

    def _lines(self) -> Iterator[SourcedLine]:
        """Yield the new lines of all open logs, by time."""
        if self._reads == 0:
            self._unread = len(self._open)
            return by_time([(each.dated.started, partial(self._first_lines, each)) for each in self._open.values()])
        lines = [line for each in self._open.values() for line in each.lines(self._query)]
        return iter(sorted(lines, key=lambda line: line.at))

    def _first_lines(self, each: _Source) -> Iterator[SourcedLine]:
        """Yield the lines of one log, and close it if many others have yet to be read."""
        yield from each.lines(self._query)
        self.cut_logs += each.log.is_cut
        self._unread -= 1
        if self._unread >= _MOST_OPEN:
            self._shut(each)

    def _find(self) -> None:
        """Open the logs that were written to and are not open."""
        unlisted: list[ClawtuiError] = []
        for dated in dated_logs(self._paths, self._since, unlisted):
            path = dated.log.path
            if path in self._open:
                continue
            position, size = self._closed.get(path, (None, -1))
            if size != size_of(self._paths.automations / path):
                self._open[path] = _Source(self._paths, dated, position)
        self._unlisted = unlisted

    def _close_quiet(self) -> None:
        """Close the logs whose last write is the longest ago, until few enough are open."""
        by_rest = sorted(self._open.values(), key=lambda each: (each.quiet_reads, -each.at.timestamp()))
        for each in by_rest[_MOST_OPEN:]:
            self._shut(each)

    def _shut(self, each: _Source) -> None:
        path = each.dated.log.path
        position = each.log.position
        self._closed[path] = (position, 0 if position is None else position.offset)
        each.log.close()
        del self._open[path]

    def _keep(self, batch: list[SourcedLine]) -> int:
        """Append the lines of the batch and empty it; count a repeated line where it was first. Return how many."""
        fresh: list[tuple[SourcedLine, int]] = []
        last = self._last[1] if self._last is not None else None
        repeated = 0
        for line in batch:
            if last is not None and is_repeat(last, line):
                if fresh:
                    fresh[-1] = (fresh[-1][0], fresh[-1][1] + 1)
                else:
                    repeated += 1
            else:
                fresh.append((line, 1))
            last = line
        with self._lock:
            if self._last is not None and repeated:
                start = self._last[0]
                self._origins[start] = self._origins[start].repeated(repeated)
            starts = self._text.append([each.line.text.encode("utf-8", "surrogateescape") for each, _ in fresh])
            for start, (each, times) in zip(starts, fresh, strict=True):
                self._origins[start] = _origin_of(each, times)
            if last is not None:
                self._last = (starts[-1] if starts else self._last[0] if self._last else 0, last)
            self._cut()
        count = len(batch)
        batch.clear()
        return count

    def _cut(self) -> None:
        gone = self._text.cut()
        if gone:
            self._origins = {start - gone: origin for start, origin in self._origins.items() if start >= gone}
            if self._last is not None:
                self._last = (self._last[0] - gone, self._last[1])


def _origin_of(line: SourcedLine, times: int) -> Origin:
    of_dispatcher = line.path.startswith(_DISPATCHER)
    named = line.line.entry.automation_id if line.line.entry is not None else None
    return Origin(line.source, line.path, of_dispatcher, named if of_dispatcher else line.source, line.at, times)


class _Source:
    """One log that is followed, from its end or from where it was read to."""

    def __init__(self, paths: StatePaths, dated: DatedLog, position: Position | None) -> None:
        self.dated = dated
        last = _LAST if position is None else None
        self.log = FollowedLog(paths.automations, dated.log.path, last=last, resume=position)
        self.at = dated.started
        """The time of the last line that has one."""
        self.quiet_reads = 0
        self.problem: str | None = None
        self._unfinished: list[bytes] = []
        self._still = 0

    def lines(self, query: LogQuery) -> Iterator[SourcedLine]:
        """Yield the lines since the last call; where it cannot be read, ``problem`` says why."""
        self.quiet_reads += 1
        try:
            for raw in self._raw():
                self.quiet_reads = 0
                parsed = query.parse(raw, self.dated.log.kind)
                if parsed is not None:
                    found = sourced(self.dated, parsed, self.at)
                    self.at = found.at
                    yield found
            self.problem = None
        except ClawtuiError as error:
            self.problem = str(error)

    def _raw(self) -> Iterator[bytes]:
        """Yield the complete lines, and an unfinished one once it has not grown for some reads."""
        for block in self.log.read_blocks():
            yield from block
        last, self._unfinished = self._unfinished, self.log.unfinished()
        self._still = self._still + 1 if self._unfinished == last else 0
        if self._unfinished and self._still == _READS_UNTIL_TORN:
            self.log.mark_unfinished()
            yield from self._unfinished

"""Following logs as they grow, by polling."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence

from clawtui.files.logs.followed_log import FollowedLog
from clawtui.model.documents.log_entry import LogLine
from clawtui.model.runs.run import Run
from clawtui.model.search.log_query import LogQuery
from clawtui.operations.runs.follow_progress import INTERVAL, Pause
from clawtui.operations.runs.logs import MOST, Log, read_logs
from clawtui.storage.paths import StatePaths
from clawtui.storage.workspaces.manager import WorkspaceManager

_LOOKS_PER_LISTING = 5
"""The number of reads of a log between two searches for a newer one."""

_LOOKS_UNTIL_TORN = 25
"""The number of reads with the same unfinished last line after which that line is yielded."""


def follow_logs(
    paths: StatePaths,
    find: Callable[[], Sequence[Log]],
    query: LogQuery,
    limit: int | None = None,
    over: Callable[[], bool] = lambda: False,
    pause: Pause = time.sleep,
) -> Iterator[LogLine]:
    """Yield the last ``limit`` lines of the logs that ``find`` returns, then each line as it is written.

    A newer log is followed as soon as it is found. Ends when ``over`` returns True. An unfinished last line is yielded
    at the end, and when it has not changed for five seconds. Raises as ``read_logs`` does.
    """
    logs = list(find())
    follower = _Follower(paths, query)
    try:
        yield from _begin(paths, logs, query, limit, follower)
        looks = 0
        while True:
            last = over()
            looks += 1
            if looks % _LOOKS_PER_LISTING == 0 or not logs:
                for log in _newer(find(), logs):
                    yield from follower.go_on_with(log)
                    logs.append(log)
            yield from follower.read(final=last)
            if last:
                return
            pause(INTERVAL)
    finally:
        follower.close()


def is_over(paths: StatePaths, run: Run) -> bool:
    """Return whether the run has ended according to its workspace, or another run has the workspace by now."""
    if run.status != "running":
        return True
    reading = WorkspaceManager(paths).state(run.automation_id)
    if reading is None:
        return True
    state = reading.value
    return state is not None and not (state.running and state.session_id == run.session_id)


class _Follower:
    """A reader of the lines that are appended to the newest log."""

    def __init__(self, paths: StatePaths, query: LogQuery) -> None:
        self._paths = paths
        self._query = query
        self._filter = query.line_filter()
        self._log: Log | None = None
        self._stream: FollowedLog | None = None
        self._unfinished: list[bytes] = []
        self._looks = 0

    def go_on_with(self, log: Log) -> Iterator[LogLine]:
        """Yield the rest of the old log, then the lines of the new one."""
        yield from self.read(final=True)
        self.close()
        self._unfinished = []
        self._log, self._stream = log.opened(), FollowedLog(self._paths.automations, log.path)
        yield from self.read()

    def read(self, final: bool = False) -> Iterator[LogLine]:
        """Yield the lines appended since the last call, and with ``final`` also an unfinished last line."""
        if self._stream is None or self._log is None:
            return
        for lines in self._stream.read_blocks(self._filter, final=final):
            yield from self._log.entries(self._query, lines)
        last, self._unfinished = self._unfinished, self._stream.unfinished(self._filter)
        self._looks = self._looks + 1 if self._unfinished == last else 0
        if self._looks == _LOOKS_UNTIL_TORN or (final and self._looks < _LOOKS_UNTIL_TORN):
            self._looks = _LOOKS_UNTIL_TORN
            self._stream.mark_unfinished()
            yield from self._log.entries(self._query, self._unfinished)

    def close(self) -> None:
        if self._stream is not None:
            self._stream.close()


def _begin(
    paths: StatePaths, logs: Sequence[Log], query: LogQuery, limit: int | None, follower: _Follower
) -> Iterator[LogLine]:
    """Yield the lines that exist already. ``follower`` continues where they end, so that no line is missed."""
    if not logs:
        return
    *older, newest = logs
    present = follower.go_on_with(newest)
    if limit is None:
        yield from read_logs(paths, older, query)
        yield from present
        return
    limit = min(limit, MOST)
    last = deque(present, maxlen=limit)
    yield from read_logs(paths, older, query, limit - len(last)) if len(last) < limit else ()
    yield from last


def _newer(found: Sequence[Log], known: Sequence[Log]) -> list[Log]:
    """Return the logs of ``found`` that are not among ``known``."""
    paths = {log.path for log in known}
    return [log for log in found if log.path not in paths]

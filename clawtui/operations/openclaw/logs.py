"""The lines of a stock gateway's log: those of one job, of one run, or all; and following them."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from clawtui.files.fs.reading import reason_of
from clawtui.model.errors import NoSuch, Unreadable
from clawtui.model.gateway.log_entry import parse_gateway_line
from clawtui.model.search.line_filter import LineFilter, cut_line
from clawtui.model.search.log_query import LogQuery
from clawtui.openclaw.gateway_log import find_log

INTERVAL = 0.2
"""Seconds between two looks at a log that is followed."""
_SLACK = timedelta(seconds=5)

Pause = Callable[[float], None]


class GatewayLogQuery(Struct, frozen=True):
    """Conditions on a line of a stock gateway's log, all of which must hold."""

    query: LogQuery
    first: datetime | None = None
    """Lines before this time are left out; None for no bound."""
    last: datetime | None = None
    """Lines after this time are left out; None for no bound."""

    def of_run(self, started: datetime, finished: datetime | None) -> GatewayLogQuery:
        """Return the query for the lines in the time of one run."""
        first = max(filter(None, (self.first, started - _SLACK)))
        return GatewayLogQuery(self.query, first, None if finished is None else finished + _SLACK)

    def admits(self, line: bytes, line_filter: LineFilter | None) -> bool:
        """Return whether a line passes; `line_filter` is that of the query. One without a time is in no range."""
        if not line or line.isspace() or (line_filter is not None and not line_filter.admits(line)):
            return False
        if self.first is None and self.last is None:
            return True
        entry = parse_gateway_line(line.decode("utf-8", "surrogateescape"))
        at = entry.at if entry is not None else None
        if at is None:
            return False
        return (self.first is None or at >= self.first) and (self.last is None or at <= self.last)


def read_gateway_log(root: Path, query: GatewayLogQuery, limit: int | None) -> Iterator[str]:
    """Yield the lines of the gateway's newest log that pass, the last `limit` of them.

    Raises NoSuch if there is no log, Unreadable if it cannot be read.
    """
    with _opened(root) as file:
        found = _passing(file, query)
        yield from found if limit is None else deque(found, limit)


def follow_gateway_log(root: Path, query: GatewayLogQuery, limit: int | None, pause: Pause) -> Iterator[str]:
    """Yield as `read_gateway_log` does, and then each further line, also after a rotation, without end."""
    file = _opened(root)
    try:
        found = list(_passing(file, query))
        yield from found if limit is None else found[-limit:]
        while True:
            pause(INTERVAL)
            yield from _passing(file, query)
            if _is_another(root, file):
                file.close()
                file = _opened(root)
    finally:
        file.close()


def _opened(root: Path) -> BinaryIO:
    path = find_log(root)
    if path is None:
        raise NoSuch("the gateway has no log here", hint="It is logging.file in openclaw.json, or in /tmp/openclaw.")
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError as error:
        raise NoSuch(f"there is no log at {path}") from error
    except OSError as error:
        raise Unreadable(reason_of(error), path) from error
    return os.fdopen(descriptor, "rb")


def _is_another(root: Path, file: BinaryIO) -> bool:
    """Return whether the newest log is another file now, or begins again."""
    path = find_log(root)
    try:
        status = None if path is None else Path(path).lstat()
    except OSError:
        return False
    own = os.fstat(file.fileno())
    if status is None:
        return False
    return (status.st_dev, status.st_ino) != (own.st_dev, own.st_ino) or status.st_size < file.tell()


def _passing(file: BinaryIO, query: GatewayLogQuery) -> Iterator[str]:
    """Yield the complete lines from the position of `file` on that pass; the position is then behind the last one."""
    line_filter = query.query.line_filter()
    while True:
        start = file.tell()
        line = file.readline()
        if not line.endswith(b"\n"):
            file.seek(start)
            return
        kept = cut_line(line[:-1])
        if query.admits(kept, line_filter):
            yield kept.decode("utf-8", "surrogateescape")

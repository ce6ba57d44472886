"""The sessions that wrote to a log, and their last times, from the beginning and the end of a log of any size."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from msgspec import Struct

from clawtui.files.fs.links import open_followed
from clawtui.model.checked.json_value import parsed_json
from clawtui.model.documents.base import Stamp
from clawtui.model.errors import ClawtuiError
from clawtui.storage.locks.capture import look_at

_HEAD_BYTES = 4 * 1024
_TAIL_BYTES = 64 * 1024
_REMEMBERED = 2048
"""Logs, and lines of logs."""
_SHORT_LINE = 1024
"""Bytes of a line that is remembered."""

Author = tuple[str, str | None]
"""The automation and the session that an entry names."""


class LogSessions(Struct, frozen=True):
    """The authors of the entries in the first 4 KiB and in the last 64 KiB of a log."""

    opened_by: str | None
    """The first session that is named: the owner of the log, if it is the log of one run."""
    last: Mapping[Author, datetime]
    """For each author, the latest time among its entries at the end of the log."""
    untimed: datetime | None = None
    """When the file was last written, if no line has a time and an author; else None."""


NO_SESSIONS = LogSessions(None, {})


def read_log_sessions(base: Path, relative: str) -> LogSessions:
    """Return the sessions of the log at ``relative``; ``NO_SESSIONS`` if it does not exist or cannot be read.

    A log that has not changed is not read again.
    """
    try:
        stamp = look_at(base, relative)
        if stamp is None:
            return NO_SESSIONS
        version = _last_version(base, relative)
        if version.stamp_and_sessions is None or version.stamp_and_sessions[0] != stamp:
            version.stamp_and_sessions = stamp, _read(base, relative, stamp)
        return version.stamp_and_sessions[1]
    except (ClawtuiError, OSError):  # the log pane shows why a log cannot be read
        return NO_SESSIONS


class _Version:
    """The version of a log that was read last. Of a log that grows no other is kept."""

    __slots__ = ("stamp_and_sessions",)

    def __init__(self) -> None:
        self.stamp_and_sessions: tuple[Stamp, LogSessions] | None = None


@lru_cache(maxsize=_REMEMBERED)
def _last_version(base: Path, relative: str) -> _Version:
    """Return the place for the last version of a log; threads may share it, as one assignment replaces the version."""
    return _Version()


def _read(base: Path, relative: str, stamp: Stamp) -> LogSessions:
    """Read the log, which has the version ``stamp``."""
    descriptor = open_followed(base, relative)
    try:
        head = os.pread(descriptor, _HEAD_BYTES, 0)
        start = max(0, stamp.size - _TAIL_BYTES)
        tail = os.pread(descriptor, _TAIL_BYTES, start)
    finally:
        os.close(descriptor)
    # The first line of a tail is complete only if the tail is the whole log; a partial line is no JSON.
    lines = tail.replace(b"\0", b"\n").split(b"\n")[1 if start else 0 :]
    last: dict[Author, datetime] = {}
    for author, at in filter(None, map(_author_and_time, lines)):
        last[author] = max(at, last.get(author, at))
    opened = filter(None, map(_author_and_time, head.replace(b"\0", b"\n").split(b"\n")))
    first = next((session for (_, session), _ in opened if session is not None), None)
    untimed = datetime.fromtimestamp(stamp.mtime_ns / 1e9, UTC) if tail and not last and first is None else None
    return LogSessions(first, last, untimed)


def _author_and_time(line: bytes) -> tuple[Author, datetime] | None:
    return _known_line(line) if len(line) <= _SHORT_LINE else _parsed(line)


@lru_cache(maxsize=_REMEMBERED)
def _known_line(line: bytes) -> tuple[Author, datetime] | None:
    """Parse a short line, unless it was at the end of an earlier version of the log too."""
    return _parsed(line)


def _parsed(line: bytes) -> tuple[Author, datetime] | None:
    try:
        entry: Any = parsed_json(line)
        written = datetime.fromisoformat(entry["timestamp"])
        automation_id, session_id = entry["automationId"], entry.get("sessionId")
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    if written.tzinfo is None or not isinstance(automation_id, str):
        return None
    return (automation_id, session_id if isinstance(session_id, str) else None), written

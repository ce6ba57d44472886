"""Names of files and directories below ``automations/``, and the names of log files."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime

from msgspec import Struct

from clawtui.model.text.lazy_pattern import lazy_pattern
from clawtui.model.text.units import EARLIEST, LATEST

LOCK_SUFFIX = ".lock"
LOG_SUFFIX = ".jsonl"
DISPATCHER_LOGS = "dispatcher"
"""The directory of the dispatcher's own logs, beside those of the automation types."""

INFO_NAME = "workspace-info.json"
STATE_NAME = "state.json"
PROGRESS_NAME = "progress.json"
CLONE_NAME = "repo"
"""The directory of the clone, which is not scanned: it may have thousands of directories."""

_RUN = lazy_pattern(
    r"(?P<id>.+)-(?:(\d{4})-(\d\d)-(\d\d)-(\d\d)-(\d\d)-(\d\d)|(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d))\.jsonl",
    re.ASCII,
)
_DAY = lazy_pattern(r"(\d{4})-(\d\d)-(\d\d)\.jsonl", re.ASCII)


_ROTATED = lazy_pattern(r"(?P<log>.+\.jsonl)(?:[.-]\d+)*(?:\.gz)?", re.ASCII)


def is_plain_component(name: str) -> bool:
    """Return whether ``name`` is a single component of a path, and neither ``.`` nor ``..`` (errata 21)."""
    try:
        length = len(name) if name.isascii() else len(os.fsencode(name))
    except UnicodeEncodeError:
        return False
    return 0 < length <= 255 and name not in (".", "..") and "/" not in name and "\0" not in name


class LogName(Struct, frozen=True, order=True):
    """The name of a log file in one of the three forms of errata 6, parsed."""

    started: datetime
    """When its run started, or the day that it covers."""
    file: str
    automation_id: str | None
    """None if the file has the entries of a whole day."""


def parse_log_name(file: str) -> LogName | None:
    """Return the parts of a log's name, or None if it has none of the three forms."""
    if run := _RUN.fullmatch(file):
        parts = [int(part) for part in run.groups()[1:] if part is not None]
        started = _instant(*parts)
        return None if started is None else LogName(started, file, run["id"])
    if day := _DAY.fullmatch(file):
        started = _instant(*(int(part) for part in day.groups()))
        return None if started is None else LogName(started, file, None)
    return None


def unrotated(file: str) -> str | None:
    """Return the name of a log before its rotation (to ``….jsonl.1``, ``….jsonl-20250127.gz``); None for no log."""
    match = _ROTATED.fullmatch(file)
    return None if match is None else match["log"]


def run_log_name(automation_id: str, started: datetime) -> str:
    """Return the name of the log of a run (errata 6)."""
    return f"{automation_id}-{started.astimezone(UTC):%Y-%m-%d-%H-%M-%S}{LOG_SUFFIX}"


def day_log_name(day: datetime) -> str:
    """Return the name of the dispatcher's log of the day of `day` in UTC, in any zone of the host.

    A day in another zone is in two such files; what is shown by days is read from both.
    """
    return f"{day.astimezone(UTC):%Y-%m-%d}{LOG_SUFFIX}"


def _instant(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime | None:
    try:
        instant = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None
    return instant if EARLIEST <= instant <= LATEST else None

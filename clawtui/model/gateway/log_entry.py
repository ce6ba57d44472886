"""A line of a stock gateway's log: an object with its texts under numbers, and what is about it under ``_meta``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

from msgspec import Struct, field

from clawtui.model.checked.json_value import parsed_json
from clawtui.model.documents.base import LogLevel
from clawtui.model.documents.log_entry import LEVELS
from clawtui.model.runs.run import RunLines
from clawtui.model.search.engine import byte_searcher
from clawtui.model.search.line_filter import LineFilter, line_fields
from clawtui.model.text.units import zoned_instant

_LEVELS: Mapping[str, LogLevel] = {
    "SILLY": "debug",
    "TRACE": "debug",
    "DEBUG": "debug",
    "INFO": "info",
    "WARN": "warn",
    "ERROR": "error",
    "FATAL": "error",
}
_MARK = '"_meta"'


class GatewayLogEntry(Struct, frozen=True):
    """One line."""

    at: datetime | None
    level: LogLevel
    source: str
    """The subsystem or module that wrote it."""
    message: str
    fields: Mapping[str, object] = field(default_factory=dict)


def parse_gateway_line(text: str) -> GatewayLogEntry | None:
    """Return the entry of a line of a stock gateway's log; None for any other line."""
    if _MARK not in text:
        return None
    line = line_fields(text)
    meta = line.get("_meta")
    if not isinstance(meta, dict):
        return None
    texts: list[str] = []
    fields: dict[str, object] = {}
    source = ""
    for number in "012345":
        value = line.get(number)
        if number == "0" and isinstance(value, str) and (named := _source(value)) is not None:
            source = named
        elif isinstance(value, str):
            texts.append(value)
        elif isinstance(value, dict):
            fields |= value
        elif value is not None:
            fields[number] = value
    message = " ".join(texts) or line.get("message")
    return GatewayLogEntry(
        at=zoned_instant(line.get("time")) or zoned_instant(meta.get("date")),
        level=_LEVELS.get(str(meta.get("logLevelName")), "info"),
        source=source,
        message=message if isinstance(message, str) else "",
        fields=fields,
    )


@lru_cache(maxsize=8)
def gateway_level_filter(lowest: LogLevel) -> LineFilter:
    """Return a filter for the lines of a stock gateway's log of the level ``lowest`` and above."""
    shown = frozenset(name for name, level in _LEVELS.items() if LEVELS.index(level) >= LEVELS.index(lowest))

    def holds(line: bytes) -> bool:
        meta = line_fields(line).get("_meta")
        return isinstance(meta, dict) and meta.get("logLevelName") in shown

    searcher = byte_searcher(b'"(?:%s)"' % "|".join(sorted(shown)).encode())
    return LineFilter(holds, () if searcher is None else (searcher,))


@lru_cache(maxsize=32)
def gateway_job_filter(job_id: str) -> LineFilter:
    """Return a filter for the lines that name a job, by itself or in the key of a session of its runs."""
    named = job_id.encode("utf-8", "surrogateescape")
    searcher = byte_searcher(re.escape(named))
    return LineFilter(lambda line: named in line, () if searcher is None else (searcher,), searcher is not None)


@lru_cache(maxsize=8)
def gateway_run_filter(run: RunLines) -> LineFilter:
    """Return a filter for the lines that name the job of a run, in the time of that run; one without a time passes."""
    of_job = gateway_job_filter(run.automation_id)

    def holds(line: bytes) -> bool:
        if not of_job.holds(line):
            return False
        content = line_fields(line)
        meta = content.get("_meta")
        at = zoned_instant(content.get("time")) or (zoned_instant(meta.get("date")) if isinstance(meta, dict) else None)
        return at is None or run.holds(run.automation_id, None, at)

    return LineFilter(holds, of_job.searchers)


def _source(text: str) -> str | None:
    """Return the subsystem or module that a JSON text names; None if it is another text."""
    if not text.startswith("{"):
        return None
    try:
        value = parsed_json(text)
    except ValueError:
        return None
    named = (value.get("subsystem") or value.get("module")) if isinstance(value, dict) else None
    return named if isinstance(named, str) else None

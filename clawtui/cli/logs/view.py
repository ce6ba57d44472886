"""Lines of logs as people read them, and as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from pydantic_core import from_json

from clawtui.cli.framework.layout import Paragraph, Piece
from clawtui.cli.framework.output import to_json_text
from clawtui.model.documents.base import LogLevel
from clawtui.model.documents.log_entry import AnyEntry, LogLine, RunLogEntry
from clawtui.presentation.roles import Role
from clawtui.presentation.times import local_second

_LEVEL_ROLE: Final[Mapping[LogLevel, Role]] = {"debug": "dim", "info": "plain", "warn": "warn", "error": "bad"}
_PHASE_WIDTH: Final = 10
_LEAST_ROOM: Final = 30
"""Cells that the message has at least, beside or below its heading."""


def log_paragraph(line: LogLine) -> Paragraph:
    """Time, level, phase, then what is said, on as many lines as it takes; what is no entry as it stands, marked."""
    entry = line.entry
    if entry is None:
        return Paragraph(f"{line.text}  ({line.fault})", "warn", Piece("! ", "dim"), _LEAST_ROOM)
    role = _LEVEL_ROLE[entry.level]
    lead = f"{_second(entry.timestamp.replace(microsecond=0))} {entry.level:<5} "
    said = _said(entry)
    if isinstance(entry, RunLogEntry):
        lead += f"{entry.phase:<{_PHASE_WIDTH}} "
    fields = "".join([f"  {name}={_value(value)}" for name, value in line.fields.items()])
    return Paragraph(said + fields, role, Piece(lead, "dim"), _LEAST_ROOM)


def log_json(line: LogLine) -> str:
    """The line as it stands where it is an object; else what stands there, and why that is no entry."""
    text = line.text.strip()
    surely = line.entry is not None and "NaN" not in text and "Infinity" not in text
    if surely or _is_object(text):
        return text
    return to_json_text({"line": line.text, "fault": line.fault or "holds a number that JSON does not know"})


def _is_object(text: str) -> bool:
    """Whether every parser of JSON takes the text for an object; ours also knows numbers that others do not."""
    try:
        return isinstance(from_json(text, allow_inf_nan=False), dict)
    except (ValueError, TypeError):  # TypeError: bytes that are no UTF-8
        return False


def _said(entry: AnyEntry) -> str:
    if isinstance(entry, RunLogEntry):
        return entry.message
    return f"{entry.event}  {entry.automation_id}" if entry.automation_id else entry.event


def _value(value: object) -> str:
    if isinstance(value, str):
        return value
    return str(value) if type(value) is int else to_json_text(value)


_second = lru_cache(maxsize=256)(local_second)
"""Many lines are of the same second, and telling it costs as much as parsing them."""

"""Lines of logs as text and as JSON."""

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
"""The fewest cells that the message gets, after or below its heading."""


def log_paragraph(line: LogLine) -> Paragraph:
    """Return a paragraph with time, level, phase and message; a line that is not an entry is unchanged, and marked."""
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
    """Return the line unchanged if it is a JSON object, else an object with its text and its fault."""
    text = line.text.strip()
    surely = line.entry is not None and "NaN" not in text and "Infinity" not in text
    if surely or _is_object(text):
        return text
    return to_json_text({"line": line.text, "fault": line.fault or "holds a number that JSON does not know"})


def _is_object(text: str) -> bool:
    """Return whether every JSON parser accepts the text as an object; ours also accepts NaN and Infinity."""
    try:
        return isinstance(from_json(text, allow_inf_nan=False), dict)
    except (ValueError, TypeError):  # TypeError: bytes that are not UTF-8
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
"""A cached ``local_second``: many lines are of the same second, and formatting it costs as much as parsing a line."""

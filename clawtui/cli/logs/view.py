"""Lines of logs as text and as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from clawtui.cli.framework.layout import Paragraph, Piece
from clawtui.cli.framework.output import to_json_text
from clawtui.model.checked.json_value import parsed_json
from clawtui.model.documents.base import LogLevel
from clawtui.model.documents.log_entry import AnyEntry, LogLine, RunLogEntry
from clawtui.presentation.roles import Role
from clawtui.presentation.times import local_second

if TYPE_CHECKING:
    from clawtui.operations.logs.all_logs import FoldedLine

_LEVEL_ROLE: Final[Mapping[LogLevel, Role]] = {"debug": "dim", "info": "plain", "warn": "warn", "error": "bad"}
_PHASE_WIDTH: Final = 10
_LEAST_ROOM: Final = 30
"""The fewest cells that the message gets, after or below its heading."""


class LogText(NamedTuple):
    """A line of a log as text."""

    at: datetime | None
    """None if the line is not an entry."""
    head: str
    """Level and phase, with blanks up to the next column."""
    text: str
    role: Role


def log_text(line: LogLine) -> LogText:
    """Return a line as text; one that is not an entry is unchanged, and marked."""
    entry = line.entry
    if entry is None:
        return LogText(None, "! ", f"{line.text}  ({line.fault})", "warn")
    fields = "".join([f"  {name}={_value(value)}" for name, value in line.fields.items()])
    phase = f"{entry.phase:<{_PHASE_WIDTH}} " if isinstance(entry, RunLogEntry) else ""
    return LogText(entry.timestamp, f"{entry.level:<5} {phase}", _entry_text(entry) + fields, _LEVEL_ROLE[entry.level])


def log_paragraph(line: LogLine) -> Paragraph:
    """Return a paragraph with time, level, phase and message."""
    at, head, text, role = log_text(line)
    lead = head if at is None else f"{_second(at.replace(microsecond=0))} {head}"
    return Paragraph(text, role, Piece(lead, "dim"), _LEAST_ROOM)


def sourced_paragraph(line: FoldedLine) -> Paragraph:
    """Return a paragraph of one of several logs, with its source, and how many times the line is repeated."""
    _, head, text, role = log_text(line.first.line)
    lead = f"{_second(line.first.at.replace(microsecond=0))} {head.rstrip()} {line.first.source}  "
    return Paragraph(f"{text}  ×{line.times}" if line.times > 1 else text, role, Piece(lead, "dim"), _LEAST_ROOM)


def sourced_json(line: FoldedLine) -> dict[str, object]:
    """Return a line of one of several logs as `logs --all --json` prints it."""
    entry = parsed_json(log_json(line.first.line))
    return {
        "log": line.first.path,
        "source": line.first.source,
        "times": line.times,
        "until": line.last.at,
        "entry": entry,
    }


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
        return isinstance(parsed_json(text, only_finite=True), dict)
    except (ValueError, TypeError):  # TypeError: bytes that are not UTF-8
        return False


def _entry_text(entry: AnyEntry) -> str:
    if isinstance(entry, RunLogEntry):
        return entry.message
    return f"{entry.event}  {entry.automation_id}" if entry.automation_id else entry.event


def _value(value: object) -> str:
    if isinstance(value, str):
        return value
    return str(value) if type(value) is int else to_json_text(value)


_second = lru_cache(maxsize=256)(local_second)
"""A cached ``local_second``: many lines are of the same second, and formatting it costs as much as parsing a line."""

"""A line of a log: time, level, phase, message, then the other fields."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import tzinfo
from typing import Final

from clawtui.model.base import LogLevel
from clawtui.model.log_entry import AnyEntry, LogLine, RunLogEntry
from clawtui.tui.glyphs import PROBLEM
from clawtui.tui.panes.timeline_lines import clock
from clawtui.tui.widgets.line import Line, Role, Span

_LEVEL: Final[Mapping[LogLevel, tuple[str, Role]]] = {
    "debug": ("debug", "dim"),
    "info": ("info ", "dim"),
    "warn": ("warn ", "warn"),
    "error": ("ERROR", "bad"),
}
_PHASE_WIDTH = 10


def log_line(read: LogLine, zone: tzinfo | None) -> Line:
    """The entry in columns; a line that is none is shown as it stands, marked."""
    entry = read.entry
    if entry is None:
        return (Span(f" {PROBLEM} ", "warn"), Span(read.text), Span(f"  ({read.fault})", "dim"))
    level, role = _LEVEL[entry.level]
    heading, text = _heading(entry)
    text_role: Role = role if entry.level in ("warn", "error") else "dim" if entry.level == "debug" else "plain"
    fields = "".join(f"  {name}={_value(value)}" for name, value in read.fields.items())
    return (
        Span(f" {clock(entry.timestamp, zone)} ", "dim"),
        Span(f"{level} ", role),
        Span(f"{heading:<{_PHASE_WIDTH}} ", "dim"),
        Span(text, text_role),
        Span(fields, "bad" if entry.level == "error" else "dim"),
    )


def _heading(entry: AnyEntry) -> tuple[str, str]:
    """What stands in the second column, and what happened."""
    if isinstance(entry, RunLogEntry):
        return entry.phase, entry.message
    return entry.automation_id or "", entry.event


def _value(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)

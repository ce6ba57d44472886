"""A line of a log as styled text: time, level, phase, message, then the other fields."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from msgspec.structs import replace

from clawtui.model.documents.base import LogLevel
from clawtui.model.documents.log_entry import AnyEntry, LogLine, RunLogEntry
from clawtui.model.gateway.log_entry import GatewayLogEntry
from clawtui.model.search.pattern import Pattern
from clawtui.model.text.cleaning import displayable
from clawtui.tui.panes.log.view_model import WIDTH, Times
from clawtui.tui.terminal.glyphs import PROBLEM
from clawtui.tui.widgets.line import Line, Role, Span, linked, width_of

_LEVEL: Final[Mapping[LogLevel, tuple[str, Role]]] = {
    "debug": ("debug", "dim"),
    "info": ("info ", "dim"),
    "warn": ("warn ", "warn"),
    "error": ("ERROR", "bad"),
}
_PHASE_WIDTH = 10
_SOURCE_WIDTH: Final = 18
COLUMNS: Final = WIDTH + 1 + 5 + 1 + _PHASE_WIDTH + 1
"""The number of cells before the message."""


def log_line(read: LogLine, times: Times) -> Line:
    """Return the entry in columns; a line that is no entry is marked and returned unchanged, with the fault."""
    entry = read.entry
    if entry is None:
        return (Span(f"{PROBLEM} ", "warn"), Span(read.text), Span(f"  ({read.fault})", "dim"))
    level, role = _LEVEL[entry.level]
    heading, text = _heading(entry)
    text_role: Role = role if entry.level in ("warn", "error") else "dim" if entry.level == "debug" else "plain"
    return (
        Span(f"{times.text(entry.timestamp)} ", "dim"),
        Span(f"{level} ", role),
        Span(f"{heading:<{_PHASE_WIDTH}} ", "dim"),
        *linked(text, text_role),
        *_fields(read.fields, "bad" if entry.level == "error" else "dim"),
    )


class LineOrigin(NamedTuple):
    """The origin of a line in a log that was collected from several."""

    source: str
    """The automation's id, or ``dispatcher``."""
    of_dispatcher: bool
    at: datetime
    """Its time, or that of the line before it."""
    times: int = 1
    """The number of consecutive lines that it represents."""


def sourced_line(read: LogLine, times: Times, origin: LineOrigin) -> Line:
    """Return a line with its source instead of the phase, and the number of its repetitions."""
    entry = read.entry
    repeated = (Span(f"  ×{origin.times}", "dim"),) if origin.times > 1 else ()
    level: str
    role: Role
    level, role = ("     ", "warn") if entry is None else _LEVEL[entry.level]
    start = (
        Span(f"{times.text(origin.at)} ", "dim"),
        Span(f"{level} ", role),
        Span(f"{fit_name(origin.source, _SOURCE_WIDTH)} ", "active"),
    )
    if entry is None:
        return (*start, Span(f"{PROBLEM} ", "warn"), Span(read.text), Span(f"  ({read.fault})", "dim"), *repeated)
    heading, text = _heading(entry)
    message_text = f"{text}  {heading}" if origin.of_dispatcher and heading else text
    text_role: Role = role if entry.level in ("warn", "error") else "dim" if entry.level == "debug" else "plain"
    fields = _fields(read.fields, "bad" if entry.level == "error" else "dim")
    return (*start, *linked(message_text, text_role), *repeated, *fields)


def fit_name(name: str, width: int) -> str:
    """Return a name in as many cells, cut in its middle where it is longer."""
    cleaned = displayable(name)
    if width_of((Span(cleaned),)) > width:
        half = (width - 1) // 2
        cleaned = f"{cleaned[: width - 1 - half]}…{cleaned[-half:]}"
    return cleaned + " " * max(0, width - width_of((Span(cleaned),)))


def gateway_line(entry: GatewayLogEntry, times: Times) -> Line:
    """Return an entry of a stock gateway's log in the same columns, with its source instead of the phase."""
    level, role = _LEVEL[entry.level]
    time_text = times.text(entry.at) if entry.at is not None else " " * WIDTH
    text_role: Role = role if entry.level in ("warn", "error") else "dim" if entry.level == "debug" else "plain"
    source = entry.source if len(entry.source) <= _PHASE_WIDTH else f"{entry.source[: _PHASE_WIDTH - 1]}…"
    return (
        Span(f"{time_text} ", "dim"),
        Span(f"{level} ", role),
        Span(f"{source:<{_PHASE_WIDTH}} ", "dim"),
        *linked(entry.message, text_role),
        *_fields(entry.fields, "dim"),
    )


def highlighted(line: Line, pattern: Pattern) -> Line:
    """Return the line with all matches of ``pattern`` highlighted, also those across several spans."""
    places = pattern.spans("".join(span.text for span in line))
    return tuple(_marked(line, places)) if places else line


def _marked(line: Line, places: Sequence[tuple[int, int]]) -> Iterator[Span]:
    ends = {edge for place in places for edge in place}
    inside, position = False, 0
    starts = {start for start, _ in places}
    for span in line:
        begin = 0
        for at in range(len(span.text) + 1):
            if at < len(span.text) and position + at not in ends:
                continue
            if at > begin:
                part = span.text[begin:at]
                yield replace(span, text=part, role="match") if inside else replace(span, text=part)
                begin = at
            if at < len(span.text):
                inside = position + at in starts
        position += len(span.text)


def _fields(fields: Mapping[str, object], role: Role) -> Iterator[Span]:
    message_text = "".join(f"  {name}={_value(value)}" for name, value in fields.items())
    yield from linked(message_text, role)


def _heading(entry: AnyEntry) -> tuple[str, str]:
    """Return the text of the third column, and the message."""
    if isinstance(entry, RunLogEntry):
        return entry.phase, entry.message
    return entry.automation_id or "", entry.event


def _value(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)

"""A line of a log: time, level, phase, message, then the other fields."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Final

from clawtui.model.documents.base import LogLevel
from clawtui.model.documents.log_entry import AnyEntry, LogLine, RunLogEntry
from clawtui.model.search.expression import Expression, TooSlow
from clawtui.tui.panes.log.view_model import WIDTH, Times
from clawtui.tui.terminal.glyphs import PROBLEM
from clawtui.tui.widgets.line import Line, Role, Span, linked

_LEVEL: Final[Mapping[LogLevel, tuple[str, Role]]] = {
    "debug": ("debug", "dim"),
    "info": ("info ", "dim"),
    "warn": ("warn ", "warn"),
    "error": ("ERROR", "bad"),
}
_PHASE_WIDTH = 10
COLUMNS: Final = WIDTH + 1 + 5 + 1 + _PHASE_WIDTH + 1
"""Cells before the message."""
_PATIENCE: Final = 0.1
"""Seconds that the marking of what is searched for may take in all, where it takes long."""


def log_line(read: LogLine, times: Times) -> Line:
    """The entry in columns; a line that is none is shown as it stands, marked."""
    entry = read.entry
    if entry is None:
        return (Span(f"{PROBLEM} ", "warn"), Span(read.text), Span(f"  ({read.fault})", "dim"))
    level, role = _LEVEL[entry.level]
    heading, text = _heading(entry)
    text_role: Role = role if entry.level in ("warn", "error") else "dim" if entry.level == "debug" else "plain"
    return (
        Span(f"{times.tell(entry.timestamp)} ", "dim"),
        Span(f"{level} ", role),
        Span(f"{heading:<{_PHASE_WIDTH}} ", "dim"),
        *linked(text, text_role),
        *_fields(read.fields, "bad" if entry.level == "error" else "dim"),
    )


def highlighted(line: Line, pattern: re.Pattern[str]) -> Line:
    """The line with every place marked in which ``pattern`` is found."""
    return tuple(part for span in line for part in _marked(span, pattern))


def is_found(pattern: re.Pattern[str], text: str) -> bool:
    """Whether ``pattern`` is found in ``text``, as far as that can be told while it is painted."""
    try:
        return _seeker(pattern).is_in(text)
    except TooSlow:
        return False


@lru_cache(maxsize=2)
def _seeker(pattern: re.Pattern[str]) -> Expression:
    """It takes the keys' time: what takes long is soon done without, until something else was searched for."""
    return Expression(pattern, limit=_PATIENCE, allowance=_PATIENCE)


def _places(pattern: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    try:
        return _seeker(pattern).places(text)
    except TooSlow:
        return []


def _marked(span: Span, pattern: re.Pattern[str]) -> Iterator[Span]:
    at = 0
    for start, end in _places(pattern, span.text):
        if start > at:
            yield replace(span, text=span.text[at:start])
        yield replace(span, text=span.text[start:end], role="match")
        at = end
    if at < len(span.text):
        yield replace(span, text=span.text[at:]) if at else span


def _fields(fields: Mapping[str, object], role: Role) -> Iterator[Span]:
    said = "".join(f"  {name}={_value(value)}" for name, value in fields.items())
    yield from linked(said, role)


def _heading(entry: AnyEntry) -> tuple[str, str]:
    """What stands in the third column, and what happened."""
    if isinstance(entry, RunLogEntry):
        return entry.phase, entry.message
    return entry.automation_id or "", entry.event


def _value(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)

"""The fields of a document, one by one, as text for people: every value that is on disk, known to the design or not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from clawtui.model.text.units import EARLIEST, LATEST, short_span
from clawtui.presentation.times import ago, local_minute, relative

_TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)", re.ASCII)
_PLANNED = frozenset({"nextRun", "value"})
"""The names of times that may be in the future."""
_MILLISECONDS = frozenset({"duration"})
"""The names of numbers that are milliseconds."""


class FieldText(NamedTuple):
    """One value of a document."""

    path: str
    """Its keys joined with dots, and the index of an item in a list: ``git.currentCommit``, ``timeline[2]``."""
    text: str


def document_fields(content: Mapping[str, object], now: datetime) -> Iterator[FieldText]:
    """Yield each value of a document in the order of the file; an object in a list is one value.

    Args:
        content: The document as JSON, with secrets masked already.
        now: The time from which ages are counted.
    """
    return _below(content, "", now)


def _below(content: Mapping[str, object], prefix: str, now: datetime) -> Iterator[FieldText]:
    for key, value in content.items():
        path = f"{prefix}{key}"
        if isinstance(value, Mapping) and value:
            yield from _below(value, f"{path}.", now)
        elif isinstance(value, list) and any(isinstance(item, Mapping | list) for item in value):
            for number, item in enumerate(value, start=1):
                yield FieldText(f"{path}[{number}]", _item_text(item, now))
        else:
            yield FieldText(path, _value_text(key, value, now))


def _item_text(item: object, now: datetime) -> str:
    if not isinstance(item, Mapping):
        return _value_text("", item, now)
    return " · ".join(f"{path} {text}" for path, text in _below(item, "", now))


def _value_text(key: str, value: object, now: datetime) -> str:
    if value is None or value in ("", [], {}):
        return "none" if value is None else "empty"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return _time_text(key, value, now) if _TIMESTAMP.fullmatch(value) else value
    if isinstance(value, int | float):
        return f"{value} ms ({short_span(timedelta(milliseconds=value))})" if _is_duration(key, value) else str(value)
    if isinstance(value, list):
        return ", ".join(_value_text("", item, now) for item in value)
    return str(value)


def _time_text(key: str, value: str, now: datetime) -> str:
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return value
    if not EARLIEST <= at <= LATEST:
        return value
    return f"{local_minute(at)}, {relative(at, now) if key in _PLANNED else ago(at, now)}"


def _is_duration(key: str, value: int | float) -> bool:
    return key in _MILLISECONDS and 0 <= value < 1e15

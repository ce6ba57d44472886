"""Validation errors of pydantic as sentences for an operator."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from clawtui.model.checked.field_types import utf16_length
from clawtui.model.text.cleaning import clean

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

_SHOWN_VALUE = 40
_TOO_LARGE = 10**20
_NOT_FINITE = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}


def explain(error: ValidationError) -> str:
    """Return the first fault with its place, and the number of others: ``maxConcurrent must be at most 10, not 12``.

    The text is one cleaned line. A fault of the whole document has no place: ``must be an object, not a list``.
    """
    faults = error.errors(include_url=False)
    more = len(faults) - 1
    suffix = f" (and {more} more fault{'s' if more > 1 else ''})" if more else ""
    return clean(explain_fault(faults[0]) + suffix)


def explain_fault(fault: ErrorDetails) -> str:
    """Return one fault with its place, not cleaned."""
    say = _PHRASES.get(fault["type"])
    phrase = say(fault.get("ctx", {}), fault["input"]) if say else f"is not allowed: {fault['msg']}"
    return f"{place_of(fault['loc'])} {phrase}".lstrip()


def place_of(location: tuple[int | str, ...]) -> str:
    """Return the place of a value in a document: ``runHistory[3].status``, not cleaned."""
    place = ""
    for step in location:
        if isinstance(step, int):
            place += f"[{step}]"
        else:
            place += f".{step}" if place else step
    return place


def shown_value(value: object) -> str:
    """Return a value for a sentence, as JSON writes it, shortened and not cleaned."""
    if isinstance(value, str):
        text = f"“{value}”"
        return text if len(text) <= _SHOWN_VALUE else text[: _SHOWN_VALUE - 2] + "…”"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, float):
        return str(value) if math.isfinite(value) else _NOT_FINITE[str(value)]
    if isinstance(value, int):
        return str(value) if abs(value) < _TOO_LARGE else "one too large to tell"
    return "a list" if isinstance(value, list) else "an object"


def _kind(value: object) -> str:
    """Return a value as `_shown` does, marked as text if it is text."""
    return f"the text {shown_value(value)}" if isinstance(value, str) else shown_value(value)


_Say = Callable[[Mapping[str, object], object], str]

_PHRASES: dict[str, _Say] = {
    "extra_forbidden": lambda context, value: "is not known",
    "missing": lambda context, value: "is missing",
    "needs": lambda context, value: f"needs {context['what']}",
    "expected": lambda context, value: f"must be {context['expected']}, not {shown_value(value)}",
    "greater_than_equal": lambda context, value: f"must be at least {context['ge']}, not {shown_value(value)}",
    "less_than_equal": lambda context, value: f"must be at most {context['le']}, not {shown_value(value)}",
    "greater_than": lambda context, value: f"must be more than {context['gt']}, not {shown_value(value)}",
    "literal_error": lambda context, value: f"must be {_choices(context)}, not {shown_value(value)}",
    "string_too_short": lambda context, value: "must not be empty",
    "string_too_long": lambda context, value: (
        f"must have at most {context['max_length']} characters, not {_size(value)}"
    ),
    "too_long": lambda context, value: f"must have at most {context['max_length']} entries, not {_size(value)}",
    "too_many": lambda context, value: (
        f"has {context['count']:,} {context['what']}, more than the {context['most']:,} that are read"
    ),
    "string_type": lambda context, value: f"must be text, not {shown_value(value)}",
    "string_unicode": lambda context, value: "holds half a character (a lone surrogate), which is no text",
    "bool_type": lambda context, value: f"must be true or false, not {_kind(value)}",
    "tuple_type": lambda context, value: f"must be a list, not {_kind(value)}",
    "model_type": lambda context, value: f"must be an object, not {_kind(value)}",
    "mapping_type": lambda context, value: f"must be an object, not {_kind(value)}",
    "dict_type": lambda context, value: f"must be an object, not {_kind(value)}",
    "json_invalid": lambda context, value: _json_fault(str(context["error"]), value),
}


def _choices(context: Mapping[str, object]) -> str:
    return str(context["expected"]).replace("'", "")


def _size(value: object) -> str:
    if isinstance(value, str):
        return str(utf16_length(value))
    return str(len(value)) if isinstance(value, list | tuple) else "more"


def _json_fault(fault: str, value: object) -> str:
    """Return the parser's message, whose text is one line, without line numbers and ends of files."""
    if not str(value).strip():
        return "is empty"
    what, _, column = fault.partition(" at line 1 column ")
    if what.startswith("EOF while parsing "):
        return f"is not JSON: it ends within {what.removeprefix('EOF while parsing ')}"
    return f"is not JSON: {what} at column {column}"

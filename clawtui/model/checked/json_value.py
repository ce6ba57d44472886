"""The values of JSON texts: parsed by msgspec, and what that refuses by pydantic, which knows NaN and Infinity."""

from __future__ import annotations

from typing import Final

import msgspec

MOST_LEVELS: Final = 200
"""The deepest nesting of a JSON text that pydantic reads."""


def parsed_json(text: str | bytes, *, only_finite: bool = False) -> object:
    """Return the value of a JSON text; NaN and Infinity are numbers, unless ``only_finite``.

    Raises ValueError, and TypeError for a text with halves of surrogate pairs.
    """
    if may_parse(text):
        try:
            return msgspec.json.decode(text)
        except (msgspec.DecodeError, UnicodeError):
            pass
    from pydantic_core import from_json

    return from_json(text, allow_inf_nan=not only_finite)


def may_parse(text: str | bytes) -> bool:
    """Return whether msgspec and pydantic return the same value for a text, if msgspec returns one.

    A text with more brackets than there may be levels can be nested too deep.
    """
    if len(text) <= MOST_LEVELS:
        return True
    if isinstance(text, str):
        return text.count("{") + text.count("[") <= MOST_LEVELS
    return text.count(b"{") + text.count(b"[") <= MOST_LEVELS

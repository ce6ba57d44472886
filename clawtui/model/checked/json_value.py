"""The values of JSON texts: parsed by msgspec, and with NaN, Infinity or too large a number by pydantic."""

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
        except UnicodeEncodeError as error:
            raise TypeError(str(error)) from error
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            # A line that was cut off is invalid for both, and pydantic would have to be loaded to say it again.
            if "out of range" not in str(error) and not _has_words(text):
                raise ValueError(str(error)) from error
    from pydantic_core import from_json

    return from_json(text, allow_inf_nan=not only_finite)


def _has_words(text: str | bytes) -> bool:
    """Return whether the text may have a number that is not finite."""
    return ("NaN" in text or "Inf" in text) if isinstance(text, str) else (b"NaN" in text or b"Inf" in text)


def may_parse(text: str | bytes) -> bool:
    """Return whether msgspec and pydantic return the same value for a text, if msgspec returns one.

    A text with more brackets than there may be levels can be nested too deep.
    """
    if len(text) <= MOST_LEVELS:
        return True
    if isinstance(text, str):
        return text.count("{") + text.count("[") <= MOST_LEVELS
    return text.count(b"{") + text.count(b"[") <= MOST_LEVELS

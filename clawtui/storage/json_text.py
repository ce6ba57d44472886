"""Documents as the gateway writes all but its automation configurations: ``JSON.stringify`` (errata 2)."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping

from clawtui.model.base import Document


def to_json(value: object, indent: int | None = None) -> bytes:
    """``value`` as JSON, on one line where there is no ``indent``; what is no finite number becomes null."""
    try:
        return _encode(value, indent)
    except ValueError:
        return _encode(_finite(value), indent)


def _encode(value: object, indent: int | None) -> bytes:
    separators = (",", ":") if indent is None else None
    text = json.dumps(value, ensure_ascii=False, indent=indent, separators=separators, allow_nan=False)
    try:
        return text.encode()
    except UnicodeEncodeError:  # half a surrogate pair can only be written as an escape
        return json.dumps(value, indent=indent, separators=separators).encode()


def _finite(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _finite(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def to_plain(document: Document) -> dict[str, object]:
    """What was set in ``document``, by its names on disk; a known key without a value is left out (zod: optional)."""
    plain: dict[str, object] = document.model_dump(by_alias=True, exclude_unset=True)
    _leave_out_absent(document, plain)
    return plain


def _leave_out_absent(document: Document, plain: dict[str, object]) -> None:
    for name, field in type(document).model_fields.items():
        value = getattr(document, name)
        key = field.alias or name
        below = plain.get(key)
        if value is None:
            plain.pop(key, None)
        elif isinstance(value, Document) and isinstance(below, dict):
            _leave_out_absent(value, below)

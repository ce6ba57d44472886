"""Read documents from plain values and from JSON: with msgspec where the content is usual, else with pydantic."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar

import msgspec

from clawtui.model.checked.json_value import may_parse, parsed_json
from clawtui.model.checked.struct import Checked, constructed, required_names, schema_fields
from clawtui.model.checked.usual import keys_of_documents, read_usual

if TYPE_CHECKING:
    from pydantic import ValidationError

C = TypeVar("C", bound=Checked)


def from_plain(kind: type[C], raw: object) -> C:
    """Return ``raw``, as a parser returned it, as a document, by its names on disk only.

    Raises pydantic's ValidationError (`refused`) with all faults.
    """
    document = read_usual(kind, raw)
    if document is not None:
        return document
    from clawtui.model.checked.judge import judged

    return judged(kind, raw)


def from_json(kind: type[C], text: str | bytes) -> C:
    """Return the document that a JSON text has. Raises pydantic's ValidationError (`refused`) with all faults."""
    document = _usual_json(kind, text)
    if document is not None:
        return document
    from clawtui.model.checked.judge import judged_json

    return judged_json(kind, text)


def from_json_line(kind: type[C], text: str | bytes) -> C | None:
    """Return the document that a line of JSON has; None if it is cut off, or no such document."""
    try:
        document = read_usual(kind, parsed_json(text))
    except (ValueError, TypeError):
        return None
    if document is not None:
        return document
    from clawtui.model.checked.judge import judged_json

    try:
        return judged_json(kind, text)
    except refused():
        return None


def _usual_json(kind: type[C], text: str | bytes) -> C | None:
    if not may_parse(text):
        return None
    try:
        raw: object = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError):  # UnicodeError: a text with halves of surrogate pairs
        return None
    return read_usual(kind, raw)


def made(kind: type[C], fields: Mapping[str, object]) -> C:
    """Return a document with ``fields``, by their names in Python or on disk; others are unknown keys.

    Raises pydantic's ValidationError (`refused`) with all faults.
    """
    if not fields and not required_names(kind):
        return constructed(kind, {}, frozenset())
    known = schema_fields(kind)
    raw = {known[name].key if name in known else name: value for name, value in fields.items()}
    # With pydantic the names in Python are valid in the objects within too.
    if len(raw) == len(fields) and not any(_is_raw(raw[key]) for key in keys_of_documents(kind) if key in raw):
        document = read_usual(kind, raw)
        if document is not None:
            return document
    from clawtui.model.checked.judge import judged

    return judged(kind, fields, by_name=True)


def _is_raw(value: object) -> bool:
    return isinstance(value, dict) or (
        isinstance(value, list | tuple) and any(isinstance(each, dict) for each in value)
    )


def refused() -> type[ValidationError]:
    """Return pydantic's ValidationError, for an ``except``: it is evaluated, and pydantic loaded, at an error only."""
    from pydantic import ValidationError

    return ValidationError

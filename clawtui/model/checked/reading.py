"""Read documents from plain values and from JSON: with msgspec where the content is usual, else with pydantic."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, TypeVar

import msgspec

from clawtui.model.checked.struct import Checked, constructed, fields_of, required_names
from clawtui.model.checked.usual import read_usual

if TYPE_CHECKING:
    from pydantic import ValidationError

C = TypeVar("C", bound=Checked)

_MOST_BRACKETS: Final = 100
"""pydantic refuses JSON that is nested deeper than 200 levels."""


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


def _usual_json(kind: type[C], text: str | bytes) -> C | None:
    brackets = text.count("{") + text.count("[") if isinstance(text, str) else text.count(b"{") + text.count(b"[")
    if brackets > _MOST_BRACKETS:
        return None
    try:
        raw: object = msgspec.json.decode(text)
    except (msgspec.DecodeError, ValueError):  # ValueError: a text with halves of surrogate pairs
        return None
    return read_usual(kind, raw)


def made(kind: type[C], fields: Mapping[str, object]) -> C:
    """Return a document with ``fields``, by their names in Python or on disk; others are unknown keys.

    Raises pydantic's ValidationError (`refused`) with all faults.
    """
    if not fields and not required_names(kind):
        return constructed(kind, {}, frozenset())
    known = fields_of(kind)
    raw = {known[name].key if name in known else name: value for name, value in fields.items()}
    document = read_usual(kind, raw) if len(raw) == len(fields) else None
    if document is not None:
        return document
    from clawtui.model.checked.judge import judged

    return judged(kind, fields, by_name=True)


def refused() -> type[ValidationError]:
    """Return pydantic's ValidationError, for an ``except``: it is evaluated, and pydantic loaded, at an error only."""
    from pydantic import ValidationError

    return ValidationError

"""The faults for which the gateway's schemas refuse a document that clawtui accepts.

clawtui reads more than the gateway does (errata 14, 17): an offset in a time, a missing version, null for a value that
is not there. The gateway parses with zod, which refuses the whole document then, and with it every listing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from clawtui.model.checked.struct import schema_fields
from clawtui.model.documents.base import Document
from clawtui.model.documents.fields import faults_in, form_of
from clawtui.model.documents.validation_text import place_of, shown_value
from clawtui.model.text.cleaning import clean

_DATETIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z", re.ASCII)
"""zod's ``string().datetime()``: UTC as ``Z``, with seconds."""

MAY_REFUSE = re.compile(rb"\bnull\b|[Tt ]\d\d:\d\d(?:[+\"'Zz-]|:\d\d(?:\.\d+)?[+\"'z-])|\d[t ]\d\d:\d\d")
"""Matches each text that has a null or a time which zod refuses; it matches others too."""


def refusals(kind: type[Document], value: object) -> tuple[str, ...]:
    """Return why the gateway refuses ``value``, one cleaned clause for each place; empty if it reads it."""
    found = {fault.place: fault.message for fault in faults_in(kind, value)}
    for place, why in _refusals(kind, value, ()):
        found.setdefault(clean(place_of(place)), clean(f"{place_of(place)} {why}"))
    return tuple(found.values())


def _refusals(
    kind: type[Document], value: object, place: tuple[int | str, ...]
) -> Iterator[tuple[tuple[int | str, ...], str]]:
    if not isinstance(value, dict):
        return
    for name, field in schema_fields(kind).items():
        key, form = field.key, form_of(kind, name)
        here = (*place, key)
        raw = value.get(key)
        if key not in value:
            if name == "version":
                yield here, "is missing"
        elif raw is None:
            yield here, "must not be null"
        elif datetime in form.types and isinstance(raw, str) and _DATETIME.fullmatch(raw) is None:
            yield here, f"must be UTC with seconds such as 2025-01-26T10:30:00Z, not {shown_value(raw)}"
        elif form.document is not None:
            yield from _refusals(form.document, raw, here)
        elif form.item is not None and isinstance(raw, list):
            for position, item in enumerate(raw):
                yield from _refusals(form.item, item, (*here, position))

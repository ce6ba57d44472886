"""All that can be seen of a document, to compare two of them exactly."""

from __future__ import annotations

from datetime import datetime

from clawtui.model.checked.struct import Checked, schema_fields


def seen(value: object) -> object:
    """Return all that can be seen of a value: 1, 1.0 and True differ, and -0.0 and 0.0."""
    if isinstance(value, Checked):
        fields = {name: seen(getattr(value, name)) for name in schema_fields(type(value))}
        return type(value), value.present, list(value.unknown.items()).__repr__(), fields
    if isinstance(value, tuple):
        return [seen(item) for item in value]
    if isinstance(value, dict):
        return [(key, seen(item)) for key, item in value.items()]
    return value.isoformat() if isinstance(value, datetime) else f"{type(value).__name__} {value!r}"

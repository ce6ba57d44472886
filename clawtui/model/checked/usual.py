"""Read a document of the usual form with msgspec: ten times as fast as pydantic, which would have to be loaded first.

Where both could differ, the answer is None, and pydantic decides (``judge``). What is accepted here it accepts too,
with the same values: ``tests/model/checked/test_struct.py`` compares both.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Annotated, Any, Final, TypeVar, get_args, get_origin

import msgspec
from msgspec import Struct, convert

from clawtui.model.checked.markers import NotNull
from clawtui.model.checked.struct import (
    Checked,
    Origin,
    alternatives,
    origin_of,
    required_names,
    schema_fields,
    with_origin,
)

C = TypeVar("C", bound=Checked)

_LONGEST_TIME: Final = len("2025-01-26T10:30:00.123456Z")
"""msgspec rounds the digits beyond microseconds, and pydantic drops them."""
_FIRST_YEAR, _AFTER_LAST_YEAR = "0002", "9999"
"""Between these years a time in any zone is in the bounds of a `Timestamp`."""
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


class _Shape(Struct, frozen=True):
    """What has to be looked at in a document of one kind."""

    keys: Mapping[str, str]
    """The names of the fields in Python, by their keys."""
    required: frozenset[str]
    """Keys."""
    times: tuple[str, ...]
    never_null: tuple[str, ...]
    nested: tuple[tuple[str, str, type[Checked]], ...]
    """Name, key and kind of each field that is a document."""
    lists: tuple[tuple[str, str, type[Checked]], ...]
    """The same of each field that is a list of documents."""
    maps: tuple[tuple[str, str, type[Checked]], ...]
    """The same of each field that is a mapping to documents."""
    is_simple: bool
    """Whether all fields are required, and none is a document or a list of documents."""


def read_usual(kind: type[C], raw: object) -> C | None:
    """Return ``raw`` as a document, by its names on disk; None if pydantic has to judge it."""
    if type(raw) is not dict:
        return None
    shape = _shape_of(kind)
    unknown: dict[str, object] = {}
    known: dict[str, object] = raw
    if not raw.keys() <= shape.keys.keys():
        if not kind.keeps_unknown or not all(type(key) is str for key in raw):
            return None
        known = {key: value for key, value in raw.items() if key in shape.keys}
        unknown = {key: value for key, value in raw.items() if key not in shape.keys}
        if not _are_texts(unknown):
            return None
    try:
        document = convert(known, kind)
    except (msgspec.ValidationError, OverflowError):
        return None
    if not _settle(document, known, shape) or not document.usual():
        return None
    if unknown:
        with_origin(document, Origin(document.present, unknown))
    return document


def _settle(document: Checked, raw: Mapping[str, Any], shape: _Shape) -> bool:
    """Record which fields were set; return whether pydantic would read the same from ``raw``, without unknown keys."""
    if not _are_usual(raw, shape):
        return False
    for name, key, kind in shape.nested:
        if key in raw and not _settle_part(getattr(document, name), raw[key], kind):
            return False
    for name, key, kind in shape.lists:
        if key in raw and not _settle_list(getattr(document, name), raw[key], kind):
            return False
    for name, key, kind in shape.maps:
        parts = getattr(document, name)
        if key in raw and not all(_settle_part(parts[each], part, kind) for each, part in (raw[key] or {}).items()):
            return False
    if raw.keys() != shape.required:
        with_origin(document, origin_of(type(document), frozenset(map(shape.keys.__getitem__, raw))))
    return True


def _are_usual(raw: Mapping[str, Any], shape: _Shape) -> bool:
    """Return whether pydantic would read the same from the values that are not documents."""
    for key in shape.times:
        if key in raw and not _is_usual_time(raw[key]):
            return False
    for value in raw.values():
        if value is None:
            if any(key in raw and raw[key] is None for key in shape.never_null):
                return False
        elif type(value) is str:
            if not value.isascii() and _SURROGATE.search(value):
                return False
        elif type(value) is not int and not _are_texts(value):
            return False
    return True


def _settle_part(part: object, raw: object, kind: type[Checked]) -> bool:
    """Do the same for a part of a document. It may be a document already, where one is made in Python, or null."""
    if part is raw:
        return True
    if not isinstance(part, Checked) or type(raw) is not dict:
        return False
    shape = _shape_of(kind)
    return raw.keys() <= shape.keys.keys() and _settle(part, raw, shape) and part.usual()


def _settle_list(parts: Sequence[object] | None, raw: object, kind: type[Checked]) -> bool:
    if parts is None or not isinstance(raw, list | tuple):
        return parts is None
    shape = _shape_of(kind)
    if not shape.is_simple or set(map(type, raw)) != {dict}:
        return all(_settle_part(part, each, kind) for part, each in zip(parts, raw, strict=True))
    # All of them have exactly the required keys, else msgspec had refused one.
    for key in shape.never_null:
        if any(each[key] is None for each in raw):
            return False
    for key in shape.times:
        times = [each[key] for each in raw]
        if set(map(type, times)) != {str}:
            return all(map(_is_usual_time, times))
        if max(map(len, times)) > _LONGEST_TIME or min(times) < _FIRST_YEAR or max(times) >= _AFTER_LAST_YEAR:
            return False
    return True


def _is_usual_time(value: object) -> bool:
    """Return whether a value that msgspec takes for a time is the same time for pydantic; null is no time."""
    if type(value) is str:
        return len(value) <= _LONGEST_TIME and _FIRST_YEAR <= value < _AFTER_LAST_YEAR
    return value is None or (type(value) is datetime and 2 <= value.year < 9999)


def _are_texts(value: object) -> bool:
    """Return whether all texts directly in a list, and all keys of an object, are free of lone surrogates."""
    texts: Any = value if isinstance(value, list | tuple | dict) else ()
    return not any(type(text) is str and not text.isascii() and _SURROGATE.search(text) for text in texts)


@cache
def _shape_of(kind: type[Checked]) -> _Shape:
    fields = schema_fields(kind).values()
    parts = {field.name: tuple(alternatives(field.type)) for field in fields}
    every = [(field.name, field.key, part) for field in fields for part in parts[field.name]]
    required = required_names(kind)
    never_null = tuple(field.key for field in fields if _refuses_null(field.type))
    return _Shape(
        keys={field.key: field.name for field in fields},
        required=frozenset(field.key for field in fields if field.name in required),
        times=tuple(field.key for field in fields if datetime in parts[field.name]),
        never_null=never_null,
        nested=tuple(each for each in every if _is_document(each[2])),
        lists=tuple((name, key, item) for name, key, part in every if (item := _item_of(part, tuple, 0)) is not None),
        maps=tuple((name, key, item) for name, key, part in every if (item := _item_of(part, Mapping, 1)) is not None),
        is_simple=len(required) == len(fields) and not any(_has_documents(part) for _, _, part in every),
    )


def _is_document(part: object) -> bool:
    return isinstance(part, type) and issubclass(part, Checked)


def _item_of(part: object, container: type, position: int) -> type[Checked] | None:
    """Return the kind of the documents in a list or a mapping; None for any other type."""
    if get_origin(part) is not container:
        return None
    item = next(alternatives(get_args(part)[position]))
    return item if _is_document(item) else None


def _has_documents(part: object) -> bool:
    return _is_document(part) or _item_of(part, tuple, 0) is not None or _item_of(part, Mapping, 1) is not None


def _refuses_null(annotation: object) -> bool:
    return get_origin(annotation) is Annotated and any(isinstance(mark, NotNull) for mark in get_args(annotation)[1:])

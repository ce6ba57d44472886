"""Read a document of the usual form with msgspec, so that pydantic, which takes long to load, is not needed.

Where both could differ, the answer is None, and pydantic decides (``judge``). What is accepted here it accepts too,
with the same values: ``tests/model/checked/test_engines.py`` compares both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final, TypeVar, get_args, get_origin

import msgspec
from msgspec import Struct, convert

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


class _Layout(Struct, frozen=True):
    """What has to be looked at in an object with certain keys that is read as a document of one kind."""

    origin: Origin | None
    """That of the document, without the values of unknown keys."""
    unknown: tuple[str, ...]
    times: tuple[str, ...]
    spans: tuple[str, ...]
    nested: tuple[tuple[str, str], ...]
    """Name and key of each field that is a document."""
    lists: tuple[tuple[str, str, type[Checked]], ...]
    """Name, key and kind of each field that is a list of documents."""
    maps: tuple[tuple[str, str], ...]
    """Name and key of each field that is a mapping to documents."""


class _Shape(Struct, frozen=True, eq=False):
    """The fields of one kind of documents."""

    parts: Mapping[str, tuple[Any, ...]]
    """The alternatives of the type of each field, by its key."""
    times: tuple[str, ...]
    """Keys."""
    is_simple: bool
    """Whether all fields are required, none is a document or has documents in it, and msgspec refuses other keys."""
    has_rules: bool
    layouts: dict[tuple[str, ...], _Layout | None]
    """Those of the objects that were read, by their keys: programs write few. None if pydantic has to judge."""


_MOST_LAYOUTS: Final = 1000
_MOST_KEYS: Final = 100
"""Of a layout that is kept."""
_NEW: Final = _Layout(None, (), (), (), (), (), ())


def read_usual(kind: type[C], raw: object) -> C | None:
    """Return ``raw`` as a document, by its names on disk; None if pydantic has to judge it."""
    if type(raw) is not dict:
        return None
    try:
        document = convert(raw, kind)
    except (msgspec.ValidationError, UnicodeError):  # UnicodeError: a lone surrogate where msgspec looks at the text
        return None
    return document if _settle(document, raw) else None


def _settle(document: Checked, raw: Mapping[str, Any]) -> bool:
    """Record what was set and what is unknown; return whether pydantic would read the same from ``raw``."""
    shape = _shape_of(type(document))
    layout = shape.layouts.get(keys := tuple(raw), _NEW)
    if layout is _NEW:
        layout = _new_layout(type(document), shape, keys)
    if layout is None or not _are_usual(raw, layout) or not _settle_parts(document, raw, layout):
        return False
    origin = layout.origin
    if layout.unknown:
        origin = Origin(
            document.present if origin is None else origin.present, {key: raw[key] for key in layout.unknown}
        )
    if origin is not None:
        with_origin(document, origin)
    return not shape.has_rules or document.usual()


def _are_usual(raw: Mapping[str, Any], layout: _Layout) -> bool:
    """Return whether pydantic would read the same from the values that are not documents."""
    for key in layout.times:
        if not _is_usual_time(raw[key]):
            return False
    for key in layout.spans:
        if type(raw[key]) is not timedelta:  # msgspec reads numbers, and texts such as PT15M
            return False
    for value in raw.values():
        form = type(value)
        if form is str:
            if not value.isascii() and _SURROGATE.search(value):
                return False
        elif (form is dict or form is list or form is tuple) and value and not _are_texts(value):
            return False
    return True


def _settle_parts(document: Checked, raw: Mapping[str, Any], layout: _Layout) -> bool:
    for name, key in layout.nested:
        if not _settle_part(getattr(document, name), raw[key]):
            return False
    for name, key, kind in layout.lists:
        if not _settle_list(getattr(document, name), raw[key], kind):
            return False
    for name, key in layout.maps:
        parts = getattr(document, name)
        if not all(_settle_part(parts[each], part) for each, part in (raw[key] or {}).items()):
            return False
    return True


def _settle_part(part: object, raw: object) -> bool:
    """Do the same for a part of a document. It may be a document already, where one is made in Python, or null."""
    if part is raw:
        return True
    return isinstance(part, Checked) and type(raw) is dict and _settle(part, raw)


def _settle_list(parts: Sequence[object] | None, raw: object, kind: type[Checked]) -> bool:
    if parts is None or not isinstance(raw, list | tuple):
        return parts is None
    shape = _shape_of(kind)
    if not shape.is_simple:
        return all(_settle_part(part, each) for part, each in zip(parts, raw, strict=True))
    try:  # all of them have exactly the required keys
        for key in shape.times:
            times = [each[key] for each in raw]
            if times and not (
                max(map(len, times)) <= _LONGEST_TIME and min(times) >= _FIRST_YEAR and max(times) < _AFTER_LAST_YEAR
            ):
                return False
    except TypeError:  # made in Python, of documents or of times that are no texts
        return all(_settle_part(part, each) for part, each in zip(parts, raw, strict=True))
    return True


def _is_usual_time(value: object) -> bool:
    """Return whether a value that msgspec takes for a time is the same time for pydantic; null is no time."""
    if type(value) is str:
        return len(value) <= _LONGEST_TIME and _FIRST_YEAR <= value < _AFTER_LAST_YEAR
    return value is None or (type(value) is datetime and 2 <= value.year < 9999)


def _are_texts(texts: Iterable[object]) -> bool:
    """Return whether all texts in a list, or all keys of an object, are free of lone surrogates."""
    for text in texts:  # noqa: SIM110  # a generator would take twice as long
        if type(text) is str and not text.isascii() and _SURROGATE.search(text):
            return False
    return True


@cache
def _shape_of(kind: type[Checked]) -> _Shape:
    fields = schema_fields(kind).values()
    parts = {field.key: tuple(alternatives(field.type)) for field in fields}
    has_documents = any(_documents_in(part) is not None for each in parts.values() for part in each)
    return _Shape(
        parts=parts,
        times=tuple(key for key, each in parts.items() if datetime in each),
        is_simple=(
            len(required_names(kind)) == len(fields)
            and not has_documents
            and not any(timedelta in each for each in parts.values())
            and kind.__struct_config__.forbid_unknown_fields
        ),
        has_rules=kind.usual is not Checked.usual,
        layouts={},
    )


@cache
def keys_of_documents(kind: type[Checked]) -> tuple[str, ...]:
    """Return the keys of the fields that are documents or have documents in them."""
    parts = _shape_of(kind).parts
    return tuple(key for key, each in parts.items() if any(_documents_in(part) is not None for part in each))


def _new_layout(kind: type[Checked], shape: _Shape, keys: tuple[str, ...]) -> _Layout | None:
    names = {field.key: field.name for field in schema_fields(kind).values()}
    known = [key for key in keys if key in names]
    unknown = tuple(key for key in keys if key not in names)
    layout = None
    if not unknown or (kind.keeps_unknown and all(type(key) is str for key in unknown) and _are_texts(unknown)):
        within = [(key, found) for key in known for part in shape.parts[key] if (found := _documents_in(part))]
        layout = _Layout(
            origin=origin_of(kind, frozenset(names[key] for key in known)),
            unknown=unknown,
            times=tuple(key for key in known if key in shape.times),
            spans=tuple(key for key in known if timedelta in shape.parts[key]),
            nested=tuple((names[key], key) for key, (container, _) in within if container is None),
            lists=tuple((names[key], key, item) for key, (container, item) in within if container is tuple),
            maps=tuple((names[key], key) for key, (container, _) in within if container is Mapping),
        )
    if len(keys) <= _MOST_KEYS:
        if len(shape.layouts) >= _MOST_LAYOUTS:
            shape.layouts.clear()
        shape.layouts[keys] = layout
    return layout


def _documents_in(part: object) -> tuple[type | None, type[Checked]] | None:
    """Return the container and the kind of the documents that a type allows; without a container it is a document."""
    container = get_origin(part)
    item = get_args(part)[0] if container is tuple else get_args(part)[1] if container is Mapping else part
    for kind in alternatives(item):
        if isinstance(kind, type) and issubclass(kind, Checked):
            return container, kind
    return None

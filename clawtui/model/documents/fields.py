"""Read an invalid document field by field: what is valid stands, the rest keeps its raw value.

A field that cannot be understood is not set. Its raw value is among the document's unknown keys, under its name on
disk, so that it is shown and survives every save. Its attribute is the raw text if the field is text, else None, an
empty collection, or an object without values; `Document.knows` says which fields are from the file.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeVar, get_args, get_origin

from clawtui.model.checked.markers import may_be_unknown
from clawtui.model.checked.reading import from_plain, refused
from clawtui.model.checked.struct import alternatives, constructed, schema_fields
from clawtui.model.documents.base import Document, FieldFault, raw_text
from clawtui.model.documents.validation_text import explain_fault, place_of
from clawtui.model.text.cleaning import clean

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

D = TypeVar("D", bound=Document)

MAX_FAULTS = 1000
"""The most faults of one document that are kept."""


class FieldForm(NamedTuple):
    """What the annotation of a field allows."""

    types: tuple[type, ...]
    """The plain types, without None."""
    optional: bool
    document: type[Document] | None
    """The class of an object."""
    item: type[Document] | None
    """The class of the objects in a list."""


class _Unreadable(NamedTuple):
    """A field that was not understood."""

    stand_in: object
    essential: bool
    """Whether the document is useless without it."""


def faults_of(errors: Sequence[ErrorDetails]) -> tuple[FieldFault, ...]:
    """Return the faults that pydantic reported, each with its place."""
    return tuple(
        FieldFault(
            clean(place_of(fault["loc"])),
            clean(explain_fault(fault)),
            "" if fault["type"] == "missing" else clean(raw_text(fault["input"])),
        )
        for fault in errors[:MAX_FAULTS]
    )


def faults_in(kind: type[Document], value: object) -> tuple[FieldFault, ...]:
    """Return all faults of ``value`` as a document; empty if it is valid."""
    try:
        from_plain(kind, value)
    except refused() as error:
        return faults_of(error.errors(include_url=False))
    return ()


def read_by_field(kind: type[D], value: object) -> D | None:
    """Return the fields of ``value`` that are valid; None if it is no object or no field is valid.

    It is also None if a field is invalid that the document is useless without, such as its version.
    """
    if not isinstance(value, dict):
        return None
    document = _read(kind, value)
    return document if document is not None and document.present - {"version"} else None


def _read(kind: type[D], value: Mapping[str, object]) -> D | None:
    fields = schema_fields(kind)
    known = {field.key for field in fields.values()}
    extra = {key: item for key, item in value.items() if key not in known}
    values: dict[str, Any] = {}
    found = set()
    for name, field in fields.items():
        if field.key not in value and not field.required:
            values[name] = field.default_value()
            continue
        is_there = field.key in value
        outcome = _read_field(kind, name, value[field.key]) if is_there else _unreadable(kind, name, None, ())
        if not isinstance(outcome, _Unreadable):
            values[name] = outcome
            found.add(name)
        elif outcome.essential:
            return None
        else:
            values[name] = outcome.stand_in
            if is_there:
                extra[field.key] = value[field.key]
    return constructed(kind, values, frozenset(found), extra)


def _read_field(kind: type[Document], name: str, raw: object) -> object:
    """Return the value of one field, or `_Unreadable`."""
    from clawtui.model.checked.judge import judged_field

    try:
        return judged_field(kind, name, raw)
    except refused():
        pass
    form = form_of(kind, name)
    if form.document is not None and isinstance(raw, dict):
        document: Document | None = _read(form.document, raw)
        return document if document is not None else _unreadable(kind, name, raw, ())
    if form.item is not None and isinstance(raw, list):
        items = [_read_item(form.item, item) for item in raw]
        readable = tuple(item for item in items if item is not None)
        return readable if len(readable) == len(items) else _unreadable(kind, name, raw, readable)
    if _fits(raw, form.types):
        return raw
    return _unreadable(kind, name, raw, ())


def _read_item(kind: type[D], raw: object) -> D | None:
    try:
        return from_plain(kind, raw)
    except refused():
        return _read(kind, raw) if isinstance(raw, dict) else None


def _fits(raw: object, types: tuple[type, ...]) -> bool:
    """Return whether ``raw`` is of the type, and only out of the bounds that the design sets."""
    if isinstance(raw, str):
        return str in types
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        return False
    allowed = float in types or (int in types and isinstance(raw, int))
    return allowed and abs(raw) <= 10**308 and math.isfinite(raw)


def _unreadable(kind: type[Document], name: str, raw: object, readable: tuple[Document, ...]) -> _Unreadable:
    """Return the stand-in of a field; a required field whose type has none is essential."""
    form = form_of(kind, name)
    if form.optional:
        return _Unreadable(None, essential=False)
    if form.document is not None:
        return _Unreadable(_blank(form.document), essential=False)
    if str in form.types:
        return _Unreadable("" if raw is None else raw_text(raw), essential=False)
    if tuple in form.types:
        return _Unreadable(readable, essential=False)
    if Mapping in form.types:
        return _Unreadable({}, essential=False)
    return _Unreadable(None, essential=True)


def _blank(kind: type[Document]) -> Document:
    """Return an object in which nothing is known."""
    values: dict[str, Any] = {name: _unreadable(kind, name, None, ()).stand_in for name in schema_fields(kind)}
    return constructed(kind, values, frozenset())


@cache
def form_of(kind: type[Document], name: str) -> FieldForm:
    """Return what the annotation of a field allows."""
    annotation = schema_fields(kind)[name].type
    parts = list(alternatives(annotation))
    types = tuple(part for part in parts if isinstance(part, type) and part is not type(None))
    document = next((part for part in types if issubclass(part, Document)), None)
    item = None
    for part in parts:
        if get_origin(part) is tuple:
            inner = next(alternatives(get_args(part)[0]))
            item = inner if isinstance(inner, type) and issubclass(inner, Document) else None
            types += (tuple,)
        elif isinstance(origin := get_origin(part), type) and issubclass(origin, Mapping):
            types += (Mapping,)
        elif get_origin(part) is Literal and all(isinstance(choice, str) for choice in get_args(part)):
            types += (str,)
    return FieldForm(types, type(None) in parts or may_be_unknown(annotation), document, item)


class ReadByField(Document):
    """A document whose valid fields are used if others are invalid."""

    @classmethod
    def salvage(cls, value: object, faults: Sequence[ErrorDetails]) -> Any:
        """Return the document without the fields that are invalid; None if nothing useful is left."""
        return None if any(not fault["loc"] for fault in faults) else read_by_field(cls, value)

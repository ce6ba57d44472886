"""Read a document with pydantic, which judges every form that a file can have and names all faults.

This module is imported where content is not usual (``usual``): pydantic takes a fifth of a short command to load.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, cast, get_args, get_origin

from msgspec import NODEFAULT, Meta
from pydantic import ConfigDict, Field, GetCoreSchemaHandler, TypeAdapter
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from clawtui.model.checked.struct import Checked, DocumentField, Refusal, constructed, schema_fields

C = TypeVar("C", bound=Checked)

_MESSAGES = {"too_many": "has too many", "needs": "needs {what}"}
_BOUNDS = ("ge", "gt", "le", "lt", "min_length", "max_length")


def judged(kind: type[C], raw: object, *, by_name: bool = False) -> C:
    """Return ``raw`` as a document, by its names on disk and, with ``by_name``, those in Python.

    Raises pydantic's ValidationError with all faults.
    """
    return cast("C", _judge_of(kind, by_name).validate_python(raw, by_alias=True, by_name=by_name))


def judged_json(kind: type[C], text: str | bytes) -> C:
    """Return the document that a JSON text has. Raises pydantic's ValidationError with all faults."""
    return cast("C", _judge_of(kind, False).validate_json(text, by_alias=True, by_name=False))


def judged_field(kind: type[Checked], name: str, raw: object) -> object:
    """Return the value of one field. Raises pydantic's ValidationError with all faults."""
    return _judge_of_field(kind, name).validate_python(raw, by_alias=True, by_name=False)


@cache
def _judge_of(kind: type[Checked], by_name: bool) -> TypeAdapter[Any]:
    # pydantic 2.11 takes no heed of the ``by_name`` of one call.
    return TypeAdapter(kind, config=ConfigDict(populate_by_name=True) if by_name else None)


@cache
def _judge_of_field(kind: type[Checked], name: str) -> TypeAdapter[Any]:
    return TypeAdapter(_for_pydantic(schema_fields(kind)[name].type))


def schema_of(kind: type[Checked], handler: GetCoreSchemaHandler) -> CoreSchema:
    """Return the schema of a kind of documents, which also accepts a document of it."""
    fields = core_schema.model_fields_schema(
        {
            name: core_schema.model_field(_schema_of_field(field, handler), validation_alias=field.key)
            for name, field in schema_fields(kind).items()
        },
        model_name=kind.__name__,
        extra_behavior="allow" if kind.keeps_unknown else "forbid",
    )
    return core_schema.no_info_wrap_validator_function(partial(_made, kind), fields)


def _schema_of_field(field: DocumentField, handler: GetCoreSchemaHandler) -> CoreSchema:
    schema = handler.generate_schema(_for_pydantic(field.type))
    if field.default_factory is not NODEFAULT:
        return core_schema.with_default_schema(schema, default_factory=field.default_factory)
    return schema if field.required else core_schema.with_default_schema(schema, default=field.default)


def _made(kind: type[C], raw: object, read: core_schema.ValidatorFunctionWrapHandler) -> C:
    if isinstance(raw, kind):
        return raw
    _require(kind.refusal_of(raw))
    values: dict[str, object]
    unknown: Mapping[str, object] | None
    found: set[str]
    values, unknown, found = read(raw)
    document = constructed(kind, values, _present(kind, raw, unknown or {}, found), unknown)
    _require(document.refusal())
    return document


def _present(kind: type[Checked], raw: Any, unknown: Mapping[str, object], found: set[str]) -> frozenset[str]:
    """Return the fields that were set. ``found`` has the unknown keys too, and one may be the name of a field."""
    fields = schema_fields(kind)
    return frozenset(name for name in found if name in fields and (name not in unknown or fields[name].key in raw))


def _require(refusal: Refusal | None) -> None:
    if refusal is not None:
        raise PydanticCustomError(cast("Any", refusal.type), cast("Any", _MESSAGES[refusal.type]), refusal.context)


def _for_pydantic(annotation: Any) -> Any:
    """Return an annotation with the bounds of msgspec as those of pydantic; they are the same."""
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        inner, *marks = parts
        return Annotated[(_for_pydantic(inner), *(_bounds(mark) if isinstance(mark, Meta) else mark for mark in marks))]
    if origin in (Union, UnionType):
        return Union[tuple(map(_for_pydantic, parts))]  # noqa: UP007  # of any number of types
    if origin is not None and isinstance(origin, type) and parts:
        return origin[tuple(part if part is Ellipsis else _for_pydantic(part) for part in parts)]  # type: ignore[index]
    return annotation


def _bounds(meta: Meta) -> Any:
    return Field(**{name: bound for name in _BOUNDS if (bound := getattr(meta, name)) is not None})

"""The base class of all documents, and the field types that they share."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from types import UnionType
from typing import Annotated, ClassVar, Literal, NamedTuple, Self, TypeVar, Union, get_args, get_origin

from msgspec import Struct
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, GetCoreSchemaHandler, Strict
from pydantic.alias_generators import to_camel
from pydantic_core import CoreSchema, ErrorDetails, core_schema

from clawtui.model.text.units import EARLIEST, LATEST, format_timestamp

T = TypeVar("T")

MAX_TIMELINE = 1000
"""The most milestones that a timeline keeps; the oldest are dropped."""


class Document(BaseModel):
    """A JSON object of the design: frozen, camelCase on disk, with every unknown key kept (errata 15)."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        frozen=True,
        extra="allow",
        alias_generator=to_camel,
        populate_by_name=True,
        allow_inf_nan=False,
        # A kind that is not read is not built: each takes about 2 ms of the start.
        defer_build=True,
    )

    @property
    def unknown(self) -> Mapping[str, object]:
        """The keys that the schema does not have, as they were read."""
        return self.model_extra or {}

    def knows(self, name: str) -> bool:
        """Return whether the field, by its name in Python, is valid in the file or has its default.

        The raw value of a field that is not valid is among the unknown keys (`fields.read_by_field`).
        """
        unknown = self.model_extra
        return not unknown or name in self.model_fields_set or self._alias(name) not in unknown

    def raw_text(self, name: str) -> str | None:
        """Return the raw value of a field that was not understood, as text; None if the file does not have it."""
        unknown = self.model_extra
        if not unknown or name in self.model_fields_set:
            return None
        alias = self._alias(name)
        return raw_text(unknown[alias]) if alias in unknown else None

    @classmethod
    def _alias(cls, name: str) -> str:
        return cls.model_fields[name].alias or name

    @classmethod
    def salvage(cls, value: object, faults: Sequence[ErrorDetails]) -> Self | None:
        """Return a document from an invalid ``value`` if part of it is useful; None for most kinds."""
        return None


class NotNull(Struct, frozen=True, eq=False):
    """A marker of a field's type that refuses null: None stands only for a value that was not understood."""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        assert get_origin(source) in (Union, UnionType)
        return handler(next(part for part in get_args(source) if part is not type(None)))


Known = Annotated[T | None, NotNull()]
"""A field that has a value in each valid document; None if it was not understood (`fields.read_by_field`)."""


class OneOf(Struct, frozen=True, eq=False):
    """A marker of text that must be one of ``choices``; another text is kept as it is where a file is read."""

    choices: tuple[str, ...]

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.literal_schema(list(self.choices))


class Expected(Struct, frozen=True, eq=False):
    """A marker of a field's type that replaces all faults of ``schema`` by one: ``must be`` and ``expected``."""

    expected: str
    schema: CoreSchema

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.custom_error_schema(
            self.schema,
            custom_error_type="expected",
            custom_error_message="must be {expected}",
            custom_error_context={"expected": self.expected},
        )


def _timestamp_schema() -> CoreSchema:
    """Return the schema of a time in ISO 8601 with a zone; a number or a date alone is refused.

    The usual forms are checked inside pydantic-core: a Python validator would cost more than the rest of the
    document if a configuration has a hundred runs. Python's own parser reads the rarer forms, such as ``+05``.
    """
    text = text_like(r"^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d")
    instant = core_schema.datetime_schema(tz_constraint="aware", ge=EARLIEST, le=LATEST)
    rarer = core_schema.chain_schema([core_schema.no_info_plain_validator_function(datetime.fromisoformat), instant])
    written = core_schema.chain_schema([text, core_schema.union_schema([instant, rarer], mode="left_to_right")])
    made = core_schema.datetime_schema(strict=True, tz_constraint="aware", ge=EARLIEST, le=LATEST)
    return core_schema.json_or_python_schema(
        json_schema=written,
        python_schema=core_schema.union_schema([written, made], mode="left_to_right"),
        serialization=core_schema.plain_serializer_function_ser_schema(format_timestamp),
    )


def text_like(pattern: str) -> CoreSchema:
    """Return a schema of text that matches ``pattern``, a regular expression of Rust's ``regex`` crate."""
    return core_schema.str_schema(strict=True, pattern=pattern)


_MAX_NUMBER = 10**308
"""Beyond about this a number is Infinity in JavaScript, and Python refuses to write its digits."""

_INTEGER = core_schema.int_schema(strict=True, ge=-_MAX_NUMBER, le=_MAX_NUMBER)
_INTEGRAL = core_schema.chain_schema([core_schema.float_schema(strict=True), core_schema.int_schema()])
_DECIMAL = core_schema.float_schema(strict=True, allow_inf_nan=False)

_WHOLE = core_schema.union_schema([_INTEGER, _INTEGRAL], mode="left_to_right")
_NUMBER = core_schema.union_schema([_INTEGER, _DECIMAL], mode="left_to_right")
_ONE = core_schema.chain_schema([_WHOLE, core_schema.literal_schema([1])])

Timestamp = Annotated[datetime, Expected("a time with its zone such as 2025-01-26T10:30:00Z", _timestamp_schema())]
"""An instant, always with its zone; written as the gateway writes it (errata 14)."""

Flag = Annotated[bool, Strict()]
Whole = Annotated[int, Expected("a whole number", _WHOLE)]
"""zod's ``number().int()``: never text, never true or false; ``3.0`` is a whole number, as in JavaScript."""

Number = Annotated[int | float, Expected("a number", _NUMBER)]
"""zod's ``number()``: never text, never true or false, and a whole number stays whole."""

Version = Annotated[Literal[1], Expected("1", _ONE)]
"""The only version so far; a document without a version has this one (errata 17)."""

Identifier = Annotated[str, Expected("lower-case letters, digits and hyphens", text_like(r"^[a-z0-9-]+$"))]

_LOCAL_PART = r"(?:[A-Za-z0-9_'+-]+\.)*[A-Za-z0-9_'+-]*[A-Za-z0-9_+-]"
_DOMAIN = r"(?:[A-Za-z0-9][A-Za-z0-9-]*\.)+[A-Za-z]{2,}"
Email = Annotated[str, Expected("an e-mail address", text_like(f"^{_LOCAL_PART}@{_DOMAIN}$"))]
"""zod's ``string().email()``."""


def utf16_length(text: str) -> int:
    """Return the length of ``text`` in UTF-16 code units, as JavaScript counts: most emoji are two."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


Concurrency = Annotated[Number, Field(ge=1, le=10)]
"""How many runs at once: the design's bounds for ``maxConcurrent`` and ``maxSlots``."""

NullIsEmpty = BeforeValidator(lambda value: {} if value is None else value)
NullIsEmptyList = BeforeValidator(lambda value: [] if value is None else value)
"""For objects and lists that may be ``null`` instead of empty."""

RunStatus = Literal["success", "partial", "failed", "cancelled"]
LogLevel = Literal["debug", "info", "warn", "error"]


class Stamp(NamedTuple):
    """The version of a file, from its status: two versions differ in at least one field."""

    device: int
    inode: int
    size: int
    mtime_ns: int


class Problem(NamedTuple):
    """A file or directory that cannot be read, and why."""

    path: str
    """Relative to ``automations/``, with ``/`` between."""
    message: str
    partial: bool = False
    """Whether only some fields were not understood, and the rest of the file is in use."""


class FieldFault(NamedTuple):
    """A field that was not understood."""

    place: str
    """``lastRun.status``; empty for the whole document."""
    message: str
    """The place and what is wrong, one cleaned line."""
    raw: str
    """The value as text, cleaned; empty if it is missing."""

    @property
    def key(self) -> tuple[str, str]:
        """The same for one fault before and after an entry was added to the list that it is in."""
        return (re.sub(r"\[\d+\]", "[]", self.place), self.raw)


SHOWN_RAW = 200
"""The most characters of a raw value that are shown."""


def raw_text(value: object) -> str:
    """Return a raw value as text: text as it is, all else as JSON, shortened."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= SHOWN_RAW else f"{text[: SHOWN_RAW - 1]}…"


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""A time before any run, as a sort key."""

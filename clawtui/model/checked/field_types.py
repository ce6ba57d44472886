"""The types of fields that several kinds of documents share.

msgspec reads the narrow form that is usual, as the `msgspec.Meta` says, and pydantic the wide one of the marker. For
pydantic a marker replaces all that stands before it in an annotation.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Final, Literal

from msgspec import Meta

from clawtui.model.checked.markers import Bounds, Expected, InsteadOfNull, Judged
from clawtui.model.text.units import EARLIEST, LATEST, format_timestamp

if TYPE_CHECKING:
    from pydantic_core import CoreSchema


def _timestamp_schema() -> CoreSchema:
    """Return the schema of a time in ISO 8601 with a zone; a number or a date alone is refused.

    The usual forms are checked inside pydantic-core. Python's own parser reads the rarer forms, such as ``+05``.
    """
    from pydantic_core import core_schema

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
    from pydantic_core import core_schema

    return core_schema.str_schema(strict=True, pattern=pattern)


_MAX_NUMBER: Final = 10**308
"""Beyond about this a number is Infinity in JavaScript, and Python refuses to write its digits."""


def _integer_schema() -> CoreSchema:
    from pydantic_core import core_schema

    return core_schema.int_schema(strict=True, ge=-_MAX_NUMBER, le=_MAX_NUMBER)


def _whole_schema() -> CoreSchema:
    from pydantic_core import core_schema

    integral = core_schema.chain_schema([core_schema.float_schema(strict=True), core_schema.int_schema()])
    return core_schema.union_schema([_integer_schema(), integral], mode="left_to_right")


def _number_schema() -> CoreSchema:
    from pydantic_core import core_schema

    decimal = core_schema.float_schema(strict=True, allow_inf_nan=False)
    return core_schema.union_schema([_integer_schema(), decimal], mode="left_to_right")


def _one_schema() -> CoreSchema:
    from pydantic_core import core_schema

    return core_schema.chain_schema([_whole_schema(), core_schema.literal_schema([1])])


def _flag_schema() -> CoreSchema:
    from pydantic_core import core_schema

    return core_schema.bool_schema(strict=True)


Timestamp = Annotated[
    datetime, Meta(tz=True), Expected("a time with its zone such as 2025-01-26T10:30:00Z", _timestamp_schema)
]
"""An instant, always with its zone; written as the gateway writes it (errata 14)."""

Flag = Annotated[bool, Judged(_flag_schema)]

_EXACT: Final = 2**53
"""The largest whole number up to which a float is exact."""
_within = Meta(ge=-_EXACT, le=_EXACT)

IsNumber = Expected("a number", _number_schema)
Number = Annotated[Annotated[int, _within] | Annotated[float, _within], IsNumber]
"""zod's ``number()``: never text, never true or false, and a whole number stays whole."""

IsWhole = Expected("a whole number", _whole_schema)
"""zod's ``number().int()``: never text, never true or false; ``3.0`` is a whole number, as in JavaScript."""
Positive = Annotated[int, Meta(gt=0, le=_EXACT), IsWhole, Bounds(gt=0)]

Version = Annotated[Literal[1], Expected("1", _one_schema)]
"""The only version so far; a document without a version has this one (errata 17)."""

Identifier = Annotated[
    str,
    Meta(pattern=r"^[a-z0-9-]+\Z"),
    Expected("lower-case letters, digits and hyphens", lambda: text_like(r"^[a-z0-9-]+$")),
]

_LOCAL_PART = r"(?:[A-Za-z0-9_'+-]+\.)*[A-Za-z0-9_'+-]*[A-Za-z0-9_+-]"
_DOMAIN = r"(?:[A-Za-z0-9][A-Za-z0-9-]*\.)+[A-Za-z]{2,}"
Email = Annotated[
    str,
    Meta(pattern=r"^[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@(?:[A-Za-z0-9][A-Za-z0-9-]*\.)+[A-Za-z]{2,}\Z"),
    Expected("an e-mail address", lambda: text_like(f"^{_LOCAL_PART}@{_DOMAIN}$")),
]
"""zod's ``string().email()``."""

_slots = Meta(ge=1, le=10)
Concurrency = Annotated[Annotated[int, _slots] | Annotated[float, _slots], IsNumber, Bounds(ge=1, le=10)]
"""How many runs at once: the design's bounds for ``maxConcurrent`` and ``maxSlots``."""


def _no_keys() -> Mapping[str, object]:
    return {}


NullIsEmpty = InsteadOfNull(_no_keys)
NullIsEmptyList = InsteadOfNull(tuple)
"""For objects and lists that may be ``null`` instead of empty."""


def utf16_length(text: str) -> int:
    """Return the length of ``text`` in UTF-16 code units, as JavaScript counts: most emoji are two."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2

"""Markers in the annotations of documents' fields, for what msgspec does not know. Each makes a schema of pydantic.

The bounds in a `msgspec.Meta` are for both; ``judge`` translates them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, TypeVar, get_args, get_origin

from msgspec import Struct

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler
    from pydantic_core import CoreSchema

T = TypeVar("T")


class NotNull(Struct, frozen=True, eq=False):
    """A marker of a field's type that is None only where its value was not understood."""


if TYPE_CHECKING:
    Known = Annotated[T | None, NotNull()]
else:
    Known = Annotated[T, NotNull()]
"""A field that has a value in each valid document; None if it was not understood (`fields.read_by_field`)."""


class Judged(Struct, frozen=True, eq=False):
    """A marker of a field's type whose values pydantic judges by ``schema``."""

    schema: Callable[[], CoreSchema]

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return self.schema()


class Expected(Struct, frozen=True, eq=False):
    """A marker of a field's type that replaces all faults of ``schema`` by one: ``must be`` and ``expected``."""

    expected: str
    schema: Callable[[], CoreSchema]

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        from pydantic_core import core_schema

        return core_schema.custom_error_schema(
            self.schema(),
            custom_error_type="expected",
            custom_error_message="must be {expected}",
            custom_error_context={"expected": self.expected},
        )


class Bounds(Struct, frozen=True, eq=False):
    """A marker of a number's type with the bounds that pydantic checks; those of msgspec may be narrower."""

    ge: int | None = None
    gt: int | None = None
    le: int | None = None

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        from pydantic_core import core_schema

        return core_schema.no_info_after_validator_function(self._checked, handler(source))

    def _checked(self, number: float) -> float:
        from pydantic_core import PydanticKnownError

        if self.ge is not None and number < self.ge:
            raise PydanticKnownError("greater_than_equal", {"ge": self.ge})
        if self.gt is not None and number <= self.gt:
            raise PydanticKnownError("greater_than", {"gt": self.gt})
        if self.le is not None and number > self.le:
            raise PydanticKnownError("less_than_equal", {"le": self.le})
        return number


class InsteadOfNull(Struct, frozen=True, eq=False):
    """A marker of a field's type that takes null for what ``empty`` returns."""

    empty: Callable[[], object]

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        from pydantic_core import core_schema

        def without_null(value: object) -> object:
            return self.empty() if value is None else value

        return core_schema.no_info_before_validator_function(without_null, handler(source))


class Checks(Struct, frozen=True, eq=False):
    """A marker of a field's type whose value ``check`` accepts, or refuses with an error of pydantic.

    msgspec does not call it: `Checked.usual` has to decide.
    """

    check: Callable[[object], object]

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        from pydantic_core import core_schema

        return core_schema.no_info_after_validator_function(self.check, handler(source))


def may_be_unknown(annotation: object) -> bool:
    """Return whether a field is `Known`: None stands for a value that was not understood."""
    return get_origin(annotation) is Annotated and any(isinstance(mark, NotNull) for mark in get_args(annotation)[1:])

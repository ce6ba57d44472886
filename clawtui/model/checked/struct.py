"""The base of all documents: a frozen `Struct` that is checked when it is made, and knows what its file had.

Usual content is read by msgspec (``usual``), all else by pydantic (``judge``), which takes long to load. Both work from
the annotations of the fields.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from types import UnionType
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    ClassVar,
    NamedTuple,
    Self,
    TypeVar,
    Union,
    dataclass_transform,
    get_args,
    get_origin,
    get_type_hints,
)

from msgspec import NODEFAULT, Struct, StructMeta, field
from msgspec.structs import fields as struct_fields
from msgspec.structs import force_setattr, replace

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler
    from pydantic_core import CoreSchema

_ORIGIN = "_origin"


class Origin:
    """What a file had besides the values of the fields, and what was wrong with it.

    Two of them are equal if the unknown keys and the faults are.
    """

    __slots__ = ("invalid", "present", "unknown")

    def __init__(
        self, present: frozenset[str], unknown: Mapping[str, object], invalid: Mapping[str, str] | None = None
    ) -> None:
        self.present = present
        """The fields that were set, by their names in Python."""
        self.unknown = unknown
        """The keys that the schema does not have, and the raw values of fields that were not understood."""
        self.invalid = invalid or {}
        """Why fields have a stand-in, by their names in Python; only for kinds that record it."""

    def __eq__(self, other: object) -> bool:
        if other is None:  # a document without an origin has all that is required, and nothing else
            return not self.unknown and not self.invalid
        if not isinstance(other, Origin):
            return NotImplemented
        return self.unknown == other.unknown and self.invalid == other.invalid

    def __hash__(self) -> int:
        return hash(None)

    def __repr__(self) -> str:
        return f"Origin({set(self.present)}, {self.unknown}, {self.invalid})"


class _CheckedMeta(StructMeta):
    """The type of the documents' classes: a call of a class checks the fields, as the reading of a file does."""

    if not TYPE_CHECKING:

        def __new__(mcls, name, bases, namespace, **config):
            # Unlike the other options it is not inherited, and a field with a default stands where the design has it.
            return super().__new__(mcls, name, bases, namespace, **{"kw_only": True, **config})

        def __call__(cls, **fields):  # noqa: N805  # it is a metaclass
            from clawtui.model.checked.reading import made

            return made(cls, fields)


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(field,))
class Checked(Struct, metaclass=_CheckedMeta, frozen=True, kw_only=True):
    """A frozen value whose fields are checked when it is made; it knows which of them were set.

    Unlike a call of the class, `changed` and the functions of ``msgspec.structs`` check nothing.
    """

    keeps_unknown: ClassVar[bool] = False
    """Whether unknown keys are kept; else they are refused."""

    if TYPE_CHECKING:  # it is no argument of the class

        @property
        def _origin(self) -> Origin | None: ...

    else:
        _origin: Origin = field(default=None, name="(origin)")  # no file can have one: not even null is one
        """None if exactly the required fields were set."""

    @property
    def present(self) -> frozenset[str]:
        """The fields that were set, by their names in Python."""
        return required_names(type(self)) if self._origin is None else self._origin.present

    @property
    def unknown(self) -> Mapping[str, object]:
        """The keys that the schema does not have, as they were read."""
        return {} if self._origin is None else self._origin.unknown

    def changed(self, **values: Any) -> Self:
        """Return a copy with other values, which are not checked."""
        present = self.present.union(values)
        origin = self._origin
        if origin is None or not (origin.unknown or origin.invalid):
            return replace(self, **values, _origin=origin_of(type(self), present))
        return replace(self, **values, _origin=Origin(present, origin.unknown, origin.invalid))

    def __reduce__(self) -> tuple[Any, ...]:  # a copy or a pickled document is not checked again
        values = {name: getattr(self, name) for name in schema_fields(type(self))}
        origin = self._origin
        return constructed, (type(self), values, self.present, self.unknown, origin.invalid if origin else {})

    def usual(self) -> bool:
        """Return whether pydantic would refuse none of these values; for rules that msgspec cannot express."""
        return True

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        from clawtui.model.checked.judge import schema_of

        return schema_of(cls, handler)

    @classmethod
    def refusal_of(cls, raw: object) -> Refusal | None:
        """Return why ``raw`` is refused as a whole, before its fields are looked at; None for most."""
        return None

    def refusal(self) -> Refusal | None:
        """Return why the whole is refused though each field is valid; None for most."""
        return None


C = TypeVar("C", bound=Checked)


class Refusal(NamedTuple):
    """A fault of a whole document, in the form of pydantic's errors."""

    type: str
    """A key of the phrases in ``validation_text``."""
    context: dict[str, object]


class DocumentField(NamedTuple):
    """A field of a kind of documents."""

    name: str
    """In Python."""
    key: str
    """In the file."""
    type: Any
    """The annotation."""
    required: bool
    default: Any
    """``msgspec.NODEFAULT`` if it is required or made by ``default_factory``."""
    default_factory: Any
    """``msgspec.NODEFAULT`` if there is none."""

    def default_value(self) -> Any:
        """Return the value of the field where it is absent; it must not be required."""
        return self.default if self.default_factory is NODEFAULT else self.default_factory()


@cache
def schema_fields(kind: type[Checked]) -> Mapping[str, DocumentField]:
    """Return the fields of a kind in their order, by their names in Python."""
    hints = get_type_hints(kind, include_extras=True)
    return {
        each.name: DocumentField(
            each.name, each.encode_name, hints[each.name], each.required, each.default, each.default_factory
        )
        for each in struct_fields(kind)
        if each.name != _ORIGIN
    }


@cache
def required_names(kind: type[Checked]) -> frozenset[str]:
    """Return the fields that a kind requires, by their names in Python."""
    names, defaults = kind.__struct_fields__, kind.__struct_defaults__
    optional = len(names) - len(defaults)
    return frozenset(name for at, name in enumerate(names) if at < optional or defaults[at - optional] is NODEFAULT)


@cache
def origin_of(kind: type[Checked], present: frozenset[str]) -> Origin | None:
    """Return the origin of the documents of a kind that have these fields and no unknown keys: one for all of them."""
    return None if present == required_names(kind) else Origin(present, {})


def constructed(
    kind: type[C],
    values: Mapping[str, object],
    present: frozenset[str],
    unknown: Mapping[str, object] | None = None,
    invalid: Mapping[str, str] | None = None,
) -> C:
    """Return a document with these values by their names in Python, without a check."""
    document: C = StructMeta.__call__(kind, **values)
    with_origin(document, Origin(present, unknown or {}, invalid) if unknown or invalid else origin_of(kind, present))
    return document


def with_origin(document: Checked, origin: Origin | None) -> None:
    """Set the origin of a document that was just made and that no other code has."""
    force_setattr(document, _ORIGIN, origin)


def alternatives(annotation: Any) -> Iterator[Any]:
    """Yield the alternatives of a type, without what `Annotated` adds."""
    if get_origin(annotation) is Annotated:
        yield from alternatives(get_args(annotation)[0])
    elif get_origin(annotation) in (Union, UnionType):
        for part in get_args(annotation):
            yield from alternatives(part)
    else:
        yield annotation

"""The base class of all documents, and the small values about documents."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar, Literal, NamedTuple, Self

from clawtui.model.checked.struct import Checked, schema_fields

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

MAX_TIMELINE = 1000
"""The most milestones that a timeline keeps; the oldest are dropped."""


class Document(Checked, rename="camel"):
    """A JSON object of the design: frozen, camelCase on disk, with every unknown key kept (errata 15)."""

    keeps_unknown: ClassVar[bool] = True

    def knows(self, name: str) -> bool:
        """Return whether the field, by its name in Python, is valid in the file or has its default.

        The raw value of a field that is not valid is among the unknown keys (`fields.read_by_field`).
        """
        unknown = self.unknown
        return not unknown or name in self.present or schema_fields(type(self))[name].key not in unknown

    def raw_text(self, name: str) -> str | None:
        """Return the raw value of a field that was not understood, as text; None if the file does not have it."""
        unknown = self.unknown
        if not unknown or name in self.present:
            return None
        key = schema_fields(type(self))[name].key
        return raw_text(unknown[key]) if key in unknown else None

    @classmethod
    def salvage(cls, value: object, faults: Sequence[ErrorDetails]) -> Self | None:
        """Return a document from an invalid ``value`` if part of it is useful; None for most kinds."""
        return None


RunStatus = Literal["success", "partial", "failed", "cancelled"]
LogLevel = Literal["debug", "info", "warn", "error"]

if TYPE_CHECKING:  # another text is kept as it is where a file is read field by field
    AnyRunStatus = str
    AnyLogLevel = str
else:
    AnyRunStatus, AnyLogLevel = RunStatus, LogLevel


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

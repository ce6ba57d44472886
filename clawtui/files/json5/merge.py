"""What a document becomes when it is saved over an older one: its keys, and its text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pydantic_core import PydanticSerializationError

from clawtui.files.json5.diff import Change, applied
from clawtui.files.json5.document import Malformed, validate
from clawtui.files.json5.edit import CannotEdit, edit
from clawtui.files.json5.serialize import plain, render
from clawtui.files.json5.source import SourceText
from clawtui.model.documents.base import Document
from clawtui.model.errors import Invalid

Fields = Mapping[str, object]


class Revision(NamedTuple):
    """A text with changes made."""

    text: str
    whole: bool
    """It could not be edited and was written anew: comments and layout are lost."""


def fields_of(document: Document) -> dict[str, object]:
    """What ``document`` says, under the names on disk; what was never set is not said.

    Raises Invalid where it holds what no document can; whether it fits its schema is not looked at.
    """
    try:
        dumped = document.model_dump(by_alias=True, exclude_unset=True, warnings=False)
    except PydanticSerializationError as error:
        raise Invalid(f"holds what no document can hold: {error}") from error
    # An unknown key that is called as a field is in Python, last_run beside lastRun, is left out by pydantic.
    return {str(key): plain(value) for key, value in {**dumped, **document.unknown}.items()}


def read_fields(kind: type[Document], raw: object) -> dict[str, object]:
    """What a file says, in the form of ``fields_of``, so that only what means something else differs.

    What is no such document is taken as it stands.
    """
    try:
        return fields_of(validate(kind, raw))
    except Malformed:
        return {str(key): value for key, value in raw.items()} if isinstance(raw, dict) else {}


def merge(document: Document, old: Fields) -> dict[str, object]:
    """``document`` on top of ``old``: keys that the design does not name survive, a None takes its key away.

    The gateway's schemas know no null, so a None that nobody changed is left as it is and none is ever written; where
    they know a version they ask for it, so it is written where the document names none (errata 17).
    """
    known = {field.alias or name for name, field in type(document).model_fields.items()}
    fields = ({"version": 1} if "version" in known else {}) | fields_of(document)
    merged = {key: value for key, value in old.items() if key in fields or key not in known} | fields
    return {key: value for key, value in merged.items() if value is not None or key not in known or _is_null(old, key)}


def _is_null(fields: Fields, key: str) -> bool:
    return key in fields and fields[key] is None


def revise(source: SourceText, changes: Sequence[Change]) -> Revision:
    """Return the text with ``changes`` made: edited where that is safe, else written whole in its dialect.

    Raises Invalid where no document can hold the outcome.
    """
    try:
        return Revision(edit(source, changes), whole=False)
    except CannotEdit:
        written = render(applied(source.value, changes), source.dialect)
        return Revision(written + ("\n" if source.text.endswith("\n") else ""), whole=True)

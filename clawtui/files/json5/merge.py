"""The merge of a document with the older one that it is saved over: its keys, and its text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from clawtui.files.json5.diff import Change, applied
from clawtui.files.json5.document import Malformed, read_value
from clawtui.files.json5.edit import CannotEdit, SourceText, edit
from clawtui.files.json5.serialize import dumped, plain, render
from clawtui.model.checked.struct import schema_fields
from clawtui.model.documents.base import Document
from clawtui.model.errors import Invalid

Fields = Mapping[str, object]


class Revision(NamedTuple):
    """A text with changes made."""

    text: str
    whole: bool
    """Whether it could not be edited and was written as a whole, without its comments and layout."""


def fields_of(document: Document) -> dict[str, object]:
    """Return the fields of ``document`` by their names on disk, without fields that were never set.

    A field that was not understood has its raw value. Raises Invalid if the document contains a value that JSON cannot
    hold; its schema is not checked.
    """
    try:
        return {str(key): plain(value) for key, value in dumped(document).items()}
    except (ValueError, OverflowError, RecursionError) as error:
        raise Invalid(f"holds what no document can hold: {error}") from error


def read_fields(kind: type[Document], raw: object) -> dict[str, object]:
    """Return the content of a file in the form of ``fields_of``, so that only real differences are found.

    An object of which no part is a valid document is returned unchanged.
    """
    try:
        return fields_of(read_value(kind, raw)[0])
    except Malformed:
        return {str(key): value for key, value in raw.items()} if isinstance(raw, dict) else {}


def merge(document: Document, old: Fields) -> dict[str, object]:
    """Return ``document`` merged over ``old``: keys that the design does not name are kept, and a None removes its key.

    The gateway's schemas have no null, so an unchanged null is left as it is and no new one is written. If they have a
    version they require it, so it is written if the document has none (errata 17).
    """
    known = {field.key for field in schema_fields(type(document)).values()}
    fields = ({"version": 1} if "version" in known else {}) | fields_of(document)
    merged = {key: value for key, value in old.items() if key in fields or key not in known} | fields
    return {key: value for key, value in merged.items() if value is not None or key not in known or _is_null(old, key)}


def _is_null(fields: Fields, key: str) -> bool:
    return key in fields and fields[key] is None


def revise(source: SourceText, changes: Sequence[Change]) -> Revision:
    """Return the text with ``changes`` made: edited if that is safe, else written as a whole in its dialect.

    Raises Invalid if JSON cannot hold the outcome.
    """
    try:
        return Revision(edit(source, changes), whole=False)
    except CannotEdit:
        written = render(applied(source.value, changes), source.dialect)
        return Revision(written + ("\n" if source.text.endswith("\n") else ""), whole=True)

"""Read documents: JSON5 becomes a frozen value or a problem (errata 2, 11)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TypeVar

import pyjson5

from clawtui.files.fs.links import read_followed
from clawtui.files.fs.reading import MAX_DOCUMENT, read_bytes
from clawtui.files.json5.errors import explain_json5
from clawtui.model.checked.reading import from_plain, refused
from clawtui.model.documents.base import Document, FieldFault, Problem, Stamp
from clawtui.model.documents.fields import ReadByField, faults_of
from clawtui.model.documents.validation_text import explain
from clawtui.model.errors import ClawtuiError, Unreadable
from clawtui.model.fleet import Reading
from clawtui.model.text.cleaning import replace_lone_surrogates

DocumentT = TypeVar("DocumentT", bound=Document)

MAX_DEPTH = 100
"""The most levels of nesting that a document may have."""


class Malformed(Unreadable):
    """The file was read and is not a valid document. A writer may be at work, so it may be valid a moment later."""


def parse_json5(data: bytes) -> object:
    """Return the value of a document.

    Raises Malformed with the reason and, if known, the line and column.
    """
    return parse_text(decode_text(data).removeprefix("\ufeff"))


def decode_text(data: bytes) -> str:
    """Return the text of a document, with the byte order mark that it may have. Raises Malformed."""
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise Malformed(f"is not UTF-8 at byte {error.start}") from error


def parse_text(text: str) -> object:
    """Return the value of a document's text. Raises Malformed as ``parse_json5`` does."""
    if not text.strip():
        raise Malformed("is empty")
    try:
        return _decode(text)
    except pyjson5.Json5DecoderException as error:
        raise Malformed(f"is not JSON5: {explain_json5(error, text)}") from error


def _decode(text: str) -> object:
    """Parse ``text``; if the parser refuses it, parse it again with lone surrogates replaced, which are rare."""
    try:
        value: object = pyjson5.decode(text, maxdepth=MAX_DEPTH)
    except pyjson5.Json5DecoderException:
        replaced = replace_lone_surrogates(text)
        if replaced == text:
            raise
        value = pyjson5.decode(replaced, maxdepth=MAX_DEPTH)
    return value


def validate(kind: type[DocumentT], value: object) -> DocumentT:
    """Return ``value`` as a document, by its names on disk only. Raises Malformed with the place of the fault."""
    try:
        return from_plain(kind, value)
    except refused() as error:
        raise Malformed(explain(error)) from error


def parse_document(data: bytes, kind: type[DocumentT]) -> DocumentT:
    """Return the document in ``data``, or the useful part of an invalid one if its kind allows that (``salvage``).

    Raises Malformed if it is not JSON5 or not such a document.
    """
    return read_value(kind, parse_json5(data))[0]


def read_value(kind: type[DocumentT], value: object) -> tuple[DocumentT, tuple[FieldFault, ...]]:
    """Return a document, or the useful part of an invalid one, and the fields of it that were not understood.

    The fields are looked at one by one only if the whole is invalid. Raises Malformed if no part is useful.
    """
    try:
        return from_plain(kind, value), ()
    except refused() as error:
        faults = error.errors(include_url=False)
        salvaged = kind.salvage(value, faults)
        if salvaged is None:
            raise Malformed(explain(error)) from error
        # A lock knows its faults itself: its verdict depends on them.
        return salvaged, faults_of(faults) if isinstance(salvaged, ReadByField) else ()


def validate_change(kind: type[DocumentT], value: object, old: object) -> tuple[DocumentT, tuple[FieldFault, ...]]:
    """Return ``value`` as a document, and the faults that ``old``, the content before the change, has too.

    What is written must be valid; only fields that were not understood before may stay as they are. Raises Malformed
    with the first fault that is new.
    """
    try:
        return validate(kind, value), ()
    except Malformed:
        if not issubclass(kind, ReadByField) or not isinstance(old, dict):
            raise
        before = {fault.key for fault in read_value(kind, old)[1]}
        document, faults = read_value(kind, value)
        new = next((fault for fault in faults if fault.key not in before), None)
        if new is not None:
            raise Malformed(new.message) from None
        return document, faults


def load_document(
    base: Path, relative: str, kind: type[DocumentT], limit: int = MAX_DOCUMENT
) -> tuple[DocumentT, Stamp]:
    """Return the document at ``relative`` and the version that was read.

    Raises Malformed if it is not JSON5 or not such a document, and as ``read_bytes`` does.
    """
    data, stamp = read_bytes(base, relative, limit)
    return parse_document(data, kind), stamp


def read_document(
    base: Path, relative: str, kind: type[DocumentT], limit: int = MAX_DOCUMENT
) -> Reading[DocumentT] | None:
    """Return the document, or the problem with its file, as a reading; None if there is no such file."""
    try:
        data, stamp = read_followed(base, relative, limit)
    except FileNotFoundError:
        return None
    except ClawtuiError as error:
        return Reading(relative, None, Problem(relative, error.reason), None)
    return reading_of(relative, data, stamp, kind)


def reading_of(relative: str, data: bytes, stamp: Stamp, kind: type[DocumentT]) -> Reading[DocumentT]:
    """Return the document in ``data``, the content of the file at ``relative``, or the problem with it."""
    try:
        value, faults = read_value(kind, parse_json5(data))
    except ClawtuiError as error:
        return Reading(relative, None, Problem(relative, error.reason), None)
    return Reading(sys.intern(relative), value, None, stamp, faults)

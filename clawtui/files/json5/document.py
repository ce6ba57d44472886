"""Read documents: JSON5 becomes a frozen value or a problem (errata 2, 11)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TypeVar

import pyjson5
from pydantic import ValidationError

from clawtui.files.fs.reading import MAX_DOCUMENT, read_bytes
from clawtui.files.json5.errors import explain_json5
from clawtui.model.documents.base import Document, Problem, Stamp
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
        return kind.model_validate(value, by_alias=True, by_name=False)
    except ValidationError as error:
        raise Malformed(explain(error)) from error


def parse_document(data: bytes, kind: type[DocumentT]) -> DocumentT:
    """Return the document in ``data``, or the useful part of an invalid one if its kind allows that (``salvage``).

    Raises Malformed if it is not JSON5 or not such a document.
    """
    value = parse_json5(data)
    try:
        return kind.model_validate(value, by_alias=True, by_name=False)
    except ValidationError as error:
        salvaged = kind.salvage(value, error.errors(include_url=False))
        if salvaged is None:
            raise Malformed(explain(error)) from error
        return salvaged


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
        value, stamp = load_document(base, relative, kind, limit)
    except FileNotFoundError:
        return None
    except ClawtuiError as error:
        return Reading(relative, None, Problem(relative, error.reason), None)
    return Reading(sys.intern(relative), value, None, stamp)

"""Write values as the text of a document, in one dialect or another (errata 2)."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import datetime

from clawtui.files.json5.dialect import Dialect, quote_text, write_key
from clawtui.model.checked.struct import schema_fields
from clawtui.model.documents.base import Document
from clawtui.model.errors import Invalid
from clawtui.model.text.units import format_timestamp


def plain(value: object) -> object:
    """Return ``value`` as dicts, lists, texts and numbers; a number without a fraction is whole, as in JavaScript.

    Raises Invalid for anything else.
    """
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    if value is None or isinstance(value, str | int | float):
        return value
    raise Invalid(f"holds a {type(value).__name__}, which no document can hold")


def render(value: object, dialect: Dialect, *, base_indent: str = "", one_line: bool = False) -> str:
    """Return ``value`` as a text; its further lines begin with ``base_indent``.

    Raises Invalid for a value that JSON cannot hold.
    """
    indent = None if one_line or not dialect.indent else dialect.indent
    try:
        plainly = plain(value)
        if dialect.strict and not (indent is None and dialect.padding):
            separators = (dialect.comma, dialect.colon) if indent is None else (",", dialect.colon)
            text = json.dumps(plainly, ensure_ascii=False, indent=indent, separators=separators)
        else:
            text = _write_json5(plainly, dialect, indent)
        text.encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise Invalid(f"holds what no document can hold: {error}") from error
    return text.replace("\n", dialect.newline + base_indent)


def _write_json5(value: object, dialect: Dialect, indent: str | None) -> str:
    """Return ``value`` in ``dialect``, on one line where ``indent`` is None; its newlines are ``\\n``.

    The result is that of the gateway: by the ``json5`` library's encoder, with texts and keys as ``JSON5.stringify``
    writes them.
    """
    import json5  # takes as long to load as a hundred documents to read, and only a write needs it

    class Encoder(json5.JSON5Encoder):
        def encode(self, obj: object, seen: set[int], level: int, *, as_key: bool) -> str:
            if isinstance(obj, str):
                return write_key(obj, dialect) if as_key else quote_text(obj, dialect.quote)
            text = super().encode(obj, seen, level, as_key=as_key)
            if self.indent is None and isinstance(obj, dict) and obj:
                return f"{{{dialect.padding}{text[1:-1]}{dialect.padding}}}"
            return text

    separators = (dialect.comma if indent is None else ",", dialect.colon)
    encoder = Encoder(indent=indent, separators=separators, trailing_commas=dialect.trailing_commas)
    return encoder.encode(value, set(), 0, as_key=False)


def to_json(value: object, indent: int | None = None) -> bytes:
    """Return ``value`` as JSON, on one line without ``indent``; a number that is not finite becomes null."""
    try:
        return _encode(value, indent)
    except ValueError:
        return _encode(_finite(value), indent)


def _encode(value: object, indent: int | None) -> bytes:
    separators = (",", ":") if indent is None else None
    text = json.dumps(value, ensure_ascii=False, indent=indent, separators=separators, allow_nan=False)
    try:
        return text.encode()
    except UnicodeEncodeError:  # half a surrogate pair can only be written as an escape
        return json.dumps(value, indent=indent, separators=separators).encode()


def _finite(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _finite(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def to_plain(document: Document) -> dict[str, object]:
    """Return the fields that were set in ``document`` by their names on disk, without known keys that are None.

    A field that was not understood has its raw value.
    """
    plain = dumped(document)
    _leave_out_absent(document, plain)
    return plain


def dumped(document: Document) -> dict[str, object]:
    """Return the fields that were set in ``document`` by their names on disk, and its unknown keys, at each depth."""
    present = document.present
    fields = schema_fields(type(document)).values()
    plain = {field.key: _dumped(getattr(document, field.name)) for field in fields if field.name in present}
    return plain | {key: value for key, value in document.unknown.items() if key not in plain}


def shown_fields(document: Document) -> object:
    """Return what `dumped` does, for JSON that is shown: a number that is not finite becomes null."""
    return _finite(dumped(document))


def _dumped(value: object) -> object:
    if isinstance(value, Document):
        return dumped(value)
    if isinstance(value, datetime):
        return format_timestamp(value)
    if isinstance(value, tuple):
        return list(map(_dumped, value))
    return {key: _dumped(part) for key, part in value.items()} if isinstance(value, dict) else value


def _leave_out_absent(document: Document, plain: dict[str, object]) -> None:
    for name, field in schema_fields(type(document)).items():
        value = getattr(document, name)
        below = plain.get(field.key)
        if value is None and document.knows(name):
            plain.pop(field.key, None)
        elif isinstance(value, Document) and isinstance(below, dict):
            _leave_out_absent(value, below)

"""Values as the text of a document, in one dialect or another (errata 2)."""

from __future__ import annotations

import json
from collections.abc import Mapping

from clawtui.storage.dialect import Dialect
from clawtui.storage.errors import Invalid


def plain(value: object) -> object:
    """``value`` of dicts, lists, texts and numbers alone; a number without a fraction is whole, as in JavaScript.

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
    """``value`` as a text; its further lines begin with ``base_indent``.

    Raises Invalid for what no document can hold.
    """
    indent = None if one_line or not dialect.indent else dialect.indent
    try:
        plainly = plain(value)
        if dialect.strict and not (indent is None and dialect.padding):
            separators = (dialect.comma, dialect.colon) if indent is None else (",", dialect.colon)
            text = json.dumps(plainly, ensure_ascii=False, indent=indent, separators=separators)
        else:
            from clawtui.storage.json5_writer import write_json5

            text = write_json5(plainly, dialect, indent)
        text.encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise Invalid(f"holds what no document can hold: {error}") from error
    return text.replace("\n", dialect.newline + base_indent)

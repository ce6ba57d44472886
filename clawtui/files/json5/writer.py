"""JSON5 as the gateway writes it: the ``json5`` library's encoder, with the texts and keys of ``JSON5.stringify``.

Imported only where something is written: the library takes as long to load as a hundred documents to read.
"""

from __future__ import annotations

import json5

from clawtui.files.json5.dialect import Dialect, quote_text, write_key


def write_json5(value: object, dialect: Dialect, indent: str | None) -> str:
    """``value`` in ``dialect``, on one line where ``indent`` is None; its newlines are ``\\n``."""
    encoder = _Encoder(
        indent=indent,
        separators=(dialect.comma if indent is None else ",", dialect.colon),
        trailing_commas=dialect.trailing_commas,
    )
    encoder.dialect = dialect
    return encoder.encode(value, set(), 0, as_key=False)


class _Encoder(json5.JSON5Encoder):
    dialect: Dialect

    def encode(self, obj: object, seen: set[int], level: int, *, as_key: bool) -> str:
        if isinstance(obj, str):
            return write_key(obj, self.dialect) if as_key else quote_text(obj, self.dialect.quote)
        text = super().encode(obj, seen, level, as_key=as_key)
        if self.indent is None and isinstance(obj, dict) and obj:
            return f"{{{self.dialect.padding}{text[1:-1]}{self.dialect.padding}}}"
        return text

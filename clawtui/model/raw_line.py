"""A line of a log as it stands in the file."""

from __future__ import annotations

from typing import NamedTuple


class RawLine(NamedTuple):
    """One complete line."""

    start: int
    """Its offset in the log."""
    end: int
    """Where the next one starts."""
    text: bytes
    """Without its newline; of a very long line the beginning and a mark."""

    def decoded(self) -> str:
        """As text; bytes that are no UTF-8 become surrogates, which the cleaning door makes visible."""
        return self.text.decode("utf-8", "surrogateescape")

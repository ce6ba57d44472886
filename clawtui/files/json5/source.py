"""The text of a document with what was parsed out of it, so that one read of a file is parsed once."""

from __future__ import annotations

from functools import cached_property

from clawtui.files.json5.dialect import JSON, Dialect, dialect_of
from clawtui.files.json5.document import decode_text, parse_text
from clawtui.files.json5.tree import Node, NotUnderstood, read_tree


class SourceText:
    """A JSON5 text, its value, and where in it each value stands."""

    def __init__(self, text: str) -> None:
        """Parse ``text``, which may begin with a byte order mark. Raises Malformed where it is not JSON5."""
        self.text = text
        self.value = parse_text(text.removeprefix("\ufeff"))

    @classmethod
    def from_bytes(cls, data: bytes) -> SourceText:
        """Parse the content of a file. Raises Malformed where it is not JSON5 in UTF-8."""
        return cls(decode_text(data))

    @cached_property
    def tree(self) -> Node:
        """The positions of all values. Raises NotUnderstood where the text has a form that is not foreseen."""
        return read_tree(self.text)

    @property
    def dialect(self) -> Dialect:
        """The dialect that the text is written in; the gateway's JSON where it gives no hint."""
        try:
            return dialect_of(self.text, self.tree)
        except NotUnderstood:
            return JSON

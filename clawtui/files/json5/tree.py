"""The positions of all values in a JSON5 text. The values are parsed by pyjson5, which has accepted the text."""

from __future__ import annotations

from typing import NamedTuple

import pyjson5
from msgspec import Struct

from clawtui.model.text.cleaning import replace_lone_surrogates
from clawtui.model.text.lazy_pattern import lazy_pattern

_GAP = lazy_pattern(
    r"(?:[\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]++"
    r"|//[^\n\r\u2028\u2029]*+|/\*[\s\S]*?\*/)*+"
)
"""White space and comments."""
_STRING = lazy_pattern(r"'(?:[^'\\\n\r]|\\\r\n|\\[\s\S])*+'" r'|"(?:[^"\\\n\r]|\\\r\n|\\[\s\S])*+"')
_WORD = lazy_pattern(r"[^\s\ufeff,:\[\]{}'\"/]++")
_CLOSERS = {"{": "}", "[": "]"}


class NotUnderstood(Exception):
    """The text has a form that this module does not handle."""


class Part(NamedTuple):
    """A member of an object, or an item of a list."""

    key: str | None
    """None for an item."""
    start: int
    """The offset of the key, or of the item."""
    value: Node
    comma: int | None
    """The offset of the comma after it; only the last part may have none."""

    @property
    def end(self) -> int:
        """The offset after its value."""
        return self.value.end


class Node(Struct, frozen=True):
    """One value, from its first character to after its last."""

    start: int
    end: int
    parts: tuple[Part, ...] | None = None
    """The parts of an object or a list; None for any other value."""

    def member(self, key: str) -> Part | None:
        """Return the member of that key; where the text has several, the last one, which is the one that counts."""
        return next((part for part in reversed(self.parts or ()) if part.key == key), None)


def read_tree(text: str) -> Node:
    """Return the positions of all values. Raises NotUnderstood if the text has a form that is not handled here."""
    scanner = _Scanner(text)
    scanner.skip_gap()
    root = scanner.read_value()
    scanner.skip_gap()
    if scanner.at != len(text):
        raise NotUnderstood(f"something follows the document at offset {scanner.at}")
    return root


class _Scanner:
    """A scanner of a text, with its current position."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def skip_gap(self) -> None:
        match = _GAP.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def read_value(self) -> Node:
        start = self.at
        opener = self.text[start : start + 1]
        if opener in _CLOSERS:
            parts = self._read_parts(is_object=opener == "{", closer=_CLOSERS[opener])
            return Node(start, self.at, parts)
        self._skip_token()
        return Node(start, self.at)

    def _skip_token(self) -> str:
        match = _STRING.match(self.text, self.at) or _WORD.match(self.text, self.at)
        if match is None:
            raise NotUnderstood(f"neither a value nor a key at offset {self.at}")
        self.at = match.end()
        return match.group()

    def _read_parts(self, is_object: bool, closer: str) -> tuple[Part, ...]:
        parts: list[Part] = []
        self.at += 1
        self.skip_gap()
        while not self._take(closer):
            if parts and parts[-1].comma is None:
                raise NotUnderstood(f"no comma at offset {self.at}")
            start = self.at
            key = self._read_key() if is_object else None
            value = self.read_value()
            self.skip_gap()
            comma = self.at - 1 if self._take(",") else None
            parts.append(Part(key, start, value, comma))
            self.skip_gap()
        return tuple(parts)

    def _take(self, character: str) -> bool:
        found = self.text.startswith(character, self.at)
        self.at += found
        return found

    def _read_key(self) -> str:
        written = self._skip_token()
        self.skip_gap()
        if not self._take(":"):
            raise NotUnderstood(f"no colon at offset {self.at}")
        self.skip_gap()
        return _key_of(written)


def _key_of(written: str) -> str:
    if "\\" not in written:
        return written[1:-1] if written[0] in "'\"" else written
    (key,) = pyjson5.decode(f"{{{replace_lone_surrogates(written)}:0}}")
    return str(key)

"""The style of a document's text: the gateway's JSON, its JSON5, or that of a person who edited it (errata 2)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from clawtui.model.text.lazy_pattern import lazy_pattern

if TYPE_CHECKING:
    from clawtui.files.json5.tree import Node, Part

_BARE_KEY = lazy_pattern(r"[A-Za-z_$][A-Za-z0-9_$]*")
"""Keys that need no quotes for any reader; beyond ASCII that depends on the reader's version of Unicode."""
_ESCAPES = {
    "\\": "\\\\",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\v": "\\v",
    "\0": "\\0",
    "\u2028": "\\u2028",
    "\u2029": "\\u2029",
}
_ESCAPED = lazy_pattern(r"[\\\x00-\x1f\u2028\u2029]")


class Dialect(Struct, frozen=True):
    """The style of one document."""

    bare_keys: bool
    """Whether keys that need no quotes have none."""
    quote: str
    """The quote around texts that contain no quotes themselves."""
    trailing_commas: bool
    indent: str = "  "
    """The indentation of one level; empty if everything is on one line."""
    newline: str = "\n"
    colon: str = ": "
    comma: str = ", "
    """Between parts on one line."""
    padding: str = ""
    """Inside the brackets of an object on one line."""

    @property
    def strict(self) -> bool:
        """Whether it is plain JSON."""
        return not self.bare_keys and self.quote == '"' and not self.trailing_commas


JSON = Dialect(bare_keys=False, quote='"', trailing_commas=False)
"""``JSON.stringify(x, null, 2)``: all documents except the automations."""
JSON5 = Dialect(bare_keys=True, quote="'", trailing_commas=True)
"""``JSON5.stringify(x, null, 2)``: the automations."""


def write_key(key: str, dialect: Dialect) -> str:
    """Return ``key`` as it is written before a colon."""
    return key if dialect.bare_keys and _BARE_KEY.fullmatch(key) else quote_text(key, dialect.quote)


def quote_text(text: str, preferred: str) -> str:
    """Return ``text`` in quotes: double ones as in JSON, or single ones unless double ones need fewer escapes."""
    if preferred == '"':
        return json.dumps(text, ensure_ascii=False)
    quote = "'" if text.count("'") <= text.count('"') else '"'
    return quote + _ESCAPED.sub(_escape, text).replace(quote, "\\" + quote) + quote


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    if character == "\0" and match.string[match.end() : match.end() + 1] in tuple("0123456789"):
        return "\\x00"
    return _ESCAPES.get(character) or f"\\x{ord(character):02x}"


def dialect_of(text: str, root: Node) -> Dialect:
    """Return the dialect that ``text`` is written in; ``root`` is its tree."""
    containers = list(_containers(root))
    parts = [part for node in containers for part in node.parts or ()]
    keys = [text[part.start] for part in parts if part.key is not None]
    bare_keys = any(first not in "'\"" for first in keys)
    quotes = _chosen_quotes(text, parts) or [first for first in keys if first in "'\""]
    single = quotes.count("'") * 2 > len(quotes) if quotes else bare_keys
    one_line = [node for node in containers if not is_broken(text, node)]
    tight = any(text[part.value.start - 1] == ":" for part in parts)
    behind_commas = [text[comma + 1] for comma in _inner_commas(one_line)]
    return Dialect(
        bare_keys=bare_keys,
        quote="'" if single else '"',
        trailing_commas=any(node.parts[-1].comma is not None for node in containers if node.parts),
        indent=_indent_of(text, root),
        newline="\r\n" if "\r\n" in text else "\n",
        colon=":" if tight else ": ",
        comma="," if (" " not in behind_commas if behind_commas else tight) else ", ",
        padding=" " if any(text[node.start : node.start + 2] == "{ " for node in one_line) else "",
    )


def is_broken(text: str, node: Node) -> bool:
    """Return whether the parts of an object or list are on lines of their own."""
    inside = text[node.start : node.end]
    if not node.parts:
        return "\n" in inside
    return "\n" in text[node.start : node.parts[0].start] or "\n" in text[node.parts[-1].end : node.end]


def line_indent(text: str, offset: int) -> str:
    """Return the white space that the line begins with."""
    line = text[text.rfind("\n", 0, offset) + 1 : offset]
    return line[: len(line) - len(line.lstrip(" \t"))]


def _indent_of(text: str, root: Node) -> str:
    if not root.parts:
        return JSON.indent
    if not is_broken(text, root):
        return ""
    return line_indent(text, root.parts[0].start).removeprefix(line_indent(text, root.start)) or JSON.indent


def _chosen_quotes(text: str, parts: list[Part]) -> list[str]:
    """Return the quotes of all texts that contain none themselves; for other texts the style does not decide."""
    values = [text[part.value.start : part.value.end] for part in parts]
    return [value[0] for value in values if value[0] in "'\"" and not set("'\"") & set(value[1:-1])]


def _containers(node: Node) -> Iterator[Node]:
    if node.parts is not None:
        yield node
        for part in node.parts:
            yield from _containers(part.value)


def _inner_commas(containers: list[Node]) -> Iterator[int]:
    for node in containers:
        for part in (node.parts or ())[:-1]:
            if part.comma is not None:
                yield part.comma

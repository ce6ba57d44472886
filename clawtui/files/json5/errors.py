"""Explanations why a text is not JSON5, with line and column, in plain words."""

from __future__ import annotations

import re

import pyjson5

from clawtui.model.text.lazy_pattern import lazy_pattern

_UNCLOSED = lazy_pattern(r"Unclosed b'([^']+)' starting near (\d+)")
_EXPECTED = lazy_pattern(r"Expected (.+) near (\d+), found U\+([0-9a-f]+)", re.IGNORECASE)
_EXTRA = lazy_pattern(r"Extra data U\+([0-9a-f]+) near (\d+)", re.IGNORECASE)
_STRAY = lazy_pattern(r"Stray b'([^']+)' near (\d+)")
_DEEP = lazy_pattern(r"Maximum nesting level exceeded near (\d+)")
_TOKEN = lazy_pattern(r"b'([^']+)'|U\+([0-9a-f]+)", re.IGNORECASE)

_WORDS = {
    "object": "object",
    "array": "list",
    "string": "text",
    "comment": "comment",
    "number": "number",
    "NumericLiteral": "number",
    "literal": "word",
    "colon": "a colon",
    "comma": "a comma",
    "JSON5Value": "a value",
    "IdentifierStart": "a key",
    "hexadecimal character": "a hexadecimal digit",
    "escape sequence": "an escape sequence",
}


def explain_json5(error: pyjson5.Json5DecoderException, text: str) -> str:
    """Return the parser's complaint about ``text`` as one phrase: ``expects a colon, not “1”, at line 3, column 5``."""
    message = str(error.args[0]) if error.args else ""
    if match := _UNCLOSED.match(message):
        thing = _WORDS.get(match[1], match[1]).removeprefix("an ").removeprefix("a ")
        return f"the {thing} that begins at {_place(text, int(match[2]) - 1)} is not complete"
    if match := _EXPECTED.match(message):
        found = chr(int(match[3], 16))
        return f"expects {_tokens(match[1])}, not {_shown(found)}, at {_place(text, _find(text, found, match[2]))}"
    if match := _EXTRA.match(message):
        found = chr(int(match[1], 16))
        return f"goes on with {_shown(found)} after its end, at {_place(text, _find(text, found, match[2]))}"
    if match := _STRAY.match(message):
        return f"has {_WORDS.get(match[1], match[1])} too many at {_place(text, int(match[2]) - 1)}"
    if _DEEP.match(message):
        return "is nested too deeply"
    return "holds no value" if message.startswith("No JSON data") else message.rstrip(".").lower()


def _find(text: str, found: str, near: str) -> int:
    """Return the offset of the unexpected character: the parser gives the beginning of the token, or one before it."""
    start = max(0, int(near) - 1)
    return max(start, text.find(found, start))


def _place(text: str, offset: int) -> str:
    before = text[:offset]
    return f"line {before.count(chr(10)) + 1}, column {offset - (before.rfind(chr(10)) + 1) + 1}"


def _tokens(expected: str) -> str:
    names = [
        _WORDS.get(name, name) if name else _shown(chr(int(point, 16))) for name, point in _TOKEN.findall(expected)
    ]
    return " or ".join(names) or expected


def _shown(character: str) -> str:
    return f"“{character}”" if character.isprintable() else f"character U+{ord(character):04X}"

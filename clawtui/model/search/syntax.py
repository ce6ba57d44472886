"""The parts of a regular expression, as far as the search needs them.

RE2 parses the expression; this module only distinguishes literal letters from escapes, classes and group names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

from clawtui.model.text.lazy_pattern import lazy_pattern

Kind = Literal["literal", "escape", "class", "group", "close", "branch", "repeat", "other"]


class Token(NamedTuple):
    """One part of an expression."""

    kind: Kind
    source: str
    """The part as it is written in the expression."""
    text: str = ""
    """The literal text that it represents; for a class its literal members. Empty for all other parts."""


_PROPERTY = r"\\[pP](?:\{[^}]*\}|.)?"
_CODE = r"\\x(?:\{(?P<wide>[0-9A-Fa-f]{1,6})\}|(?P<hex>[0-9A-Fa-f]{2}))"
_ESCAPED = r"\\(?P<escaped>\W|[^\x00-\x7f])"
_TOKEN: Final = lazy_pattern(
    rf"""
      \\Q(?P<quoted>.*?)(?:\\E|$)
    | (?P<property>{_PROPERTY})
    | {_CODE}
    | {_ESCAPED}
    | (?P<escape>\\(?:[0-9]{{1,3}}|u[0-9A-Fa-f]{{4}}|U[0-9A-Fa-f]{{8}}|N\{{[^}}]*\}}|.))
    | (?P<group>\((?:\?(?:P?<[^>]*>|[A-Za-z-]*[:)]))?)
    | (?P<class>\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\])
    | (?P<repeat>(?:[*+?]|\{{[0-9]*(?:,[0-9]*)?\}})[?+]?)
    | (?P<close>\))
    | (?P<branch>\|)
    | (?P<other>[.^$\\\[])
    | (?P<literal>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_MEMBER: Final = lazy_pattern(
    rf"(?P<named>\[:\^?\w+:\])|(?P<property>{_PROPERTY})|{_CODE}|{_ESCAPED}|(?P<escape>\\.)|(?P<literal>.)", re.DOTALL
)

_KINDS: Final[dict[str, Kind]] = {
    "escape": "escape",
    "group": "group",
    "repeat": "repeat",
    "close": "close",
    "branch": "branch",
}


def tokens(source: str) -> Iterator[Token]:
    """Yield the parts of an expression; for a malformed one the parts are arbitrary, and no error is raised."""
    for match in _TOKEN.finditer(source):
        kind, text = match.lastgroup, match[0]
        if kind == "class":
            yield Token("class", text, "".join(_character(member) for member in _MEMBER.finditer(text[1:-1])))
        elif kind == "quoted":
            yield from (Token("literal", re.escape(character), character) for character in match["quoted"])
        elif kind in ("literal", "escaped", "hex", "wide"):
            yield Token("literal", text, _character(match))
        elif kind == "property":
            yield Token("escape", text)
        else:
            yield Token(_KINDS.get(kind or "", "other"), text)


def has_upper_case(source: str) -> bool:
    """Return whether a literal letter is upper case; those in ``\\S``, ``\\pL`` and group names do not count."""
    return any(token.text != token.text.lower() for token in tokens(source))


_CLASSES: Final = {
    "\\w": r"\pL\pN_",
    "\\d": r"\p{Nd}",
    "\\D": r"\P{Nd}",
    "\\s": r"\s\v\x1c-\x1f\x{85}\pZ",
}
"""RE2's expressions for the classes of Python's `re`; RE2's own classes contain only ASCII."""
_ALONE: Final = {
    "\\w": "[" + _CLASSES["\\w"] + "]",
    "\\W": "[^" + _CLASSES["\\w"] + "]",
    "\\d": _CLASSES["\\d"],
    "\\D": _CLASSES["\\D"],
    "\\s": "[" + _CLASSES["\\s"] + "]",
    "\\S": "[^" + _CLASSES["\\s"] + "]",
    "\\A": "^",
    "\\Z": "$",
    "\\z": "$",
}


def for_lines(source: str) -> str:
    """Return the expression in the form with which RE2 searches many lines at once, each as a text of its own.

    ``\\w``, ``\\d`` and ``\\s`` and their complements become classes of Unicode, except ``\\W`` and ``\\S`` within
    brackets; ``\\b`` knows only ASCII words. The ends of a text become those of a line, independent of flags.
    """
    return "".join(_for_lines(token) for token in tokens(source))


def _for_lines(token: Token) -> str:
    if token.kind == "escape":
        return _ALONE.get(token.source, token.source)
    if token.kind == "class":
        members = _MEMBER.finditer(token.source[1:-1])
        return f"[{''.join(_CLASSES.get(member[0], member[0]) for member in members)}]"
    if token.kind == "group" and "-" in token.source and "<" not in token.source:
        flags, _, without = token.source.partition("-")
        kept = without.replace("m", "")
        return {"(?)": "(?:)"}.get(joined := f"{flags}{'-' if len(kept) > 1 else ''}{kept}", joined)
    return token.source


def _character(match: re.Match[str]) -> str:
    """Return the character that a literal part represents; empty for any other part."""
    if match.lastgroup in ("hex", "wide"):
        code = int(match[match.lastgroup], 16)
        return chr(code) if code <= 0x10FFFF else ""
    return match[match.lastgroup] if match.lastgroup in ("literal", "escaped") else ""

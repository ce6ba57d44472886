"""Filters by one field of the entries of a log: its level, its phase or its automation.

A filter hides a line only if it understands it. A line that is not a JSON object passes (a stack trace, the message of
a crash, a line that was torn), and so does an entry that does not have the field.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final

from clawtui.model.documents.base import LogLevel
from clawtui.model.documents.log_entry import LEVELS, level_of
from clawtui.model.search.engine import byte_searcher
from clawtui.model.search.line_filter import MAX_LINE_BYTES, LineFilter, line_fields

_USUAL: Final = re.compile(rb'\{(?:"timestamp":"[^"\\]*",)?"level":"([a-z]+)"')
"""The beginning of an entry as the design's own code writes it, from which the level can be read at once."""


@lru_cache(maxsize=8)
def level_filter(lowest: LogLevel) -> LineFilter:
    """Return a filter for lines of the level ``lowest`` and above, in every spelling, and of no known level."""
    hidden = LEVELS[: LEVELS.index(lowest)]
    usually_hidden = frozenset(level.encode() for level in hidden)

    def holds(line: bytes) -> bool:
        if not line or line.isspace():
            return False
        usual = _USUAL.match(line)
        if usual is not None:
            return usual[1] not in usually_hidden or not _is_closed(line)
        return level_of(line_fields(line).get("level")) not in hidden

    return _filter(holds, rb"^(?:%s)|[^}\n]$" % _unlike_usual(sorted(usually_hidden)))


@lru_cache(maxsize=1)
def error_filter() -> LineFilter:
    """Return a filter for lines of the level ``error`` and of no known level, but not the later lines of a stack trace.

    Lines that begin with a space or a tab continue the line before them.
    """
    errors = level_filter("error")
    return LineFilter(lambda line: not line[:1].isspace() and errors.holds(line), errors.searchers)


@lru_cache(maxsize=32)
def field_filter(key: str, value: str) -> LineFilter:
    """Return a filter for lines with ``value`` under ``key``, however it is spelled, and for lines without ``key``.

    A line in which only a nested object has the key is hidden.
    """
    named = json.dumps(key).encode()
    usual = b"%s:%s" % (named, json.dumps(value).encode())

    def holds(line: bytes) -> bool:
        if not line or line.isspace():
            return False
        if usual in line and line.count(b"{") == 1:
            return True
        content = line_fields(line)
        return content.get(key) == value if key in content else not content or named not in line

    text = re.escape(json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    without_key = rb'^[^"\n]*(?:"%s)*$' % _unlike_word(key.encode())
    # A text can be spelled with escapes, each of which has a backslash.
    return _filter(holds, rb"%s|\\|%s|^[^{\n]|[^}\n]$" % (text, without_key))


def _filter(holds: Callable[[bytes], bool], candidates: bytes) -> LineFilter:
    searcher = byte_searcher(candidates)
    return LineFilter(holds, () if searcher is None else (searcher,))


def _is_closed(line: bytes) -> bool:
    """Return whether the line is no torn one, as far as its last character shows; a cut one counts as closed."""
    return len(line) >= MAX_LINE_BYTES or line.rstrip().endswith(b"}")


def _unlike_usual(levels: Sequence[bytes]) -> bytes:
    """Return an expression for beginnings unlike ``{"timestamp":"…","level":"`` with one of ``levels``."""
    level = _unlike(b',"level":"', _unlike_any([level + b'"' for level in levels]))
    return _unlike(b'{"timestamp":"', rb'[^"\\\n]*(?:$|\\|"%s)' % level)


def _unlike(text: bytes, then: bytes) -> bytes:
    """Return an expression for what differs from ``text`` somewhere, or is like it and then matches ``then``."""
    for byte in reversed(text):
        one = re.escape(bytes([byte]))
        then = rb"(?:$|[^%s\n]|%s%s)" % (one, one, then)
    return then


def _unlike_any(words: Sequence[bytes]) -> bytes:
    """Return an expression for what begins with none of ``words``, none of which begins with another."""
    firsts = sorted({word[:1] for word in words})
    parts = [rb"$", rb"[^%s\n]" % re.escape(b"".join(firsts)) if firsts else rb"[^\n]"]
    for first in firsts:
        rest = [word[1:] for word in words if word[:1] == first]
        if all(rest):
            parts.append(re.escape(first) + _unlike_any(rest))
    return b"(?:" + b"|".join(parts) + b")"


def _unlike_word(word: bytes) -> bytes:
    """Return an expression for a text without quotation marks that is not ``word``."""
    expression = rb'[^"\n]+'
    for byte in reversed(word):
        one = re.escape(bytes([byte]))
        expression = rb'(?:|[^"%s\n][^"\n]*|%s%s)' % (one, one, expression)
    return expression

"""Whether a line of a log is wanted, by what it says; and which bytes it must hold for that."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from pydantic_core import from_json

from clawtui.model.search.expression import Expression
from clawtui.model.search.literals import is_literal, required_literals
from clawtui.model.text.cleaning import replace_lone_surrogates


@dataclass(frozen=True, slots=True)
class LineFilter:
    """A test of lines as they stand in the file, without their newlines."""

    holds: Callable[[bytes], bool]
    """Raises TooSlow where an expression takes too long."""
    needles: tuple[bytes, ...] | None = None
    """At least one of these is in every line that it holds for; None where nothing is known."""
    literal: bool = False
    """Whether it holds wherever its one needle is."""

    def admits(self, line: bytes) -> bool:
        """Whether it holds, asked in the cheapest order."""
        return (self.needles is None or any(needle in line for needle in self.needles)) and self.holds(line)

    def and_also(self, other: LineFilter | None) -> LineFilter:
        """Holds where both do."""
        if other is None:
            return self
        first, second = (self, other) if _selective(self) >= _selective(other) else (other, self)
        return LineFilter(lambda line: first.holds(line) and second.holds(line), first.needles)


def _selective(test: LineFilter) -> int:
    """The longer what must be there, the fewer lines have it."""
    return 0 if test.needles is None else min(map(len, test.needles), default=0)


def found(pattern: re.Pattern[str], allowance: float = math.inf) -> LineFilter:
    """The pattern is found in the line, as text; all lines that take long may take ``allowance`` seconds together."""
    literals = required_literals(pattern)
    try:
        needles = None if literals is None else tuple(literal.encode() for literal in literals)
    except UnicodeEncodeError:
        needles = None
    if needles is not None and is_literal(pattern):
        (needle,) = needles
        return LineFilter(lambda line: needle in line, needles, literal=True)
    return LineFilter(_search(pattern, allowance), needles)


def _search(pattern: re.Pattern[str], allowance: float) -> Callable[[bytes], bool]:
    """In a line of ASCII an expression of ASCII finds the same among bytes as in text, and need not decode it."""
    expression = Expression(pattern, allowance=allowance)
    as_text, cheap = expression.is_in, expression.cheap_length
    in_bytes = re.compile(pattern.pattern.encode(), pattern.flags & ~re.UNICODE).search if _is_ascii(pattern) else None

    def holds(line: bytes) -> bool:
        if in_bytes is not None and len(line) <= cheap and line.isascii():
            return in_bytes(line) is not None
        return as_text(line.decode("utf-8", "surrogateescape"))

    return holds


def _is_ascii(pattern: re.Pattern[str]) -> bool:
    """Whether every character that it names is ASCII; those that are spelled with escapes count as others."""
    return pattern.pattern.isascii() and not re.search(r"\\[uUNx0-9]", pattern.pattern) and "(?" not in pattern.pattern


def says(key: str, values: Collection[str]) -> LineFilter:
    """The line is an object that says one of ``values`` under ``key``, however that is spelled."""

    def holds(line: bytes) -> bool:
        value = said(line).get(key)
        return isinstance(value, str) and value in values

    # A text can be spelled with escapes, each of which has a backslash.
    return LineFilter(holds, (*map(_as_json, sorted(values)), b"\\"))


def _as_json(value: str) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


def all_of(tests: Sequence[LineFilter]) -> LineFilter | None:
    """Holds where all do; None where there are none."""
    if not tests:
        return None
    together, *others = tests
    for other in others:
        together = together.and_also(other)
    return together


def said(line: bytes | str) -> dict[str, object]:
    """What a line says, be it an entry or not; nothing where it is no JSON object."""
    text = line if isinstance(line, str) else line.decode("utf-8", "replace")
    try:
        value: object = from_json(text)
    except ValueError:
        try:
            value = from_json(replace_lone_surrogates(text))
        except ValueError:
            return {}
    except TypeError:  # a text with halves of surrogate pairs
        return {}
    return value if isinstance(value, dict) else {}

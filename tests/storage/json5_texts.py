"""Values, and texts as a person writes them: comments anywhere, any quotes, any white space."""

from __future__ import annotations

import json
import random
import re
from dataclasses import dataclass, field

import json5
from hypothesis import strategies as st

Value = object

texts = st.text(max_size=12) | st.sampled_from(
    ["it's", 'say "hi"', "both ' and \"", "\0001", "\u2028", "\\", "a\nb", "//"]
)
keys = st.sampled_from(["id", "enabled", "lastRun", "class", "a-b", "1x", "", "é", "$x", "it's", "__proto__"]) | texts
numbers = st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False)
scalars = st.none() | st.booleans() | numbers | texts
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4), max_leaves=12
)
objects = st.dictionaries(keys, values, max_size=5)

_IDENTIFIER = re.compile(r"[A-Za-z_$][\w$]*", re.ASCII)


@dataclass
class Person:
    """Writes a value in a different form each time, and remembers its comments and the position of each value."""

    hand: random.Random
    comments: list[str] = field(default_factory=list)
    spans: dict[tuple[str | int, ...], tuple[int, int]] = field(default_factory=dict)
    text: str = ""

    def write(self, value: Value) -> str:
        self._gap()
        self._value(value, ())
        self._gap()
        return self.text

    def _gap(self) -> None:
        for _ in range(self.hand.choice([0, 0, 1, 2])):
            kind = self.hand.choice(["space", "space", "line", "block", "slashes"])
            comment = f"c{len(self.comments)}!"
            if kind == "space":
                self.text += self.hand.choice([" ", "\n", "\t", "\r\n", "\n    ", "\u00a0", "\ufeff"])
            elif kind == "line":
                self.text += "\n" + " " * self.hand.choice([0, 2, 4])
            elif kind == "block":
                self.comments.append(f"/* {comment} ' \" {{ */")
                self.text += self.comments[-1]
            else:
                self.comments.append(f"// {comment} ' ] ,")
                self.text += self.comments[-1] + "\n"

    def _value(self, value: Value, path: tuple[str | int, ...]) -> None:
        start = len(self.text)
        if isinstance(value, dict):
            self._parts("{}", [(key, part) for key, part in value.items()], path)
        elif isinstance(value, list):
            self._parts("[]", [(None, part) for part in value], path)
        else:
            self.text += self._quoted(value) if isinstance(value, str) else json.dumps(value)
        self.spans[path] = (start, len(self.text))

    def _parts(self, brackets: str, parts: list[tuple[str | None, Value]], path: tuple[str | int, ...]) -> None:
        self.text += brackets[0]
        self._gap()
        for position, (key, value) in enumerate(parts):
            if key is not None:
                bare = _IDENTIFIER.fullmatch(key) and self.hand.random() < 0.5
                self.text += key if bare else self._quoted(key)
                self._gap()
                self.text += ":"
                self._gap()
            self._value(value, (*path, position if key is None else key))
            self._gap()
            if position < len(parts) - 1 or self.hand.random() < 0.5:
                self.text += ","
                self._gap()
        self.text += brackets[1]

    def _quoted(self, text: str) -> str:
        escaped = json.dumps(text, ensure_ascii=self.hand.random() < 0.5)
        if self.hand.random() < 0.5:
            return escaped
        return "'" + escaped[1:-1].replace('\\"', '"').replace("'", "\\'") + "'"


@st.composite
def persons(draw: st.DrawFn) -> Person:
    return Person(draw(st.randoms(use_true_random=False)))


def second_opinion(text: str) -> object:
    """Return what the ``json5`` library reads, with the halves of escaped surrogate pairs joined."""
    return json.loads(json.dumps(json5.loads(text)))


def is_subsequence(part: str, whole: str) -> bool:
    rest = iter(whole)
    return all(character in rest for character in part)

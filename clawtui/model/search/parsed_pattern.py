"""A regular expression as ``re`` has understood it: how long it can take at worst, and the same spelled for ``regex``.

Both read the tree of ``re``'s own parser, so nothing is understood in another way than ``re`` does. What they do not
know, as a later Python may have it, counts as endless.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from importlib import import_module
from typing import Any, Final

_LONGEST: Final = 1 << 17
"""No line that is kept has as many bytes."""
_CHEAP: Final = 5e7
"""Steps that ``re``, which lets nobody else work meanwhile, may take on one line: some hundredths of a second."""

_AT: Final = {
    "AT_BEGINNING": "^",
    "AT_BEGINNING_STRING": r"\A",
    "AT_END": "$",
    "AT_END_STRING": r"\Z",
}
_MEMBERS: Final = {
    "DIGIT": (r"\d", "0-9"),
    "SPACE": (r"\s\x1c-\x1f", r" \t-\r"),
    "WORD": (r"\p{L}\p{nt=De}\p{nt=Di}\p{nt=Nu}_", "A-Za-z0-9_"),
}
"""What ``re`` means by them, in text and where only ASCII counts: ``regex`` takes accents for letters, and more."""
_FLAGS: Final = ((re.IGNORECASE, "i"), (re.MULTILINE, "m"), (re.DOTALL, "s"))

Node = tuple[Any, Any]
"""A kind of ``re``'s, whose text is its name, and what it is about."""


def cheap_length(pattern: re.Pattern[str]) -> int:
    """The longest text that ``pattern`` is looked for in with few steps, whatever the text; -1 where there is none."""
    try:
        tree = _parse(pattern)
        low, high = -1, _LONGEST
        while low < high:
            middle = (low + high + 1) // 2
            # It is tried at every place.
            if (middle + 1) * _effort(tree, middle)[1] <= _CHEAP:
                low = middle
            else:
                high = middle - 1
    except (LookupError, TypeError, ValueError, AttributeError, ImportError, RecursionError):
        return -1
    return low


def for_regex(pattern: re.Pattern[str]) -> tuple[str, str]:
    """The expression as ``regex`` spells it, and the letters of its flags. Raises LookupError."""
    flags = "".join(letter for flag, letter in _FLAGS if pattern.flags & flag)
    return _spelled(_parse(pattern), bool(pattern.flags & re.ASCII)), flags


def _parse(pattern: re.Pattern[str]) -> Iterable[Node]:
    parser: Any = import_module("re._parser")
    tree: Iterable[Node] = parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE)
    return tree


def _effort(nodes: Iterable[Node], length: int) -> tuple[float, float]:
    """In how many ways it can be found at one place at most, and the steps that trying all of them takes."""
    ways, steps = 1.0, 1.0
    for node in nodes:
        own_ways, own_steps = _effort_of(node, length)
        steps += ways * own_steps
        ways *= own_ways
    return ways, steps


def _effort_of(node: Node, length: int) -> tuple[float, float]:
    kind, about = str(node[0]), node[1]
    match kind:
        case "LITERAL" | "NOT_LITERAL" | "ANY" | "IN" | "AT" | "FAILURE":
            return 1, 1
        case "GROUPREF":
            return 1, length
        case "SUBPATTERN" | "ASSERT" | "ASSERT_NOT":
            return _effort(about[-1], length)
        case "BRANCH":
            return _either(about[1], length)
        case "ATOMIC_GROUP" | "GROUPREF_EXISTS":
            return _either([about] if kind == "ATOMIC_GROUP" else [about[1], about[2] or ()], length)
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            return _repeated(about, length)
    raise LookupError(kind)


def _either(branches: Iterable[Iterable[Node]], length: int) -> tuple[float, float]:
    efforts = [_effort(branch, length) for branch in branches]
    return sum(ways for ways, _ in efforts), sum(steps for _, steps in efforts)


def _repeated(about: tuple[Any, Any, Iterable[Node]], length: int) -> tuple[float, float]:
    least, most = int(about[0]), min(int(about[1]), max(length, int(about[0])))
    ways, steps = _effort(about[2], length)
    if ways == 1:
        return most - least + 1, 1 + most * steps
    if most * math.log10(ways) > 18:
        return math.inf, math.inf
    # Each round multiplies the ways, and one may end after any of them.
    return (most - least + 1) * ways**most, 1 + most * ways**most * steps


def _spelled(nodes: Iterable[Node], ascii_only: bool) -> str:
    return "".join(_spelled_one(str(kind), about, ascii_only) for kind, about in nodes)


def _spelled_one(kind: str, about: Any, ascii_only: bool) -> str:  # noqa: C901, PLR0911, PLR0912  one case a kind
    match kind:
        case "LITERAL":
            return _letter(about)
        case "NOT_LITERAL":
            return f"[^{_letter(about)}]"
        case "ANY":
            return "."
        case "IN":
            return _class(about, ascii_only)
        case "AT":
            return _place(str(about), ascii_only)
        case "FAILURE":
            return "(?!)"
        case "GROUPREF":
            return rf"(?:\{about})"
        case "GROUPREF_EXISTS":
            group, then, otherwise = about
            return f"(?({group}){_spelled(then, ascii_only)}|{_spelled(otherwise or (), ascii_only)})"
        case "SUBPATTERN":
            return _group(about, ascii_only)
        case "ATOMIC_GROUP":
            return f"(?>{_spelled(about, ascii_only)})"
        case "ASSERT" | "ASSERT_NOT":
            direction, what = about
            sign = ("<" if direction < 0 else "") + ("=" if kind == "ASSERT" else "!")
            return f"(?{sign}{_spelled(what, ascii_only)})"
        case "BRANCH":
            return f"(?:{'|'.join(_spelled(branch, ascii_only) for branch in about[1])})"
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            least, most, what = about
            limit = "" if str(most) == "MAXREPEAT" else int(most)
            how = {"MAX_REPEAT": "", "MIN_REPEAT": "?", "POSSESSIVE_REPEAT": "+"}[kind]
            return f"(?:{_spelled(what, ascii_only)}){{{int(least)},{limit}}}{how}"
    raise LookupError(kind)


def _letter(code: int) -> str:
    letter = chr(code)
    return letter if letter.isascii() and letter.isalnum() else f"\\U{code:08x}"


def _class(members: Iterable[Node], ascii_only: bool) -> str:
    inside, others, negated = "", [], False
    for kind, about in members:
        match str(kind):
            case "NEGATE":
                negated = True
            case "LITERAL":
                inside += _letter(about)
            case "RANGE":
                inside += f"{_letter(about[0])}-{_letter(about[1])}"
            case "CATEGORY":
                name = str(about).removeprefix("CATEGORY_")
                category = _MEMBERS[name.removeprefix("NOT_")][ascii_only]
                if name.startswith("NOT_"):
                    others.append(f"[^{category}]")
                else:
                    inside += category
            case other:
                raise LookupError(other)
    if not others:
        return f"[{'^' if negated else ''}{inside}]"
    whole = "|".join([*([f"[{inside}]"] if inside else []), *others])
    return f"(?:(?!{whole})(?s:.))" if negated else f"(?:{whole})"


def _place(name: str, ascii_only: bool) -> str:
    if name not in ("AT_BOUNDARY", "AT_NON_BOUNDARY"):
        return _AT[name]
    word = f"[{_MEMBERS['WORD'][ascii_only]}]"
    if name == "AT_BOUNDARY":
        return f"(?:(?<={word})(?!{word})|(?<!{word})(?={word}))"
    return f"(?:(?<={word})(?={word})|(?<!{word})(?!{word}))"


def _group(about: tuple[int | None, int, int, Iterable[Node]], ascii_only: bool) -> str:
    number, on, off, what = about
    ascii_only = (ascii_only or bool(on & re.ASCII)) and not on & re.UNICODE
    inside = _spelled(what, ascii_only)
    switched = ["".join(letter for flag, letter in _FLAGS if flags & flag) for flags in (on, off)]
    if any(switched):
        inside = f"(?{switched[0]}{'-' if switched[1] else ''}{switched[1]}:{inside})"
    return f"({inside})" if number is not None else f"(?:{inside})"

"""The class of a masking rule, and the functions of which rules are made.

Every rule takes time that is linear in the length of any text: repetitions are possessive or bounded, a value is only
read after a name that has been found to be a secret's, and the search continues after the value.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from msgspec import Struct

from clawtui.model.text.lazy_pattern import lazy_pattern
from clawtui.model.text.secret_names import LONGEST_NAME, is_secret_name, is_secret_number, may_end_secret_name

MASK: Final = "[masked]"
"""The text that replaces a secret; in an address it replaces the password."""

Replacement = Callable[[re.Match[str]], str]
"""A function that gets a match and returns its replacement."""


class Rule(Struct, frozen=True):
    """One kind of secret: how to find it, and the examples that are its tests."""

    name: str
    hints: tuple[str, ...]
    """One of these, in lower case, is in every text (in lower case) in which the rule finds something."""
    apply: Callable[[str], str]
    """Returns a text with everything masked that the rule finds in it."""
    masks: tuple[tuple[str, str], ...]
    """Examples: a text, and the result of all rules together for it."""
    keeps: tuple[str, ...] = ()
    """Similar texts that no rule changes."""
    needs_name: bool = False
    """Whether it applies only to texts with a word of a secret's name (`secret_names.may_have_secret_name`)."""


@lru_cache(maxsize=512)
def compiled(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Return ``pattern`` compiled, from the cache if it was used before: most texts need few of the rules."""
    return re.compile(pattern, flags)


def substitute(text: str, *, pattern: str, replace: Replacement, flags: int = 0) -> str:
    """Return ``text`` with each match of ``pattern`` replaced."""
    return compiled(pattern, flags).sub(replace, text)


def mask_whole(_match: re.Match[str]) -> str:
    """Return the mask, as the replacement of a whole match."""
    return MASK


def mask_group(match: re.Match[str], group: str, mask: str = MASK) -> str:
    """Return the text of ``match`` with ``mask`` in the place of one of its groups."""
    start, end = (at - match.start() for at in match.span(group))
    return f"{match[0][:start]}{mask}{match[0][end:]}"


def mask_value(match: re.Match[str]) -> str:
    """Return the text of ``match`` with its group ``value`` masked if that may be a secret."""
    return match[0] if not is_maskable(match["value"]) else mask_group(match, "value")


_REFERENCE = lazy_pattern(
    r"\$[A-Za-z_]*[A-Z_]{2}[A-Z0-9_]*|\$\{[^{}]*\}|\$\([^()]*\)|\$\{\{[^{}]*\}\}|\{\{[^{}]*\}\}|%[A-Z_]{2,}%|<[^<>]*>"
    r"|\*+|x{3,}|true|false|null|none|undefined",
    re.I,
)
_VARIABLE = lazy_pattern(r"\$[A-Z_][A-Z0-9_]*")


def is_maskable(value: str) -> bool:
    """Return whether ``value`` may be a secret: it is neither empty, nor a mask, nor a reference to a variable."""
    if not value or MASK in value or MASK.startswith(value.rstrip("…")):
        return False  # empty, or masked before and perhaps cut since
    return not is_reference(value)


def is_reference(value: str) -> bool:
    """Return whether ``value`` only refers to a secret or is a placeholder: ``${TOKEN}``, ``<token>``, ``***``.

    ``$TOKEN`` is a reference only in capitals: a password may begin with a dollar sign.
    """
    if value.startswith("$") and value[1:2] not in ("{", "("):
        return _VARIABLE.fullmatch(value) is not None
    return _REFERENCE.fullmatch(value) is not None


_NAME_BACKWARDS = lazy_pattern(r"[\w.-]*")


def name_before(text: str, end: int) -> str:
    """Return the name that ends at ``end``; of a long one only its last characters."""
    name = _NAME_BACKWARDS.match(text[max(0, end - LONGEST_NAME) : end][::-1])
    return name[0][::-1] if name else ""


def mask_named(
    text: str,
    *,
    separator: str,
    value: Callable[[re.Match[str]], re.Pattern[str]],
    skipped: str = "",
    is_name: Callable[[str], bool] = is_secret_name,
) -> str:
    """Return ``text`` with each value masked that follows the name of a secret and ``separator``.

    ``value`` returns the pattern of the text after a separator; its group ``value`` or ``number`` is masked.
    ``is_name`` is called with the word before the separator; characters of ``skipped`` may be between the two.
    """
    parts: list[str] = []
    done = at = 0
    find = compiled(separator).search
    while found := find(text, at):
        at = found.end()
        end = found.start()
        if skipped:
            end -= len(near := text[max(0, end - 8) : end]) - len(near.rstrip(skipped))
        if not may_end_secret_name(text, end) or not is_name(name := name_before(text, end)):
            continue
        read = value(found).match(text, at)
        if read is None:
            continue
        group = "value" if read["value"] is not None else "number"
        if group == "number" and not is_secret_number(name):
            continue
        if is_maskable(read[group]) and not (read[group].isdigit() and not is_secret_number(name)):
            parts += [text[done : read.start(group)], MASK if group == "value" else f'"{MASK}"']
            done = read.end(group)
        at = read.end()
    return "".join([*parts, text[done:]]) if parts else text

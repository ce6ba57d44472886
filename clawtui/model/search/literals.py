"""Text that must be in whatever a regular expression is found in: what can be looked for before it is tried."""

from __future__ import annotations

import re

_SPECIAL = frozenset("\\.^$*+?{}[]|()")
_PLAIN_FLAGS = re.UNICODE | re.MULTILINE | re.DOTALL | re.ASCII
"""Flags that change nothing about which letters a letter stands for."""


def required_literals(pattern: re.Pattern[str]) -> tuple[str, ...] | None:
    """Texts of which at least one is in every text that ``pattern`` is found in; None where none can be told.

    It understands little and is never wrong: groups, classes, counts and escapes of letters end a literal.
    """
    if pattern.flags & ~_PLAIN_FLAGS or "(?" in pattern.pattern:
        return None
    chosen = []
    for branch in _branches(pattern.pattern):
        literal = max(_runs(branch), key=len, default="")
        if not literal:
            return None
        chosen.append(literal)
    return tuple(dict.fromkeys(chosen))


def is_literal(pattern: re.Pattern[str]) -> bool:
    """Whether ``pattern`` is found exactly where its one required literal is."""
    found = required_literals(pattern)
    return found is not None and len(found) == 1 and _spelled(found[0], pattern.pattern)


def _spelled(literal: str, source: str) -> bool:
    return source in (literal, re.escape(literal)) or "".join(_unescaped(source)) == literal


def _unescaped(source: str) -> list[str]:
    """The characters that ``source`` stands for; with a NUL for anything that is more than one character."""
    characters = []
    position = 0
    while position < len(source):
        character = source[position]
        following = source[position + 1 : position + 2]
        if character == "\\" and following and not following.isalnum():
            characters.append(following)
            position += 2
        else:
            characters.append("\0" if character in _SPECIAL else character)
            position += 1
    return characters


def _branches(source: str) -> list[str]:
    """The alternatives at the outermost level."""
    branches, depth, begin, position = [], 0, 0, 0
    while position < len(source):
        character = source[position]
        if character == "\\":
            position += 1
        elif character == "[":
            position = _class_end(source, position)
        elif character == "(":
            depth += 1
        elif character == ")":
            depth -= 1
        elif character == "|" and depth == 0:
            branches.append(source[begin:position])
            begin = position + 1
        position += 1
    return [*branches, source[begin:]]


def _runs(branch: str) -> list[str]:
    """The stretches of characters that stand for themselves, outside groups and classes."""
    runs, run, depth, position = [""], "", 0, 0
    while position < len(branch):
        character = branch[position]
        if character == "\\":
            position += 1
            character = branch[position : position + 1]
            plain = not character.isalnum()
        elif character == "[":
            position = _class_end(branch, position)
            plain = False
        elif character == "{":
            position = max(position, branch.find("}", position))
            plain = False
        else:
            plain = character not in _SPECIAL
            depth += (character == "(") - (character == ")")
        position += 1
        repeated = branch[position : position + 1] in ("*", "?", "{")
        if plain and depth == 0 and not repeated:
            run += character
            if branch[position : position + 1] != "+":
                continue
        runs.append(run)
        run = ""
    return [*runs, run]


def _class_end(source: str, position: int) -> int:
    """Where the class that begins at ``position`` ends; a bracket right behind its beginning is a member."""
    position += 1
    if source[position : position + 1] == "^":
        position += 1
    if source[position : position + 1] == "]":
        position += 1
    while position < len(source) and source[position] != "]":
        position += 2 if source[position] == "\\" else 1
    return position

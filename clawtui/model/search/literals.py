"""The literal text that every match of a regular expression contains: it is searched for first, which is faster."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from clawtui.model.search.syntax import Token, tokens


class Literals(NamedTuple):
    """At least one of `texts` is in every line in which the expression is found."""

    texts: tuple[str, ...]
    exact: bool
    """Whether the expression is found in every line that contains one of them."""


def required_literals(source: str) -> Literals | None:
    """Return the longest literal text of each alternative of an expression; None if one of them has none.

    Text that is in groups, repeated or written with a numeric escape does not count, and an expression with flags has
    none. So the result may be incomplete, but it is never wrong.
    """
    parts = list(tokens(source))
    if any(part.kind == "group" and part.source.startswith("(?") and not _is_plain_group(part) for part in parts):
        return None
    branches = _branches(parts)
    chosen = [max(_runs(branch), key=len) for branch in branches]
    # A line that is not UTF-8 is searched as if it had the replacement character, which its bytes do not have.
    if any(not text or "\n" in text or "\ufffd" in text for text in chosen):
        return None
    exact = all(part.kind == "literal" for branch in branches for part in branch)
    return Literals(tuple(dict.fromkeys(chosen)), exact)


def _is_plain_group(part: Token) -> bool:
    return part.source == "(?:" or part.source.endswith(">")


def _branches(parts: Sequence[Token]) -> list[list[Token]]:
    """Return the alternatives at the outermost level."""
    branches: list[list[Token]] = [[]]
    depth = 0
    for part in parts:
        depth += (part.kind == "group") - (part.kind == "close")
        if part.kind == "branch" and depth == 0:
            branches.append([])
        else:
            branches[-1].append(part)
    return branches


def _runs(branch: Sequence[Token]) -> list[str]:
    """Return the sequences of literal text outside groups."""
    runs, depth = [""], 0
    for position, part in enumerate(branch):
        depth += (part.kind == "group") - (part.kind == "close")
        following = branch[position + 1] if position + 1 < len(branch) else None
        repeat = following.source if following is not None and following.kind == "repeat" else ""
        if part.kind == "literal" and depth == 0 and repeat[:1] in ("", "+"):
            runs[-1] += part.text
            if not repeat:
                continue
        runs.append("")
    return runs

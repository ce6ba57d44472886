"""The role of each line of a unified diff or a git patch."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from clawtui.presentation.roles import Role

_HUNK = re.compile(r"@@ -\d+(?:,(?P<old>\d+))? \+\d+(?:,(?P<new>\d+))? @@")
_OUTSIDE_A_HUNK: tuple[tuple[str, Role], ...] = (
    ("diff ", "strong"),
    ("index ", "dim"),
    ("--- ", "strong"),
    ("+++ ", "strong"),
    ("@@", "active"),
    ("+", "ok"),
    ("-", "bad"),
)
"""The beginnings of lines outside a hunk, each with its role; the first match counts. The last two are for a diff whose
hunks do not have the lengths in their headings, because lines of it were cut or split."""


def diff_roles(lines: Iterable[str]) -> Iterator[tuple[str, Role]]:
    """Yield each line of a diff with its role: ``ok`` for an added line, ``bad`` for a removed one.

    A hunk's heading says how many lines follow, so that a removed line ``-- x``, which the diff shows as ``--- x``, is
    not taken for the heading of a file.
    """
    old = new = 0
    for line in lines:
        if old > 0 or new > 0:
            old -= not line.startswith(("+", "\\"))
            new -= not line.startswith(("-", "\\"))
            yield line, "ok" if line.startswith("+") else "bad" if line.startswith("-") else "plain"
            continue
        if (hunk := _HUNK.match(line)) is not None:
            old, new = int(hunk["old"] or 1), int(hunk["new"] or 1)
        yield line, next((role for start, role in _OUTSIDE_A_HUNK if line.startswith(start)), "plain")

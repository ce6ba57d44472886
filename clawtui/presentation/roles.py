"""The role of a piece of text: its meaning, from which the commands and the dashboard each derive a style.

The commands map a role to an escape sequence, the dashboard maps it to a style of its theme.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final, Literal, get_args

from clawtui.model.text.lazy_pattern import lazy_pattern

if TYPE_CHECKING:
    from clawtui.model.documents.settings import LabelColour
    from clawtui.model.findings.finding import Severity
    from clawtui.model.liveness.verdict import Verdict
    from clawtui.model.run_state import Status


RootRole = Literal["root-red", "root-yellow", "root-green", "root-blue", "root-magenta", "root-cyan"]
"""The name of a root in the list of several, in the root's colour."""
Role = Literal["plain", "strong", "dim", "ok", "warn", "bad", "active", "match", "label"] | RootRole
"""``match`` is text that was searched for, ``label`` a root's name; only the dashboard uses them and `RootRole`."""

ROLES: Final[tuple[Role, ...]] = tuple(role for roles in get_args(Role) for role in get_args(roles))

ROOT_ROLE: Final[Mapping[LabelColour, RootRole]] = {
    "red": "root-red",
    "yellow": "root-yellow",
    "green": "root-green",
    "blue": "root-blue",
    "magenta": "root-magenta",
    "cyan": "root-cyan",
}
"""The role of a root's name by the root's colour in the settings."""

STATUS_ROLE: Final[Mapping[Status, Role]] = {
    "running": "active",
    "paused": "warn",
    "lost": "bad",
    "idle": "plain",
    "disabled": "dim",
    "failed": "bad",
    "invalid": "bad",
}
"""The role of an automation's status."""


class _RunRoles(dict[str, Role]):
    def __missing__(self, state: str) -> Role:
        return "warn"


RUN_ROLE: Final[Mapping[str, Role]] = _RunRoles(
    {
        "queued": "active",
        "running": "active",
        "paused": "warn",
        "success": "ok",
        "partial": "warn",
        "failed": "bad",
        "timed out": "bad",
        "cancelled": "dim",
        "skipped": "dim",
        "superseded": "dim",
        "interrupted": "bad",
        "lost": "bad",
        "unknown": "warn",
    }
)
"""The role of a run's state (`RunState`); a status that the design does not have is a warning."""

VERDICT_ROLE: Final[Mapping[Verdict, Role]] = {
    "orphaned": "bad",
    "invalid": "bad",
    "foreign": "warn",
    "quiet": "warn",
    "live": "ok",
}
"""The role of the verdict on a lock or slot: ``bad`` if an operator has to act, ``warn`` if they have to check."""

SEVERITY_ROLE: Final[Mapping[Severity, Role]] = {"error": "bad", "warning": "warn", "info": "dim"}
"""The role of a finding's severity."""


_HUNK = lazy_pattern(r"@@ -\d+(?:,(?P<old>\d+))? \+\d+(?:,(?P<new>\d+))? @@")
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

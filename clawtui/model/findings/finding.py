"""What ``doctor`` tells of one thing that does not fit together."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import Literal

from clawtui.model.text import clean

Severity = Literal["error", "warning", "info"]
"""``error``: work is blocked or at risk now. ``warning``: it will be. ``info``: untidy, and harmless."""

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
"""The most severe first."""

PROGRAM = "clawtui"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not fit together (contract: doctor)."""

    code: str
    """Of which kind it is: a word for scripts, such as ``lock-orphaned``."""
    severity: Severity
    subject: str
    """What it is about: a path relative to ``automations/``, an automation's id, or ``slot 2 of <session>``."""
    message: str
    """What it means, in one or two sentences; a harmless line."""
    fix: str | None = None
    """The command that mends it, as a shell takes it; None where no command can, and ``message`` says what does."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "message", clean(self.message))


def command(*words: str) -> str | None:
    """``clawtui …`` as a shell takes it; None where a word could not be shown, and so not be copied, as it is.

    The last word is a name from disk: one that looks like an option is kept from being taken for one.
    """
    if any(clean(word) != word for word in words):
        return None
    *others, name = words
    return shlex.join([PROGRAM, *others, *(["--", name] if name.startswith("-") else [name])])


def at_root(fix: str, root: str) -> str:
    """The command ``fix`` for the state directory ``root``, where that is not the one that it would find itself."""
    return fix.replace(PROGRAM, f"{PROGRAM} --root {shlex.quote(root)}", 1)

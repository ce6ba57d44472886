"""What ``doctor`` tells of one thing that does not fit together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from clawtui.model.text.cleaning import clean
from clawtui.model.text.command_line import ANYWHERE

Severity = Literal["error", "warning", "info"]
"""``error``: work is blocked or at risk now. ``warning``: it will be. ``info``: untidy, and harmless."""

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
"""The most severe first."""


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
    """Return the command for the state directory that clawtui finds unasked; ``examine`` adds another one's path.

    None where a word cannot be shown as it is.
    """
    return ANYWHERE.command(*words)

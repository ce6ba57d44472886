"""The form of a finding of ``doctor``."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct
from msgspec.structs import force_setattr

from clawtui.model.text.cleaning import clean
from clawtui.model.text.command_line import ANYWHERE

Severity = Literal["error", "warning", "info"]
"""``error``: work is blocked or at risk now. ``warning``: it will be. ``info``: harmless."""

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
"""The most severe first."""


class Finding(Struct, frozen=True):
    """One contradiction or fault in a state directory (contract: doctor)."""

    code: str
    """Its kind, for scripts, such as ``lock-orphaned``."""
    severity: Severity
    subject: str
    """What it is about: a path relative to ``automations/``, an automation's id, or ``slot 2 of <session>``."""
    message: str
    """What it means, in one or two sentences; a cleaned line."""
    fix: str | None = None
    """The command that fixes it, as a shell takes it; None if no command can, and ``message`` says what to do."""

    def __post_init__(self) -> None:
        force_setattr(self, "message", clean(self.message))


def command(*words: str) -> str | None:
    """Return a command for the default state directory; ``examine`` adds the path of another one.

    None if a word of it cannot be printed unchanged.
    """
    return ANYWHERE.command(*words)

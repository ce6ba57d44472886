"""The argument of a fix, and the rule that describes it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from msgspec import Struct

from clawtui.model.documents.audit import Actor
from clawtui.model.findings.finding import Finding
from clawtui.model.fleet import Fleet
from clawtui.storage.paths import StatePaths


class FixContext(Struct, frozen=True):
    """A finding to fix, the fleet in which it was found, and the actor."""

    paths: StatePaths
    finding: Finding
    fleet: Fleet
    """The fleet that was examined. A file that has changed since then is not touched."""
    actor: Actor
    clock: Callable[[], datetime]
    """Returns the instant with its zone."""
    quiet_after: timedelta


class FixRule(Struct, frozen=True):
    """The fix for one kind of finding."""

    does: str
    """What the fix does, for a question: ``release the lock``."""
    why: str
    """Why it is safe, or what to consider before agreeing; a clause."""
    act: Callable[[FixContext], str]
    """Applies the fix and returns what was done. Raises ClawtuiError where it was not done, or not completely."""
    is_safe: bool = False
    """Whether it is applied without asking: nothing can be lost, and no run is affected."""

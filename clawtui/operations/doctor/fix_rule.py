"""One finding that is to be mended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from clawtui.model.documents.audit import Actor
from clawtui.model.findings.finding import Finding
from clawtui.model.fleet import Fleet
from clawtui.storage.paths import StatePaths


@dataclass(frozen=True, slots=True)
class FixContext:
    """A finding, what it was found in, and who mends it."""

    paths: StatePaths
    finding: Finding
    fleet: Fleet
    """As it was examined: what has changed since is not touched."""
    actor: Actor
    clock: Callable[[], datetime]
    """The instant, with its zone."""
    quiet_after: timedelta


@dataclass(frozen=True, slots=True)
class FixRule:
    """How one kind of finding is mended."""

    does: str
    """What it does, for a question: ``release the lock``."""
    why: str
    """Why it needs no asking, or what speaks for asking; a clause."""
    act: Callable[[FixContext], str]
    """Does it, and says what was done. Raises ClawtuiError where it was not done, or not all of it."""
    is_safe: bool = False
    """Whether it is done unasked: nothing can be lost by it, and nobody's work is touched."""

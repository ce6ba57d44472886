"""What a command knows of the world before its own arguments: the root, the clock, and whether it may change things."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import click

from clawtui.storage.errors import NoSuch, Refused
from clawtui.storage.paths import StatePaths, find_state_dir


def utc_now() -> datetime:
    """The wall clock: the only one that the commands read."""
    return datetime.now(UTC)


@dataclass(slots=True)
class Invocation:
    """How ``clawtui`` was called. Handing another one to ``main(obj=…)`` is how a test sets the clock."""

    root: str | None = None
    """What ``--root`` says, before or after the command."""
    read_only: bool = False
    clock: Callable[[], datetime] = utc_now

    def now(self) -> datetime:
        """The instant, in UTC."""
        return self.clock()

    def named_paths(self) -> StatePaths:
        """The state directory as it was named; it need not exist."""
        return find_state_dir(self.root)

    def paths(self) -> StatePaths:
        """The state directory. Raises NoSuch where it does not exist."""
        paths = self.named_paths()
        if not paths.automations.is_dir():
            missing = "has no automations/ in it" if paths.root.is_dir() else "does not exist"
            raise NoSuch(
                f"the state directory {paths.root} {missing}\n"
                "Name one with --root DIR or $CLAWDBOT_STATE_DIR; `clawtui demo` needs none."
            )
        return paths

    def require_changes_allowed(self) -> None:
        """Raises Refused under ``--read-only``."""
        if self.read_only:
            raise Refused("--read-only: nothing is changed")


pass_invocation = click.make_pass_decorator(Invocation, ensure=True)
"""Hands the Invocation to a command as its first argument."""

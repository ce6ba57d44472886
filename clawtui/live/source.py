"""The protocols of a source, which keeps the fleet of one root current, and of the session of one kind of store."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

from clawtui.live.watching.events import WatchEvents
from clawtui.live.watching.intervals import Pause
from clawtui.model.documents.base import Problem
from clawtui.model.fleet import Fleet

Publish = Callable[[Fleet], None]
"""Receives each new fleet, on a thread of the source."""


class Capabilities(NamedTuple):
    """The changes that clawtui itself can make at a root; the gateway's own commands can make the others."""

    can_edit: bool = False
    """Whether automations can be enabled, disabled and edited in their files."""
    can_release_locks: bool = False
    """Whether lock files can be released and slots freed."""


ALL = Capabilities(can_edit=True, can_release_locks=True)
"""The capabilities at a root with the files of the design."""
NONE = Capabilities()
"""The capabilities at a root that another program writes, or where there is nothing yet."""


class Source(Protocol):
    """A source of the fleets of one root, whatever kind of store is there.

    All methods may be called from any thread; only ``stop`` may wait, for a second at most.
    """

    @property
    def capabilities(self) -> Capabilities:
        """What can be changed at the root as it is now."""

    def start(self, publish: Publish) -> None:
        """Begin to watch. ``publish`` is called with the first fleet as soon as something has been read."""

    def follow(self, log: str | None) -> None:
        """Keep the end of the log at the path ``log`` in the fleet; None ends that."""

    def rescan(self) -> None:
        """Read everything again, even what has not changed."""

    def stop(self) -> None:
        """End; nothing is published after that."""


class Session(Protocol):
    """The part of a local source that reads one kind of store. Its methods run on the source's thread."""

    capabilities: Capabilities

    @property
    def problem(self) -> Problem | None:
        """The reason why nothing is watched, where that is a fault of the installation."""

    @property
    def reading(self) -> str:
        """The path that was read last, relative to the store; empty where that is unknown."""

    @property
    def passes(self) -> int:
        """How often everything has been compared with the disk."""

    def pause(self, now: float) -> Pause:
        """Return how long to wait if no change is reported."""

    def doubts_root(self, events: WatchEvents) -> bool:
        """Return whether the kind of store may have changed."""

    def update(self, events: WatchEvents) -> Fleet:
        """Read what may have changed, and return the fleet; the same object where nothing has changed."""

    def follow(self, path: str | None) -> None:
        """Keep the end of the log at ``path`` in the fleet."""

    def end_pause(self) -> None:
        """End the pause after the first fleet."""

    def rescan(self) -> None:
        """Read everything again at the next update."""

    def close(self) -> None:
        """Close every file."""

"""What a kernel watcher tells, and what it is to whoever drives it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple, Protocol


class WatchEvents(NamedTuple):
    """What may have changed, unordered, and not surely all of it."""

    paths: frozenset[str] = frozenset()
    """Absolute, beginning as the watched directories were named."""
    doubt: bool = False
    """Events were lost, so everything may have changed."""


class Watching(Protocol):
    """One kernel watcher at a time over a list of directories, and nothing below them."""

    @property
    def serving(self) -> bool:
        """Whether the kernel tells of changes; where it does not, somebody has to look."""

    @property
    def descriptor(self) -> int | None:
        """Readable once there is something to collect; None where one has to ask."""

    def watch(self, directories: Sequence[str], anew: Collection[str] | None = None) -> WatchEvents:
        """Watches these from now on, or nothing where that is not possible; what it had still to tell.

        ``anew`` are those among them that were not watched so far, or may be others than before; None: all may be.
        A directory that has vanished meanwhile or cannot be read is left out.
        """

    def collect(self) -> WatchEvents:
        """What was told since the last time; returns at once."""

    def close(self) -> None:
        """Watches nothing any more."""

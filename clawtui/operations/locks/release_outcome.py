"""What became of a repository after its lock was released (contract: the release, step 7)."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.fleet import Reading
from clawtui.operations.locks.lock_context import standing_lock
from clawtui.operations.locks.release import Released
from clawtui.storage.paths import StatePaths

WATCHED = 10.0
"""Seconds that somebody watches."""

_POLL = 0.1


@dataclass(frozen=True, slots=True)
class ReleaseOutcome:
    """Whether the repository is still free."""

    taken: Reading[RepositoryLock] | None
    """What locks it now; None where nothing does."""
    seconds: float
    """After how long it was taken, or how long it was watched."""


def watch_after(
    paths: StatePaths,
    released: Released,
    seconds: float = WATCHED,
    monotonic: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], object] = time.sleep,
) -> ReleaseOutcome:
    """Watches for ``seconds``, or until the repository is locked again."""
    began = monotonic()
    while (taken := locked_again(paths, released)) is None and monotonic() - began < seconds:
        sleep(_POLL)
    return ReleaseOutcome(taken, monotonic() - began)


def locked_again(paths: StatePaths, released: Released) -> Reading[RepositoryLock] | None:
    """What locks the repository of a lock that was released; None while it is free."""
    return standing_lock(paths, released.aside.lock, released.reading)

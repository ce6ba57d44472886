"""What became of a repository after its lock was released (contract: the release, step 7)."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from clawtui.model.fleet import Reading
from clawtui.model.lock import RepositoryLock
from clawtui.operations.release import Released
from clawtui.operations.standing import standing_lock
from clawtui.storage.paths import StatePaths

WATCHED = 10.0
"""Seconds that somebody watches."""

_POLL = 0.1


@dataclass(frozen=True, slots=True)
class Aftermath:
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
) -> Aftermath:
    """Watches for ``seconds``, or until the repository is locked again."""
    began = monotonic()
    while (taken := locked_again(paths, released)) is None and monotonic() - began < seconds:
        sleep(_POLL)
    return Aftermath(taken, monotonic() - began)


def locked_again(paths: StatePaths, released: Released) -> Reading[RepositoryLock] | None:
    """What locks the repository of a lock that was released; None while it is free."""
    return standing_lock(paths, released.aside.lock, released.reading)

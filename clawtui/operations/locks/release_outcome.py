"""What became of a repository after its lock was released (contract: the release, step 7)."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.fleet import Reading
from clawtui.operations.evidence.lock_context import standing_lock
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
    while True:
        taken = standing_lock(paths, released.aside.lock, released.reading)
        if taken is not None or monotonic() - began >= seconds:
            return ReleaseOutcome(taken, monotonic() - began)
        sleep(_POLL)

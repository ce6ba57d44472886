"""The watch over a repository after its lock was released (contract: the release, step 7)."""

from __future__ import annotations

import time
from collections.abc import Callable

from msgspec import Struct

from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.fleet import Reading
from clawtui.operations.evidence.lock_context import standing_lock
from clawtui.operations.locks.release import Released
from clawtui.storage.paths import StatePaths

WATCHED = 10.0
"""How many seconds the repository is watched after a release."""

_POLL = 0.1


class ReleaseOutcome(Struct, frozen=True):
    """The state of the repository after the release."""

    taken: Reading[RepositoryLock] | None
    """The lock on it now; None where there is none."""
    seconds: float
    """The seconds until it was locked, or during which it was watched."""


def watch_after(
    paths: StatePaths,
    released: Released,
    seconds: float = WATCHED,
    monotonic: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], object] = time.sleep,
    *,
    is_late: bool = False,
) -> ReleaseOutcome:
    """Watch the repository for ``seconds``, or until it is locked again.

    With ``is_late`` the files follow those of another host with a delay: until the released lock has gone from them,
    it is not taken for another one.
    """
    began, has_gone = monotonic(), not is_late
    while True:
        taken = standing_lock(paths, released.aside.lock, released.reading)
        if taken is None:
            has_gone = True
        elif not has_gone and taken.value == released.reading.value:
            taken = None
        if taken is not None or monotonic() - began >= seconds:
            return ReleaseOutcome(taken, monotonic() - began)
        sleep(_POLL)

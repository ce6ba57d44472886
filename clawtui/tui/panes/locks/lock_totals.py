"""The numbers of locks by verdict and age, at any time, made once for the same locks and verdicts."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.liveness.verdict import Verdict

_NEED_ACTION: Final[Sequence[Verdict]] = ("orphaned", "invalid")


class JudgedLock(NamedTuple):
    """A lock, None if it cannot be read, and the verdict on it, None until it is judged."""

    lock: RepositoryLock | None
    verdict: Verdict | None


class LockTotals:
    """The numbers of some locks. The cost of a question does not grow with the number of locks."""

    def __init__(self, locks: Iterable[JudgedLock], timeout: timedelta | None) -> None:
        """Count `locks`; `timeout` is the age at which the gateway treats one as expired, None for never."""
        self.by_verdict: Counter[Verdict | None] = Counter()
        self._expiries: list[datetime] = []
        """The times at which the locks expire, in order."""
        self._expiries_of_others: list[datetime] = []
        """The same for the locks that need a look for no other reason."""
        for lock, verdict in locks:
            self.by_verdict[verdict] += 1
            expiry = lock.expiry(timeout) if lock is not None else None
            if expiry is not None:
                self._expiries.append(expiry)
                if verdict not in _NEED_ACTION and verdict != "quiet":
                    self._expiries_of_others.append(expiry)
        self._expiries.sort()
        self._expiries_of_others.sort()

    def expired(self, now: datetime) -> int:
        """Return the number of locks that are expired at `now`."""
        return bisect_left(self._expiries, now)

    def to_look_at(self, now: datetime) -> tuple[int, int]:
        """Return the number of locks that need action, and of further ones in doubt: quiet or expired.

        A lock of another host cannot be judged here, which alone does not put it in doubt.
        """
        need_action = sum(self.by_verdict[verdict] for verdict in _NEED_ACTION)
        return need_action, self.by_verdict["quiet"] + bisect_left(self._expiries_of_others, now)

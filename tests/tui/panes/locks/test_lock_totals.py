"""The numbers of locks that are counted once equal those of looking at each lock at that time."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.liveness.verdict import MEANING, Verdict
from clawtui.model.text.units import format_timestamp
from clawtui.tui.panes.locks.verdicts import JudgedLock, LockTotals
from tests.gateway_root import NOON
from tests.model.samples import read

HOURS = st.integers(-5, 5).map(lambda hours: timedelta(hours=hours))
LOCKS = HOURS.map(lambda span: read(RepositoryLock, acquiredAt=format_timestamp(NOON + span)))
VERDICTS: st.SearchStrategy[Verdict | None] = st.none() | st.sampled_from(list(MEANING))
JUDGED = st.one_of(st.builds(JudgedLock, LOCKS, VERDICTS), st.just(JudgedLock(None, "invalid")))


@given(st.lists(JUDGED, max_size=8), st.none() | st.integers(0, 4).map(lambda hours: timedelta(hours=hours)), HOURS)
def test_they_equal_the_numbers_of_looking_at_each_lock(
    locks: list[JudgedLock], timeout: timedelta | None, later: timedelta
) -> None:
    totals, now = LockTotals(locks, timeout), NOON + later
    expired = [lock is not None and lock.expired(now, timeout) for lock, _ in locks]
    need_action = [verdict in ("orphaned", "invalid") for _, verdict in locks]
    doubtful = [
        not acts and (is_expired or verdict == "quiet")
        for (_, verdict), is_expired, acts in zip(locks, expired, need_action, strict=True)
    ]
    assert totals.by_verdict == Counter(verdict for _, verdict in locks)
    assert totals.expired(now) == sum(expired)
    assert totals.to_look_at(now) == (sum(need_action), sum(doubtful))

"""The numbers of locks that are counted once equal those of looking at each lock at that time."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.liveness.verdict import MEANING, Verdict
from clawtui.model.text.units import format_timestamp
from clawtui.tui.panes.locks.verdicts import JudgedLock, LockTotals, Verdicts
from tests.gateway_root import NOON
from tests.model.arbitrary_fleets import fleets, surroundings
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


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_totals_that_are_kept_equal_those_of_the_last_locks_and_verdicts_alone(data: st.DataObject) -> None:
    kept = Verdicts()
    for _ in range(3):
        fleet = data.draw(fleets())
        judged = data.draw(surroundings(fleet)).locks
        timeout = data.draw(st.sampled_from([None, timedelta(hours=1)]))
        readings = {path: reading for path, reading in fleet.locks.items() if data.draw(st.booleans())}
        new = Verdicts(readings, judged)
        kept = new.after(kept)
        totals, expected = kept.totals(fleet.locks, timeout), new.totals(fleet.locks, timeout)
        assert totals.by_verdict == expected.by_verdict
        for later in range(-48, 49, 8):
            now = NOON + timedelta(hours=later)
            assert totals.expired(now) == expected.expired(now)
            assert totals.to_look_at(now) == expected.to_look_at(now)

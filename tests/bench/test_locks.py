"""A short race: clawtui loses no fresh lock, and the usual way does."""

from __future__ import annotations

import pytest

from tests.bench.locks import clawtui_release, measure, race, read_compare_remove


def test_no_fresh_lock_is_removed_and_none_is_lost() -> None:
    outcome = race(clawtui_release, 2.0)
    assert outcome.wrong == 0
    assert outcome.lost == []
    assert len(outcome.removals) > 5
    assert outcome.replaced > 100


@pytest.mark.exhaustive
def test_the_usual_way_removes_fresh_locks_in_the_same_race() -> None:
    fresh, lost, _ = measure(4.0)
    assert (fresh.value, fresh.holds, lost.holds) == (0, True, True)
    assert fresh.baseline
    assert race(read_compare_remove, 0.1).attempts

from __future__ import annotations

from clawtui.live.retry import RETRIES, Retries
from clawtui.live.route import Kind, Resource

THING = Resource(Kind.DISPATCHER, "config/dispatcher.json")


def test_a_problem_is_believed_after_as_many_looks_as_are_promised() -> None:
    patience = Retries(10.0)
    now = 0.0
    for _ in range(RETRIES):
        assert patience.holds(THING, now)
        assert list(patience.due(now + 9)) == []
        now += 10
        assert list(patience.due(now)) == [THING]
    assert not patience.holds(THING, now)
    assert list(patience.due(now + 100)) == []


def test_hints_in_between_do_not_shorten_it() -> None:
    patience = Retries(10.0)
    assert all(patience.holds(THING, now) for now in (0.0, 1.0, 2.0, 3.0, 9.0))
    assert patience.next_due() == 10.0


def test_what_is_whole_again_has_all_its_looks_left() -> None:
    patience = Retries(10.0)
    patience.holds(THING, 0.0)
    patience.settle(THING)
    assert patience.next_due() is None
    patience.holds(THING, 100.0)
    assert patience.next_due() == 110.0

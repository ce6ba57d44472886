from __future__ import annotations

from clawtui.live.reading.queue import RETRIES, Retries
from clawtui.live.route import Kind, Resource

THING = Resource(Kind.DISPATCHER, "config/dispatcher.json")


def test_a_problem_is_reported_after_the_number_of_retries() -> None:
    retries = Retries(10.0)
    now = 0.0
    for _ in range(RETRIES):
        assert retries.should_wait(THING, now)
        assert list(retries.due(now + 9)) == []
        now += 10
        assert list(retries.due(now)) == [THING]
    assert not retries.should_wait(THING, now)
    assert list(retries.due(now + 100)) == []


def test_events_in_between_do_not_shorten_it() -> None:
    retries = Retries(10.0)
    assert all(retries.should_wait(THING, now) for now in (0.0, 1.0, 2.0, 3.0, 9.0))
    assert retries.next_due() == 10.0


def test_a_document_that_is_well_formed_again_has_all_its_retries_left() -> None:
    retries = Retries(10.0)
    retries.should_wait(THING, 0.0)
    retries.clear(THING)
    assert retries.next_due() is None
    retries.should_wait(THING, 100.0)
    assert retries.next_due() == 110.0

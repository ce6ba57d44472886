"""The round-trip time and the difference of two clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from clawtui.model.connection import Connection
from clawtui.remote.client.round_trip import RoundTrips

NOW = datetime(2025, 1, 26, 12, 0, tzinfo=UTC)


def answer(trips: RoundTrips, seconds: float, ahead: float, back: float = 0.5) -> None:
    """Take an answer after ``seconds``, a part ``back`` of which is the return path, from a clock that is ahead."""
    id = trips.begin(100.0)
    there = NOW.timestamp() + seconds * (1 - back) + ahead
    trips.end(id, 100.0 + seconds, there, NOW + timedelta(seconds=seconds))


@given(st.lists(st.tuples(st.floats(0, 2), st.floats(0, 1)), min_size=1, max_size=20), st.floats(-1e6, 1e6))
def test_the_difference_is_wrong_by_half_a_second_and_half_a_round_trip_at_most(
    ways: list[tuple[float, float]], ahead: float
) -> None:
    trips = RoundTrips()
    for seconds, back in ways:
        answer(trips, seconds, ahead, back)
    fastest = min(seconds for seconds, _ in ways[-8:])
    assert abs(trips.difference.total_seconds() - ahead) <= 0.5 + fastest + 1e-3


def test_a_difference_of_more_than_two_seconds_is_shown_beside_the_round_trip_time() -> None:
    trips = RoundTrips()
    assert trips.shown is None
    answer(trips, 0.0234, 0.2)
    assert trips.difference == timedelta(0)
    connection = Connection("work", "connected", "gw1", round_trip=trips.shown, clock_difference=trips.difference)
    assert connection.summary == "gw1 · 20 ms"
    answer(trips, 0.01, -190)
    slow = Connection("work", "connected", "gw1", round_trip=trips.shown, clock_difference=trips.difference)
    assert slow.summary == "gw1 · 20 ms · clock 3m10s behind"
    trips.forget()
    assert trips.shown is None
    trips.end(3, 100.0, 0.0, NOW)  # an answer to no ping
    assert trips.shown is None


def test_a_time_that_differs_little_from_the_shown_one_is_not_shown() -> None:
    trips = RoundTrips()
    for seconds, shown in ((0.014, 10), (0.016, 10), (0.0012, 1), (0.0017, 1), (0.06, 60)):
        for _ in range(8):
            answer(trips, seconds, 0.0)
        assert trips.shown == timedelta(milliseconds=shown)

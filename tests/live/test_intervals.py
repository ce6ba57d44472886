from __future__ import annotations

import math

import pytest

from clawtui.live.intervals import DemoClock, Intervals

INTERVALS = Intervals(step=0.003, rest=0.03, lively=15, running=600, recovery=1)


@pytest.fixture
def pace() -> DemoClock:
    return DemoClock(INTERVALS, now=0.0)


def test_the_step_is_short_at_first_and_long_once_nothing_has_changed_for_a_while(pace: DemoClock) -> None:
    assert pace.step(14.9) == 0.003
    assert pace.step(15.0) == 0.03
    assert pace.due(0.003, now=1.0) == 15.0


def test_a_change_makes_it_short_at_once(pace: DemoClock) -> None:
    pace.note_change(100.0)
    assert pace.step(100.0) == pace.step(114.9) == 0.003
    assert pace.due(0.03, now=100.0) <= 100.0


def test_at_rest_there_is_nothing_to_change(pace: DemoClock) -> None:
    assert pace.due(0.03, now=20.0) == math.inf


def test_while_something_runs_it_is_short_for_longer(pace: DemoClock) -> None:
    pace.running = True
    assert pace.step(599.0) == 0.003
    assert pace.step(600.0) == 0.03


def test_a_step_that_could_not_be_changed_is_tried_again_a_little_later(pace: DemoClock) -> None:
    pace.note_failure(20.0)
    assert pace.due(0.003, now=20.0) == 21.0

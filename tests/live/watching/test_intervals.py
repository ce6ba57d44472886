from __future__ import annotations

import math

import pytest

from clawtui.live.watching.intervals import Intervals, StepChooser

INTERVALS = Intervals(step=0.003, rest=0.03, lively=15, running=600, recovery=1)


@pytest.fixture
def chooser() -> StepChooser:
    return StepChooser(INTERVALS, now=0.0)


def test_the_step_is_short_at_first_and_long_once_nothing_has_changed_for_a_while(chooser: StepChooser) -> None:
    assert chooser.step(14.9) == 0.003
    assert chooser.step(15.0) == 0.03
    assert chooser.due(0.003, now=1.0) == 15.0


def test_a_change_makes_it_short_at_once(chooser: StepChooser) -> None:
    chooser.note_change(100.0)
    assert chooser.step(100.0) == chooser.step(114.9) == 0.003
    assert chooser.due(0.03, now=100.0) <= 100.0


def test_at_rest_there_is_nothing_to_change(chooser: StepChooser) -> None:
    assert chooser.due(0.03, now=20.0) == math.inf


def test_while_something_runs_it_is_short_for_longer(chooser: StepChooser) -> None:
    chooser.running = True
    assert chooser.step(599.0) == 0.003
    assert chooser.step(600.0) == 0.03


def test_a_step_that_could_not_be_changed_is_tried_again_a_little_later(chooser: StepChooser) -> None:
    chooser.note_failure(20.0)
    assert chooser.due(0.003, now=20.0) == 21.0


def test_many_roots_are_each_looked_at_less_often_and_a_few_are_not() -> None:
    few, many, most = (Intervals().for_one_of(count) for count in (4, 20, 1000))
    assert few == Intervals()
    assert many.rest == 5 * few.rest and many.root == 5 * few.root
    assert many.step == few.step  # after a change each is as lively as one alone
    assert most == many

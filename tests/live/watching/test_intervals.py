from __future__ import annotations

import math

import pytest

from clawtui.live.watching.intervals import Intervals, StepChooser

INTERVALS = Intervals(step=0.003, silence=0.015, rest=0.03, burst=2, lively=15, running=600, recovery=1)


@pytest.fixture
def chooser() -> StepChooser:
    return StepChooser(INTERVALS, now=0.0)


def test_the_step_is_short_at_first_and_long_once_nothing_has_changed_for_a_while(chooser: StepChooser) -> None:
    assert chooser.step(14.9) == 0.003
    assert chooser.step(15.0) == 0.03
    assert chooser.due(0.003, now=1.0) == 15.0


def test_changes_that_go_on_make_it_short(chooser: StepChooser) -> None:
    chooser.note_change(100.0)
    chooser.note_change(101.9)
    assert chooser.step(101.9) == 0.03
    chooser.note_change(102.0)
    assert chooser.step(102.0) == chooser.step(116.9) == 0.003
    assert chooser.due(0.03, now=102.0) <= 102.0
    assert chooser.due(0.003, now=102.0) == 117.0
    chooser.note_change(116.0)
    assert chooser.step(130.9) == 0.003
    assert chooser.step(131.0) == 0.03


def test_changes_far_apart_never_make_it_short(chooser: StepChooser) -> None:
    for number in range(10):
        at = 100.0 + 15 * number
        chooser.note_change(at)
        chooser.note_change(at + 1.9)  # of the same change: it is written to several files
        chooser.note_change(at)
        assert chooser.step(at + 2) == 0.03
        assert chooser.due(0.03, now=at + 2) == math.inf


def test_at_rest_there_is_nothing_to_change(chooser: StepChooser) -> None:
    assert chooser.due(0.03, now=20.0) == math.inf


def test_during_a_run_that_writes_nothing_it_is_between_both(chooser: StepChooser) -> None:
    chooser.running = True
    chooser.note_change(1.0)
    assert chooser.step(14.9) == 0.003
    assert chooser.step(15.0) == chooser.step(600.9) == 0.015
    assert chooser.due(0.015, now=20.0) == 601.0
    assert chooser.step(601.0) == 0.03
    assert chooser.due(0.03, now=601.0) == math.inf
    chooser.note_change(700.0)
    assert chooser.step(700.0) == chooser.step(1299.9) == 0.015
    chooser.note_change(702.0)
    assert chooser.step(702.0) == 0.003
    assert chooser.step(717.0) == 0.015
    chooser.running = False
    assert chooser.step(717.0) == 0.03


def test_a_step_that_could_not_be_changed_is_tried_again_a_little_later(chooser: StepChooser) -> None:
    chooser.note_failure(20.0)
    assert chooser.due(0.003, now=20.0) == 21.0


def test_many_roots_are_each_looked_at_less_often_and_a_few_are_not() -> None:
    few, many, most = (Intervals().for_one_of(count) for count in (4, 20, 1000))
    assert few == Intervals()
    assert many.rest == 5 * few.rest and many.silence == 5 * few.silence and many.root == 5 * few.root
    assert many.step == few.step  # after a change each is as lively as one alone
    assert most == many

"""The duration of each milestone."""

from __future__ import annotations

from datetime import timedelta

from clawtui.model.checked.reading import made
from clawtui.model.documents.workspace import Milestone
from clawtui.model.runs.timeline import Step, steps
from tests.model.fleets import NOON


def milestone(minute: float, title: str, percentage: int) -> Milestone:
    at = NOON + timedelta(minutes=minute)
    return made(Milestone, {"timestamp": at, "milestone": title, "percentage": percentage})


TIMELINE = (milestone(0, "Initializing", 5), milestone(1, "Cloning", 10), milestone(4, "Merging", 35))
NOW = NOON + timedelta(minutes=10)


def took(result: tuple[Step, ...]) -> list[timedelta | None]:
    return [step.took for step in result]


def test_a_milestone_lasts_until_the_next_and_the_current_one_until_now() -> None:
    result = steps(TIMELINE, NOW, running=True)
    assert took(result) == [timedelta(minutes=1), timedelta(minutes=3), timedelta(minutes=6)]
    assert [step.current for step in result] == [False, False, True]
    assert [(step.at, step.title, step.percentage) for step in result] == [
        (NOON, "Initializing", 5),
        (NOON + timedelta(minutes=1), "Cloning", 10),
        (NOON + timedelta(minutes=4), "Merging", 35),
    ]


def test_the_last_milestone_of_a_run_that_is_over_lasts_until_its_end() -> None:
    result = steps(TIMELINE, NOON + timedelta(minutes=5))
    assert took(result)[-1] == timedelta(minutes=1)
    assert not any(step.current for step in result)


def test_the_last_milestone_has_no_duration_without_a_known_end() -> None:
    assert took(steps(TIMELINE, None)) == [timedelta(minutes=1), timedelta(minutes=3), None]


def test_a_clock_that_went_back_makes_no_negative_time() -> None:
    assert took(steps((milestone(5, "a", 1), milestone(0, "b", 2)), NOON - timedelta(hours=1), running=True)) == [
        timedelta(0),
        timedelta(0),
    ]


def test_a_timeline_without_milestones_has_no_steps() -> None:
    assert steps((), NOW, running=True) == ()

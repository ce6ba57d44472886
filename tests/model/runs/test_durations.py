"""The usual duration of phases and runs, and the time left."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawtui.model.runs.durations import (
    ENOUGH,
    DurationStats,
    PastRun,
    Phases,
    PhaseStart,
    Range,
    Spread,
    duration_stats_of,
    range_text,
)
from clawtui.model.runs.report import RunReport
from clawtui.model.runs.run import Run
from clawtui.model.runs.timeline import Step, Timeline
from tests.model.fleets import NOON

SPANS = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=3))
KNOWN = st.lists(SPANS, max_size=40)


def minutes(*numbers: float) -> list[timedelta]:
    return [timedelta(minutes=number) for number in numbers]


def phases(*reached: tuple[str, float], end: float) -> Phases:
    """Return a log whose run reached each phase at that minute."""
    spent: dict[str, timedelta] = {}
    for (phase, at), (_, until) in pairwise(reached):
        spent[phase] = spent.get(phase, timedelta(0)) + timedelta(minutes=until - at)
    first: dict[str, datetime] = {}
    for phase, at in reached:
        first.setdefault(phase, NOON + timedelta(minutes=at))
    last, since = reached[-1]
    return Phases(spent, first, PhaseStart(last, NOON + timedelta(minutes=since)), NOON + timedelta(minutes=end))


@given(KNOWN)
def test_the_usual_range_is_ordered_and_within_the_samples(spans: list[timedelta]) -> None:
    usual = Spread.of(spans).usual
    if len(spans) < ENOUGH:
        assert usual is None
    else:
        assert usual is not None
        assert min(spans) <= usual.low <= usual.high <= max(spans)


@given(KNOWN)
def test_at_most_a_quarter_of_the_samples_and_one_are_on_each_side_of_the_range(spans: list[timedelta]) -> None:
    spread = Spread.of(spans)
    usual, median = spread.usual, spread.median
    if usual is not None and median is not None:
        assert usual.low <= median <= usual.high
        assert sum(span < usual.low for span in spans) <= len(spans) / 4 + 1
        assert sum(span > usual.high for span in spans) <= len(spans) / 4 + 1


@given(KNOWN, SPANS)
def test_the_time_left_is_ordered_and_not_negative(spans: list[timedelta], elapsed: timedelta) -> None:
    left = Spread.of(spans).left(elapsed)
    if left is not None:
        assert timedelta(0) <= left.low <= left.high
        assert left.high <= max(spans) - elapsed


@given(KNOWN, SPANS, SPANS)
def test_the_expected_end_never_moves_earlier_with_time(
    spans: list[timedelta], one: timedelta, other: timedelta
) -> None:
    earlier, later = sorted((one, other))
    before, after = Spread.of(spans).left(earlier), Spread.of(spans).left(later)
    if after is not None:
        assert before is not None
        assert earlier + before.low <= later + after.low
        assert earlier + before.high <= later + after.high


@given(st.lists(SPANS, max_size=ENOUGH - 1), SPANS)
def test_two_past_runs_are_too_few_for_an_estimate(spans: list[timedelta], elapsed: timedelta) -> None:
    spread = Spread.of(spans)
    assert (spread.usual, spread.median, spread.left(elapsed)) == (None, None, None)
    assert not spread.is_exceeded_by(elapsed)


@given(KNOWN, SPANS, SPANS)
def test_a_duration_above_a_slow_one_is_slow(spans: list[timedelta], one: timedelta, other: timedelta) -> None:
    shorter, longer = sorted((one, other))
    spread = Spread.of(spans)
    if spread.is_exceeded_by(shorter):
        assert spread.is_exceeded_by(longer)


@given(KNOWN, SPANS)
def test_slow_is_longer_than_nine_in_ten(spans: list[timedelta], span: timedelta) -> None:
    expected = len(spans) >= ENOUGH and sum(one < span for one in spans) >= 0.9 * len(spans)
    assert Spread.of(spans).is_exceeded_by(span) == expected


def test_a_run_that_outlasts_nearly_all_before_it_is_promised_nothing() -> None:
    spread = Spread.of(minutes(2, 3, 4, 5, 9))
    assert spread.left(timedelta(minutes=3, seconds=30)) == Range(timedelta(minutes=1), timedelta(minutes=3.5))
    assert spread.left(timedelta(minutes=4, seconds=30)) is None


def test_the_time_left_depends_on_the_phase_of_the_run() -> None:
    """All took ten minutes; those that were late at the merge were fast after it."""
    past = [PastRun(timedelta(minutes=10), phases(("git", 0), ("merge", at), end=10)) for at in (2, 4, 6)]
    usual = duration_stats_of(past)
    at_merge = phases(("git", 0), ("merge", 4), end=5)
    elapsed, now = timedelta(minutes=5), NOON + timedelta(minutes=5)
    assert usual.left(elapsed) == Range(timedelta(minutes=5), timedelta(minutes=5))
    assert usual.left(elapsed, at_merge, now) == Range(timedelta(minutes=4), timedelta(minutes=6))


def test_a_return_to_an_earlier_phase_keeps_the_furthest_phase() -> None:
    back = phases(("git", 0), ("merge", 4), ("git", 6), end=7)
    assert back.furthest == PhaseStart("merge", NOON + timedelta(minutes=4))
    assert back.times(NOON + timedelta(minutes=8)) == {
        "git": timedelta(minutes=6),
        "merge": timedelta(minutes=2),
    }


def test_a_phase_that_takes_longer_than_nine_in_ten_is_named() -> None:
    past = [PastRun(timedelta(minutes=10), phases(("git", 0), ("merge", at), end=10)) for at in (1, 2, 3)]
    usual = duration_stats_of(past)
    assert usual.slow({"git": timedelta(minutes=4), "merge": timedelta(minutes=8)}) == ("git",)
    assert usual.slow({"pr": timedelta(hours=9)}) == ()


def test_runs_whose_logs_are_gone_still_tell_how_long_they_took() -> None:
    usual = duration_stats_of([PastRun(span) for span in minutes(4, 5, 6)])
    assert usual.whole.usual == Range(timedelta(minutes=4.5), timedelta(minutes=5.5))
    assert usual.phases == {}
    assert DurationStats().left(timedelta(0)) is None


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (2, 4, "2–4m"),
        (0.6, 2, "35s–2m"),
        (0.02, 3, "up to 3m"),
        (5, 5.2, "about 5m"),
        (0.3, 0.6, "20–35s"),
        (0.99, 1.4, "about 1m"),
        (90, 180, "90m–3h"),
        (0, 0, "about 0s"),
        (60 * 40, 60 * 75, "40h–3d"),
    ],
)
def test_a_range_is_shown_with_its_own_precision(low: float, high: float, expected: str) -> None:
    assert range_text(Range(timedelta(minutes=low), timedelta(minutes=high))) == expected


def usual_git_and_merge() -> DurationStats:
    """Return five runs with 10 s of git, then 45 s of merge."""
    seconds = 1 / 60
    log = phases(("git", 0), ("merge", 10 * seconds), ("complete", 55 * seconds), end=55 * seconds)
    return duration_stats_of([PastRun(timedelta(seconds=55), log)] * 5)


@pytest.mark.parametrize("spent", [0, 9, 35, 54, 300])
def test_the_time_left_in_a_slow_phase_includes_the_later_phases(spent: int) -> None:
    now = NOON + timedelta(seconds=spent)
    going = Phases({}, {"git": NOON}, PhaseStart("git", NOON), now)
    left = usual_git_and_merge().left(timedelta(seconds=spent), going, now)
    assert left is not None
    assert left.low >= timedelta(seconds=45)


def test_in_a_last_phase_that_is_slow_nothing_is_promised() -> None:
    now = NOON + timedelta(minutes=5)
    first = {"git": NOON, "merge": NOON}
    going = Phases({}, first, PhaseStart("merge", NOON), now)
    assert usual_git_and_merge().left(timedelta(minutes=5), going, now) is None


def test_a_run_at_its_end_has_no_time_left() -> None:
    going = Run("a", NOON, "running")
    usual = duration_stats_of([PastRun(timedelta(minutes=5))] * 5)
    for step, expected in ((65, True), (100, False)):
        report = RunReport(going, Timeline("progress", (Step(NOON, "x", step),)), usual=usual)
        assert (report.left(NOON + timedelta(minutes=1)) is not None) == expected

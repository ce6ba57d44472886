"""Statistics of an automation's runs."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from clawtui.model.runs.durations import Range, Spread
from clawtui.model.runs.judgement import RunState
from clawtui.model.runs.run import Run
from clawtui.model.runs.run_stats import HourCount, run_stats
from tests.gateway_root import NOON

MINUTE = timedelta(minutes=1)


def run(status: RunState | None, hours: int, minutes: int | None = 1) -> Run:
    return Run("a", NOON - timedelta(hours=hours), status, None if minutes is None else minutes * 60_000)


def test_cancelled_and_unfinished_runs_do_not_affect_the_rate() -> None:
    runs = [run("running", 0, None), run("success", 1), run("failed", 2), run("partial", 3), run("cancelled", 4)]
    stats = run_stats([*runs, run("skipped", 5), run(None, 6)], ZoneInfo("UTC"))
    assert (stats.succeeded, stats.attempts, stats.success_percentage) == (1, 3, 33)
    assert stats.completed == Spread((MINUTE, MINUTE))
    assert run_stats([], None).success_percentage is None


def test_nine_in_ten_is_without_a_twentieth_at_each_end() -> None:
    assert Spread.of(number * MINUTE for number in range(101)).nine_in_ten == Range(5 * MINUTE, 95 * MINUTE)
    assert Spread.of([MINUTE, MINUTE]).nine_in_ten is None


def test_the_hours_of_the_week_are_in_the_zone() -> None:
    assert f"{NOON:%a %H}" == "Sun 12"
    runs = [run("success", 0), run("failed", 0), run("success", 24)]
    assert run_stats(runs, ZoneInfo("Asia/Tokyo")).hours == {(6, 21): HourCount(2, 1), (5, 21): HourCount(1, 0)}

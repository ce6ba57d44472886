"""Who ran when, on a time axis."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from clawtui.model.runs.dispatch_history import ActivityRow, DispatchHistory, RunSpan, SkippedDispatch
from clawtui.model.runs.slot_lanes import LaneRun
from clawtui.tui.panes.activity.lines import activity_lines
from clawtui.tui.widgets.line import Line, width_of
from tests.gateway_root import NOON

HOUR = timedelta(hours=1)
SINCE = NOON - 6 * HOUR


def texts(lines: list[Line]) -> list[str]:
    return ["".join(span.text for span in line).rstrip() for line in lines]


def shown(*rows: ActivityRow, dispatches: DispatchHistory | None = None, width: int = 120) -> list[str]:
    return texts(activity_lines(rows, dispatches or DispatchHistory(), SINCE, NOON, UTC, width))


def test_the_bar_of_a_run_has_its_duration_and_the_mark_of_its_result() -> None:
    failed = RunSpan(NOON - 4 * HOUR, NOON - 2 * HOUR, "failed")
    row = shown(ActivityRow("Sync Main", (failed,), ()))[2]
    assert "━✗" in row
    assert 15 < row.count("━") < 30
    assert row.endswith("1 run · 1 failed")


def test_the_bar_of_a_run_in_progress_ends_at_the_present() -> None:
    row = shown(ActivityRow("Sync Main", (RunSpan(NOON - HOUR, None, "running"),), ()), width=90)[2]
    assert row.startswith("▸ Sync Main")
    assert row.endswith("━▸")


def test_a_skip_shows_the_letter_of_its_reason() -> None:
    passed = (
        SkippedDispatch(NOON - HOUR, "a", "repository-locked"),
        SkippedDispatch(NOON - 2 * HOUR, "a", "repository-locked"),
        SkippedDispatch(NOON - 3 * HOUR, "a", "concurrency-limit"),
    )
    lines = shown(ActivityRow("Sync Main", (), passed))
    assert (lines[2].count("L"), lines[2].count("C")) == (2, 1)
    assert "3× repository-locked" in lines[2]
    assert "skipped      C concurrency-limit   L repository-locked" in lines


def test_an_unknown_reason_is_in_the_legend() -> None:
    lines = shown(ActivityRow("Sync Main", (), (SkippedDispatch(NOON - HOUR, "a", "out of quota"),)))
    assert "skipped      S out of quota" in lines


def test_the_dispatcher_has_a_dot_for_each_time_it_looked_for_work() -> None:
    lines = shown(dispatches=DispatchHistory(tuple(NOON - n * HOUR for n in (5, 3, 1))))
    assert lines[1].count("·") == 3
    assert "nothing ran" in lines[2]


def test_the_axis_has_the_times_of_day() -> None:
    assert "╵08:00" in shown()[0]


INSTANTS = st.datetimes(datetime(2025, 1, 25), datetime(2025, 1, 27), timezones=st.just(UTC))
RUNS = st.builds(RunSpan, INSTANTS, INSTANTS, st.sampled_from(["success", "failed", "partial", "cancelled"]))
PASSED = st.builds(
    SkippedDispatch, INSTANTS, st.just("a"), st.sampled_from(["repository-locked", "concurrency-limit", ""])
)


@given(st.lists(RUNS, max_size=4), st.lists(PASSED, max_size=4), st.integers(40, 160))
def test_no_row_is_wider_than_the_pane(ran: list[RunSpan], passed: list[SkippedDispatch], width: int) -> None:
    rows = [ActivityRow("Sync Main", tuple(ran), tuple(passed))]
    lines = activity_lines(rows, DispatchHistory(), SINCE, NOON, UTC, width)
    assert all(width_of(line) <= width for line in lines[:3])


def test_a_lane_for_each_slot_shows_which_automation_had_it() -> None:
    runs = (
        LaneRun("Sync Main", "a", RunSpan(NOON - 5 * HOUR, NOON - 3 * HOUR, "failed")),
        LaneRun("同步同步同步", "b", RunSpan(NOON - 2 * HOUR, None, "running")),
    )
    rows = [ActivityRow("Sync Main", (runs[0].span,), (), "a"), ActivityRow("同步", (runs[1].span,), (), "b")]
    lines = activity_lines(rows, DispatchHistory(), SINCE, NOON, UTC, 140, (0, runs[0].span.began), [runs, (), ()], 2)
    lane, empty, beyond = texts(lines)[2:5]
    assert "━Sync Main━" in lane
    assert "━同步同步同步━" in lane
    assert lane.endswith("▸  2 runs")
    assert (empty, beyond) == ("slot 2", "beyond 2 slots")
    assert [span.text for span in lines[2] if span.role == "match"] == [lane[lane.index("━") : lane.index("✗") + 1]]
    assert {width_of(line) for line in lines[:7]} == {140}

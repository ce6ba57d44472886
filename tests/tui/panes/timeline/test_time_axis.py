"""A run on a time axis."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from clawtui.model.runs.durations import DurationStats, PastRun, Phases, PhaseStart, duration_stats_of
from clawtui.model.runs.log_summary import LogSummary
from clawtui.model.runs.report import RunReport
from clawtui.model.runs.run import Run
from clawtui.model.runs.timeline import Step, Timeline
from clawtui.tui.panes.timeline.time_axis import USUAL_BAND, axis_lines
from clawtui.tui.widgets.charts import TimeScale
from clawtui.tui.widgets.line import Line, width_of
from tests.gateway_root import NOON

MINUTE = timedelta(minutes=1)
BAR = "█▉▊▋▌▍▎▏"


def texts(lines: list[Line]) -> list[str]:
    return ["".join(span.text for span in line).rstrip() for line in lines]


def steps(*minutes: float, current: bool = False, failed: bool = False) -> tuple[Step, ...]:
    """Return milestones one after the other, each so many minutes long."""
    made: list[Step] = []
    at = NOON
    for number, minute in enumerate(minutes):
        last = number == len(minutes) - 1
        took = minute * MINUTE
        made.append(Step(at, f"step {number}", None, took, current=current and last, failed=failed and last))
        at += took
    return tuple(made)


def phases(git: float, merge: float) -> Phases:
    came = NOON + git * MINUTE
    return Phases({"git": git * MINUTE}, {"git": NOON, "merge": came}, PhaseStart("merge", came), came + merge * MINUTE)


def usual(*merges: float) -> DurationStats:
    return duration_stats_of([PastRun((1 + merge) * MINUTE, phases(1, merge)) for merge in merges])


def page(status: str, story: LogSummary, known: DurationStats) -> RunReport:
    run = Run("a", NOON, "running" if status == "running" else "success", None if status == "running" else 600_000)
    return RunReport(run, Timeline(), story, known)


def bar_of(line: str) -> str:
    """Return what is drawn of a milestone."""
    return "".join(character for character in line if character in BAR)


def eighths_of(line: str) -> int:
    """Return the length of what is drawn of a milestone or phase; a word may be inside it."""
    within = re.search("█ longest (?=[█▏▎▍▌▋▊▉]|$)", line)
    return sum(8 - "█▉▊▋▌▍▎▏".index(character) for character in bar_of(line)) + 8 * (
        len(within[0]) - 1 if within else 0
    )


def test_each_bar_begins_where_the_last_ended_and_the_longest_is_marked() -> None:
    lines = texts(axis_lines(steps(1, 6, 3), None, NOON, 100))
    bars = [line for line in lines if "step" in line]
    assert [len(bar_of(line)) > 0 for line in bars] == [True, True, True]
    starts = [line.index(bar_of(line)[0]) for line in bars]
    assert starts == sorted(starts)
    assert [("longest" in line) for line in bars] == [False, True, False]
    assert "60%" in bars[1]


def test_ticks_tell_the_time_since_the_start() -> None:
    ticks = texts(axis_lines(steps(1, 6, 3), None, NOON, 120))[0].split()
    assert ticks[:4] == ["╵0s", "╵2m", "╵4m", "╵6m"]


def test_the_bar_of_the_current_milestone_grows_with_time() -> None:
    early = texts(axis_lines(steps(1, 1, current=True), None, NOON + 2 * MINUTE, 100))
    late = texts(axis_lines(steps(1, 1, current=True), None, NOON + 9 * MINUTE, 100))
    assert "1m00s" in early[2] and "8m00s" in late[2]
    assert len(bar_of(late[2])) > len(bar_of(early[2]))
    assert late[2].startswith("▸")


def test_the_milestone_at_which_a_run_failed_is_marked() -> None:
    assert texts(axis_lines(steps(1, 2, failed=True), None, NOON, 100))[2].startswith("✗ step 1")


def test_a_phase_that_took_longer_than_nine_in_ten_is_called_slow_and_the_usual_range_is_shaded() -> None:
    story = LogSummary(phases=phases(1, 9))
    lines = texts(axis_lines(steps(1, 9), page("success", story, usual(1, 2, 3, 4)), NOON, 120))
    merge = next(line for line in lines if line.startswith("  merge"))
    git = next(line for line in lines if line.startswith("  git"))
    assert re.match(r"  merge +2–3m +9m00s slow  █", merge)
    assert re.match(r"  git +about 1m +1m00s       █", git)
    assert "against 4 past runs" in "\n".join(lines)
    assert any(USUAL_BAND in line for line in lines)


def test_two_past_runs_are_compared_with_nothing() -> None:
    story = LogSummary(phases=phases(1, 9))
    text = "\n".join(texts(axis_lines(steps(1, 9), page("success", story, usual(1, 2)), NOON, 120)))
    assert "too few" in text
    assert USUAL_BAND not in text


def test_the_axis_of_a_run_in_progress_reaches_to_its_expected_end() -> None:
    going = page("running", LogSummary(phases=phases(1, 1)), usual(9, 9, 9))
    lines = texts(axis_lines(steps(1, 1, current=True), going, NOON + 2 * MINUTE, 120))
    assert "10m" in lines[0] or "8m" in lines[0]
    assert len(bar_of(lines[2])) < 20


def test_nothing_is_drawn_of_no_milestones() -> None:
    assert axis_lines((), None, NOON, 100) == []


@given(st.lists(st.floats(0, 600), min_size=1, max_size=12), st.integers(40, 200))
def test_no_line_is_wider_than_the_pane_and_every_milestone_has_a_bar(minutes: list[float], width: int) -> None:
    lines = axis_lines(steps(*minutes, current=True), None, NOON + sum(minutes) * MINUTE, width)
    assert all(width_of(line) <= width for line in lines)
    assert all(bar_of(text) for text in texts(lines)[1 : 1 + len(minutes)])


INSTANTS = st.datetimes(datetime(2025, 1, 1), datetime(2025, 2, 1), timezones=st.just(UTC))


@given(INSTANTS, INSTANTS, INSTANTS, INSTANTS, st.integers(1, 300))
def test_an_earlier_milestone_is_never_further_right(
    start: datetime, end: datetime, one: datetime, other: datetime, width: int
) -> None:
    scale = TimeScale(min(start, end), max(start, end), width)
    earlier, later = sorted((one, other))
    assert 0 <= scale.column(earlier) <= scale.column(later) < width
    first, last = scale.stretch(earlier, later)
    assert 0 <= first < last <= width


@given(INSTANTS, st.timedeltas(timedelta(seconds=30), timedelta(days=10)), st.integers(20, 300))
def test_ticks_are_apart_and_within(start: datetime, whole: timedelta, width: int) -> None:
    scale = TimeScale(start, start + whole, width)
    for columns in (
        [scale.column(start + at) for at in scale.ticks(8)],
        [scale.column(at) for at in scale.clock_ticks(8, UTC)],
    ):
        assert all(later - earlier >= 7 for earlier, later in pairwise(columns))
    assert all(start <= at <= start + whole for at in scale.clock_ticks(8, UTC))


def test_a_label_without_room_beside_its_bar_is_drawn_in_it() -> None:
    line = texts(axis_lines(steps(0.2, 9), None, NOON, 60))[2]
    assert "█ longest █" in line


SECONDS = st.floats(0, 5000)


@given(st.lists(SECONDS, min_size=1, max_size=8), st.lists(SECONDS, min_size=1, max_size=6), st.integers(60, 200))
def test_a_longer_bar_is_a_longer_time_among_steps_and_phases(
    lasted: list[float], spent: list[float], width: int
) -> None:
    given_steps = steps(*(seconds / 60 for seconds in lasted))
    times = {f"phase-{number}": timedelta(seconds=seconds) for number, seconds in enumerate(spent)}
    past = duration_stats_of([PastRun(MINUTE, phases(1, 1))] * 3)
    lines = texts(axis_lines(given_steps, page("success", LogSummary(phases=Phases(times)), past), NOON, width))
    drawn = [(step.took or timedelta(0), eighths_of(lines[1 + at])) for at, step in enumerate(given_steps)]
    for phase, took in times.items():
        drawn.append((took, eighths_of(next(line for line in lines if line.startswith(f"  {phase} ")))))
    drawn.sort()
    assert [length for _, length in drawn] == sorted(length for _, length in drawn)
    assert all(length > 0 for _, length in drawn)


def test_the_usual_range_ends_in_an_arrow_where_the_axis_ends_before_it() -> None:
    lines = texts(
        axis_lines(steps(1, 1), page("success", LogSummary(phases=phases(1, 1)), usual(1.2, 1.5, 9)), NOON, 100)
    )
    merge = next(line for line in lines if line.startswith("  merge"))
    assert merge.endswith(f"{USUAL_BAND}→")
    assert all(width_of(line) <= 100 for line in axis_lines(steps(1, 1), None, NOON, 100))

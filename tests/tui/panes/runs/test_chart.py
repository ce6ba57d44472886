"""The chart of runs: the height of a column is the duration, and no line is wider than the pane."""

from __future__ import annotations

from datetime import UTC, timedelta

from hypothesis import given
from hypothesis import strategies as st

from clawtui.model.runs.judgement import RunState
from clawtui.model.runs.run import Run
from clawtui.model.runs.run_stats import run_stats
from clawtui.tui.panes.runs.chart import ROWS, chart_lines
from clawtui.tui.widgets.line import Line, width_of
from tests.gateway_root import NOON

LEVELS = " ▁▂▃▄▅▆▇█"


def run(seconds: float | None, status: RunState = "success", hours: int = 1) -> Run:
    return Run("a", NOON - timedelta(hours=hours), status, None if seconds is None else seconds * 1000)


def drawn(runs: list[Run], width: int = 120) -> list[str]:
    return texts(chart_lines(runs, run_stats(runs, UTC), width, whole=True))


def texts(lines: list[Line]) -> list[str]:
    return ["".join(span.text for span in line) for line in lines]


def heights(lines: list[str], count: int) -> list[int]:
    """Return the heights of the first columns in eighths of a cell, where each column has a run."""
    columns = [[line[8 + at] for line in lines[1:]] for at in range(count)]
    return [sum(8 if cell == "▲" else max(0, LEVELS.find(cell)) for cell in column) for column in columns]


def test_median_band_outliers_and_failures_are_drawn() -> None:
    runs = [run(60), run(62), run(61), run(None, "running", 0), run(5000, "failed"), run(63), run(90, "cancelled")] * 12
    lines = drawn(runs)
    assert "success 80 % (48 of 60) · median 1m01s ─ · nine in ten 1m00s to 1m03s ░" in lines[0]
    assert lines[0].rstrip().endswith("runs by hour")
    assert all(mark in lines[ROWS] for mark in "▸✗–")
    assert "▲" in lines[1]
    assert any(line.startswith("  1m01s┤") and "─" in line for line in lines)
    assert any("░" in line for line in lines)


def test_an_automation_that_never_ran_has_an_empty_chart() -> None:
    lines = drawn([])
    assert "too few runs" in lines[0]
    assert len(lines) == ROWS + 1


RUNS = st.lists(
    st.builds(
        run,
        st.none() | st.floats(0, 10**7),
        st.sampled_from(["success", "failed", "lost", "partial", "running", "unknown"]),
        st.integers(0, 200),
    ),
    max_size=60,
)


@given(RUNS, st.integers(20, 200), st.booleans())
def test_every_line_is_as_wide_as_the_pane(runs: list[Run], width: int, whole: bool) -> None:
    lines = chart_lines(runs, run_stats(runs, UTC), width, whole=whole)
    assert {width_of(line) for line in lines} == {width}
    assert len(lines) == (ROWS + 1 if whole else 1)


@given(st.lists(st.floats(0, 10**6), min_size=45, max_size=80))
def test_a_higher_column_is_a_longer_time(seconds: list[float]) -> None:
    runs = [run(took) for took in seconds]
    found = sorted(zip((one.took for one in reversed(runs)), heights(drawn(runs), len(runs)), strict=True))
    assert [height for _, height in found] == sorted(height for _, height in found)
    assert all(height > 0 for _, height in found)

"""Runs as a row of marks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawtui.tui.widgets.charts import RunEnd, progress_bar, sparkline
from clawtui.tui.widgets.line import width_of

ENDINGS = st.lists(
    st.tuples(
        st.sampled_from(["success", "partial", "failed", "cancelled", "running", None]),
        st.none() | st.timedeltas(timedelta(0), timedelta(days=2)),
    )
)


def text(*runs: RunEnd) -> str:
    return "".join(span.text for span in sparkline(runs))


def test_the_bar_of_a_success_has_the_height_of_its_duration_and_failures_are_marked() -> None:
    runs: list[RunEnd] = [("success", timedelta(minutes=minutes)) for minutes in (1, 4, 8)]
    assert text(*runs, ("failed", timedelta(minutes=30)), ("partial", None), ("cancelled", None)) == "▂▅█✗◐–"
    assert text((None, None), ("running", None)) == "?▸"


def test_a_run_that_took_no_time_breaks_nothing() -> None:
    assert text(("success", timedelta(0)), ("success", None)) == "✓✓"


@given(ENDINGS)
def test_each_run_takes_one_cell(runs: list[RunEnd]) -> None:
    assert width_of(sparkline(runs)) == len(runs)


@pytest.mark.parametrize(
    ("percentage", "bar"),
    [(0, "────"), (1, "────"), (4, "▏───"), (50, "██──"), (99, "███▉"), (100, "████"), (-5, "────"), (250, "████")],
)
def test_a_bar_grows_in_eighths_of_a_cell(percentage: float, bar: str) -> None:
    assert "".join(span.text for span in progress_bar(percentage, 4)) == bar

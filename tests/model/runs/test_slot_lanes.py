"""The runs of the last hours in lanes, one for each slot."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from clawtui.model.documents.concurrency import Slot
from clawtui.model.runs.dispatch_history import ActivityRow, RunSpan
from clawtui.model.runs.slot_lanes import slot_lanes
from tests.gateway_root import NOON

MINUTE = timedelta(minutes=1)


def row(id: str, *spans: RunSpan) -> ActivityRow:
    return ActivityRow(id.title(), spans, (), id, id)


def going(began: int) -> RunSpan:
    return RunSpan(NOON - began * MINUTE, None, "running")


def past(began: int, ended: int) -> RunSpan:
    return RunSpan(NOON - began * MINUTE, NOON - ended * MINUTE, "success")


def slot(id: str, number: int) -> Slot:
    return Slot(automation_id=id, session_id="s", acquired_at=NOON, slot_number=number)


def test_a_run_that_is_going_is_in_the_lane_of_its_slot_and_past_ones_in_the_first_free_lane() -> None:
    rows = [row("a", going(5), past(60, 40)), row("b", past(50, 30)), row("c", past(20, 10))]
    lanes = slot_lanes(rows, [slot("a", 2)])
    assert [[(run.name, run.span.ended) for run in lane] for lane in lanes] == [
        [("A", NOON - 40 * MINUTE), ("C", NOON - 10 * MINUTE)],
        [("B", NOON - 30 * MINUTE), ("A", None)],
    ]


def test_a_slot_number_beyond_all_reason_makes_no_lanes() -> None:
    assert len(slot_lanes([row("a", going(5))], [slot("a", 10**9)])) == 1


SPANS = st.builds(lambda began, took: past(began, began - took), st.integers(0, 300), st.integers(0, 60))
ROWS = st.lists(st.lists(SPANS, max_size=5), max_size=6)


@given(ROWS, st.lists(st.integers(1, 6), max_size=4))
def test_no_run_is_lost_and_no_two_in_a_lane_overlap(spans: list[list[RunSpan]], numbers: list[int]) -> None:
    rows = [row(f"past-{at}", *some) for at, some in enumerate(spans)]
    rows += [row(f"going-{at}", going(at)) for at in range(len(numbers))]
    lanes = slot_lanes(rows, [slot(f"going-{at}", number) for at, number in enumerate(numbers)])
    assert sorted(run.span.began for lane in lanes for run in lane) == sorted(
        span.began for one in rows for span in one.ran
    )
    for lane in lanes:
        for before, after in pairwise(lane):
            assert before.span.ended is not None
            assert before.span.ended <= after.span.began

"""The state of a run as a value."""

from __future__ import annotations

from datetime import timedelta
from typing import get_args

import pytest
from msgspec.structs import replace

from clawtui.model.runs.judgement import BAD, GOING, RunJudgement, RunState, as_state
from clawtui.presentation.roles import RUN_ROLE
from clawtui.tui.terminal.glyphs import RUN_MARK
from tests.model.fleets import NOON

STATES = get_args(RunState)


def test_a_lost_run_has_a_time_and_a_reason() -> None:
    lost = RunJudgement("lost", reason="its process is gone", ended=NOON - timedelta(minutes=4))

    assert lost.text(NOON) == "lost 4m ago: its process is gone"
    assert lost.needs_attention
    assert not lost.is_going


def test_a_status_that_is_not_understood_is_shown_in_the_gateways_word() -> None:
    assert RunJudgement("unknown", word="frobnicated").text(NOON) == "“frobnicated”"
    assert RunJudgement("unknown").text(NOON) == "unknown"


@pytest.mark.parametrize("name", [name for name in RunJudgement.__struct_fields__ if name != "facts"])
def test_two_judgements_differ_in_anything_but_their_facts(name: str) -> None:
    judged = RunJudgement("lost", ("silent for 4m",))
    later, other = replace(judged, facts=("silent for 5m",)), replace(judged, **{name: "another"})
    assert (judged == later, judged != later, hash(judged) == hash(later)) == (True, False, True)
    assert (judged == other, judged != other) == (False, True)
    assert (judged == "lost", judged != "lost") == (False, True)


def test_no_state_is_both_going_and_in_need_of_a_hand() -> None:
    assert not GOING & BAD
    assert set(STATES) >= GOING | BAD


def test_each_state_has_a_mark_and_a_role_and_bad_ones_look_bad() -> None:
    assert set(RUN_ROLE) == set(RUN_MARK) == set(STATES)
    assert {state for state, role in RUN_ROLE.items() if role == "bad"} == set(BAD)


@pytest.mark.parametrize("state", [state for state in STATES if state != "unknown"])
def test_each_state_is_understood_in_any_spelling(state: RunState) -> None:
    for word in (state, state.upper(), state.replace(" ", "_"), state.replace(" ", "-")):
        assert as_state(word) == state


@pytest.mark.parametrize(
    ("word", "state"),
    [
        *[(word, "success") for word in ("complete", "completed", "done", "finished", "ok", "succeeded")],
        *[(word, "cancelled") for word in ("canceled", "aborted", "stopped")],
        *[("error", "failed"), ("abandoned", "lost"), ("in_progress", "running"), ("frobnicated", None), ("", None)],
    ],
)
def test_other_words_for_states(word: str, state: RunState | None) -> None:
    assert as_state(word) == state

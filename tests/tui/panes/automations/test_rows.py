"""The rows of the automations after any changes are those that would be made from nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from clawtui.model.fleet import Automation, Workspace
from clawtui.tui.panes.automations.rows import SORTS, AutomationRows
from tests.model.fleets import automation, unreadable
from tests.tui.panes.automations.test_cells import going

IDS = ("a", "b", "c")
STATES = st.fixed_dictionaries(
    {
        "automations": st.dictionaries(st.sampled_from(["x/a", "x/b", "y/a", "y/c"]), st.booleans()),
        "workspaces": st.dictionaries(st.sampled_from(IDS), st.booleans()),
    }
)
READABLE = {each: automation(each) for each in IDS}
UNREADABLE = {each: unreadable(each) for each in IDS}
RUNNING, RESTING = going(), Workspace("a")


def fleet(state: dict[str, dict[str, bool]]) -> tuple[dict[str, Automation], dict[str, Workspace]]:
    """Generate automations, readable or not, and workspaces with a run or without; objects are shared as in a fleet."""
    automations = {key: (READABLE if good else UNREADABLE)[key[-1]] for key, good in state["automations"].items()}
    return automations, {key: RUNNING if runs else RESTING for key, runs in state["workspaces"].items()}


@given(st.lists(STATES, min_size=1, max_size=6))
def test_after_any_changes_the_rows_are_those_of_the_last_state(states: list[dict[str, dict[str, bool]]]) -> None:
    rows = AutomationRows()
    shown: list[str] = []
    for state in states:
        automations, workspaces = fleet(state)
        if rows.update(automations, workspaces):
            shown = sorted(rows.keys("", "urgency", reverse=False))
        fresh = AutomationRows()
        fresh.update(automations, workspaces)
        assert shown == sorted(fresh.keys("", "urgency", reverse=False))
        for sort in SORTS:
            assert [rows.has_failed(key) for key in sorted(rows.keys("", sort, reverse=False))] == [
                fresh.has_failed(key) for key in sorted(fresh.keys("", sort, reverse=False))
            ]
        assert rows.totals() == fresh.totals()


def test_update_returns_whether_rows_move() -> None:
    rows = AutomationRows()
    automations = {"x/a": READABLE["a"], "x/b": READABLE["b"]}
    assert rows.update(automations, {"a": RUNNING}) is True
    assert rows.update(automations, {"a": going()}) is False
    assert rows.update({**automations}, {"a": RESTING}) is True
    assert rows.update({"x/b": READABLE["b"]}, {"a": RESTING}) is True
    assert rows.keys("", "name", reverse=False) == ["x/b"]

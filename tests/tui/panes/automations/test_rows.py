"""The rows of the automations after any changes are those that would be made and sorted from nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawtui.model.fleet import Automation, Workspace
from clawtui.tui.panes.automations import rows as rows_module
from clawtui.tui.panes.automations.row_values import SORTS
from clawtui.tui.panes.automations.rows import AutomationRows
from clawtui.tui.widgets.line import Line, Role
from tests.model.fleets import automation, unreadable
from tests.tui.panes.automations.test_cells import going

NOON = datetime(2025, 1, 26, 12, tzinfo=UTC)
KEYS = ("x/a", "x/b", "y/a", "y/c", "z/d", "z/e")
FAILED = {"timestamp": "2025-01-26T10:00:00.000Z", "status": "failed", "duration": 1000, "summary": "refused"}
KINDS: dict[str, tuple[Automation, ...]] = {
    id: (
        automation(id),
        automation(id, name="same"),
        automation(id, enabled=False),
        automation(id, nextRun="2025-01-26T13:00:00.000Z"),
        automation(id, lastRun=FAILED, runHistory=[FAILED]),
        automation(id, lastRun={**FAILED, "status": "cancelled"}, runHistory=[FAILED]),
        unreadable(id),
    )
    for id in {key[-1] for key in KEYS}
}
RUNNING, RESTING = going(), Workspace("a")
STATES = st.fixed_dictionaries(
    {
        "automations": st.dictionaries(st.sampled_from(KEYS), st.integers(0, len(KINDS["a"]) - 1)),
        "workspaces": st.dictionaries(st.sampled_from(sorted(KINDS)), st.booleans()),
        "seen": st.sets(st.sampled_from(sorted(KINDS))),
    }
)
ORDERS = st.tuples(st.sampled_from(["", "a", "same", "running", "failed"]), st.sampled_from(SORTS), st.booleans())
Content = tuple[list[str], list[tuple[int, Role]], Line, object, int, int]


def content_of(rows: AutomationRows, query: str, sort: str, *, reverse: bool) -> Content:
    """Return all that the pane shows of the rows."""
    keys = rows.keys(query, sort, reverse=reverse)
    return keys, rows.marks(keys), rows.totals(), rows.needs(), rows.count_failed(), rows.count_running()


@pytest.mark.parametrize("most_single", [0, 32], ids=["sorted again", "moved one by one"])
@given(states=st.lists(STATES, min_size=1, max_size=8), orders=st.lists(ORDERS, min_size=1, max_size=3))
def test_after_any_changes_the_rows_are_those_of_the_last_state(
    most_single: int, states: list[dict[str, dict[str, int]]], orders: list[tuple[str, str, bool]]
) -> None:
    rows, seen = AutomationRows(), set[str]()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rows_module, "_MOST_SINGLE", most_single)
        for number, state in enumerate(states):
            automations = {key: KINDS[key[-1]][kind] for key, kind in state["automations"].items()}
            workspaces = {id: RUNNING if runs else RESTING for id, runs in state["workspaces"].items()}
            rows.update(automations, workspaces)
            seen |= set(state["seen"])
            for id in state["seen"]:
                rows.mark_seen(id, NOON - timedelta(hours=2))
            query, sort, reverse = orders[number * len(orders) // len(states)]
            fresh = AutomationRows()
            for id in seen:
                fresh.mark_seen(id, NOON - timedelta(hours=2))
            fresh.update(dict(sorted(automations.items(), reverse=True)), workspaces)
            found = content_of(rows, query, sort, reverse=reverse)
            assert found == content_of(fresh, query, sort, reverse=reverse)
            assert found[1] == rows.marks(list(found[0]))
            ordered = [(rows.order_of(key, sort), key) for key in found[0]]
            assert ordered == sorted(ordered, reverse=reverse)


def test_update_returns_whether_rows_move() -> None:
    rows = AutomationRows()
    automations = {"x/a": KINDS["a"][0], "x/b": KINDS["b"][0]}
    assert rows.update(automations, {"a": RUNNING}) is True
    assert rows.update(automations, {"a": going()}) is False
    assert rows.update({**automations}, {"a": RESTING}) is True
    assert rows.update({"x/b": KINDS["b"][0]}, {"a": RESTING}) is True
    assert rows.keys("", "name", reverse=False) == ["x/b"]

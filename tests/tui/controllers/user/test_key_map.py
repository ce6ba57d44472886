"""Which keys there are, and how they are remapped."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawtui.tui.controllers.user.key_map import FORBIDDEN, HARMLESS, check_keys, operations

IDS = st.sampled_from(sorted(operations()))
KEYS = st.sampled_from(["f5", "x", "j", "ctrl+s", "?", ",", "G", "ctrl+g", "delete", "nonsense", "", "alt+x", "Esc"])


def test_every_operation_of_the_contract_has_its_key() -> None:
    contract = {
        "general.help": ["question_mark"],
        "general.palette": ["colon", "ctrl+p"],
        "general.open": ["enter"],
        "general.back": ["escape"],
        "general.quit": ["q"],
        "general.rescan": ["R"],
        "general.pause": ["p"],
        "general.suspend": ["ctrl+z"],
        "general.details": ["d"],
        "general.log": ["L"],
        "general.copy": ["y"],
        "general.pager": ["v"],
        "general.edit": ["e"],
        "general.undo": ["U"],
        "pane.automations": ["1"],
        "pane.timeline": ["2"],
        "pane.log": ["3"],
        "pane.locks": ["4"],
        "pane.next": ["tab"],
        "pane.zoom": ["z"],
        "move.up": ["up", "k"],
        "move.down": ["down", "j"],
        "move.top": ["home", "g"],
        "move.bottom": ["end", "G"],
        "move.page-up": ["pageup", "b"],
        "move.page-down": ["pagedown", "space"],
        "move.half-up": ["ctrl+u"],
        "move.half-down": ["ctrl+d"],
        "move.left": ["left", "h"],
        "move.right": ["right", "l"],
        "table.filter": ["slash"],
        "table.sort-before": ["less_than_sign"],
        "table.sort-next": ["greater_than_sign"],
        "table.reverse": ["r"],
        "automations.enable": ["plus"],
        "automations.disable": ["minus"],
        "locks.release": ["X"],
    }
    assert {id_: list(operations()[id_].keys) for id_ in contract} == contract


def test_every_operation_has_a_valid_id_and_a_description() -> None:
    for operation in operations().values():
        assert re.fullmatch(r"[a-z]+\.[a-z0-9-]+", operation.id), operation
        assert operation.meaning, operation


def test_no_key_is_one_of_a_multiplexer_and_nothing_dangerous_is_pressed_without_thinking() -> None:
    for operation in operations().values():
        assert not set(operation.keys) & set(FORBIDDEN)
        assert not (operation.is_dangerous and set(operation.keys) & set(HARMLESS)), operation
    assert operations()["locks.release"].is_dangerous


@pytest.mark.parametrize(
    ("wish", "keymap"),
    [
        ({"pane.zoom": "f5"}, {"pane.zoom": "f5"}),
        ({"pane.zoom": "F5, Ctrl-G"}, {"pane.zoom": "f5,ctrl+g"}),
        ({"pane.zoom": "%"}, {"pane.zoom": "percent_sign"}),
        ({"pane.zoom": ","}, {"pane.zoom": "comma"}),
        ({"pane.zoom": "O"}, {"pane.zoom": "O"}),
        ({"general.help": "f1,?"}, {"general.help": "f1,question_mark"}),
        ({"table.reverse": "y", "general.copy": "r"}, {"table.reverse": "y", "general.copy": "r"}),
        ({"general.help": "?"}, {}),
    ],
)
def test_a_wish_that_can_be_granted_is(wish: dict[str, str], keymap: dict[str, str]) -> None:
    assert check_keys(wish) == (keymap, ())


@pytest.mark.parametrize(
    ("id_", "keys", "why"),
    [
        ("pane.zom", "x", "there is pane.zoom"),
        ("pane.zoom", "ctrl+q", "multiplexers"),
        ("pane.zoom", "ctrl+banana", "is no key"),
        ("pane.zoom", "hyperspace", "is no key"),
        ("pane.zoom", " ", "names no key"),
        ("pane.zoom", "j", "the key of move.down already"),
        ("table.reverse", "2", "the key of pane.timeline already"),
        ("locks.release", "backspace", "without thinking"),
    ],
)
def test_an_invalid_key_setting_is_reported_and_ignored(id_: str, keys: str, why: str) -> None:
    check = check_keys({id_: keys})
    assert check.keymap == {}
    assert [fault.id for fault in check.faults] == [id_]
    assert why in check.faults[0].message


def test_places_that_are_never_there_at_once_may_share_a_key() -> None:
    assert check_keys({"locks.release": "f"}).faults == ()


@given(st.dictionaries(IDS, st.lists(KEYS, min_size=1, max_size=2).map(",".join), max_size=4))
def test_each_wish_is_granted_or_refused_with_a_reason_and_no_key_means_two_things(wishes: dict[str, str]) -> None:
    check = check_keys(wishes)
    ids = [fault.id for fault in check.faults]
    unchanged = wishes.keys() - check.keymap.keys() - set(ids)
    assert not set(ids) & check.keymap.keys()
    assert len(ids) == len(set(ids))
    assert all(check_keys({id_: wishes[id_]}).faults == () for id_ in unchanged)
    assert check_keys(check.keymap) == (check.keymap, ())

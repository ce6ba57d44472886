from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawtui.files.json5.diff import Change, Drop, Put, Splice, applied, differences, same
from clawtui.files.json5.serialize import plain
from tests.storage.json5_texts import values


@given(values, values)
def test_the_changes_make_the_new_value_out_of_the_old(old: object, new: object) -> None:
    assert same(applied(old, differences(old, new)), plain(new))


@given(values)
def test_a_value_does_not_differ_from_itself(value: object) -> None:
    assert differences(value, value) == ()


@given(st.lists(values, min_size=1, max_size=8), values)
def test_an_insertion_at_the_front_and_a_removal_at_the_end_move_nothing_else(old: list[object], new: object) -> None:
    changes = differences({"list": [*old, "last"]}, {"list": [["new"], *old]})
    assert changes == (Splice(("list",), 0, 0, (["new"],)), Splice(("list",), len(old), len(old) + 1, ()))


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, ()),
        ({"a": {"b": 1}}, {"a": {"b": 2}}, (Put(("a", "b"), 2),)),
        ({"a": 1}, {"b": 1}, (Drop(("a",)), Put(("b",), 1))),
        ([1, 2, 3], [1, 4, 3], (Put((1,), 4),)),
        ([{"a": 1}], [{"a": 2}, 3], (Put((0, "a"), 2), Splice((), 1, 1, (3,)))),
        (1, True, (Put((), True),)),
        ({"a": 1}, [1], (Put((), [1]),)),
        ({"a": 1.0}, {"a": 1}, ()),
    ],
)
def test_changes_are_as_few_as_can_be(old: object, new: object, changes: tuple[Change, ...]) -> None:
    assert differences(old, new) == changes


def test_values_that_differ_in_json_are_different() -> None:
    assert same(1, 1.0)
    assert same(math.nan, math.nan)
    assert same({"a": [None]}, {"a": [None]})
    for one, other in ((1, True), (0, False), (None, False), ("1", 1), ([], {}), ([1], [1, 2]), ({"a": 1}, {"b": 1})):
        assert not same(one, other)


def test_the_old_value_is_not_modified() -> None:
    old: dict[str, object] = {"a": [1, {"b": 2}]}
    applied(old, [Put(("a", 1, "b"), 3), Splice(("a",), 0, 1, ())])
    assert old == {"a": [1, {"b": 2}]}

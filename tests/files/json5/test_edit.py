from __future__ import annotations

import pyjson5
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawtui.files.json5.diff import Change, Drop, Put, Splice, applied, differences, same
from clawtui.files.json5.document import Malformed
from clawtui.files.json5.edit import CannotEdit, SourceText, edit
from tests.storage.json5_texts import Person, is_subsequence, objects, persons, scalars, second_opinion, values


def edited(text: str, new: object) -> str:
    return edit(SourceText(text), differences(pyjson5.decode(text), new))


@given(objects, objects, persons())
def test_any_commented_text_can_be_made_to_say_anything(old: object, new: object, person: Person) -> None:
    text = person.write(old)
    outcome = edited(text, new)
    assert same(pyjson5.decode(outcome), applied(new, ()))
    assert same(second_opinion(outcome), applied(new, ()))


@given(objects, persons(), st.data())
def test_a_changed_value_changes_its_own_bytes_alone(old: object, person: Person, data: st.DataObject) -> None:
    text = person.write(old)
    path = data.draw(st.sampled_from(sorted(person.spans, key=repr)))
    start, end = person.spans[path]
    outcome = edit(SourceText(text), [Put(path, data.draw(scalars))])
    assert outcome.startswith(text[:start])
    assert outcome.endswith(text[end:])
    assert len(outcome) >= start + len(text) - end


@given(objects, objects, persons())
def test_added_keys_leave_every_byte_that_was_there(
    old: dict[str, object], more: dict[str, object], person: Person
) -> None:
    text = person.write(old)
    assert is_subsequence(text, edited(text, more | old)) or not old


@given(st.lists(values, max_size=5), st.lists(values, max_size=3), st.data(), persons())
def test_items_put_into_a_list_leave_every_byte_that_was_there(
    old: list[object], more: list[object], data: st.DataObject, person: Person
) -> None:
    at = data.draw(st.integers(0, len(old)))
    text = person.write({"list": old})
    outcome = edit(SourceText(text), [Splice(("list",), at, at, tuple(more))])
    assert same(pyjson5.decode(outcome), applied({"list": [*old[:at], *more, *old[at:]]}, ()))
    assert is_subsequence(text, outcome) or not old


@given(st.lists(scalars, max_size=6), st.data(), persons())
def test_items_taken_out_of_a_list_leave_every_comment(old: list[object], data: st.DataObject, person: Person) -> None:
    start = data.draw(st.integers(0, len(old)))
    stop = data.draw(st.integers(start, len(old)))
    text = person.write({"list": old})
    outcome = edit(SourceText(text), [Splice(("list",), start, stop, ())])
    assert same(pyjson5.decode(outcome), applied({"list": old[:start] + old[stop:]}, ()))
    assert is_subsequence(outcome, text)
    assert all(comment in outcome for comment in person.comments)


MINE = """\
// mine
{
  // the id
  id: 'a', enabled : true /* on */,
  "name": "It's", // name
  lastRun: { timestamp: '2025', status: 'success' }, // last
  runHistory: [
    // newest first
    { timestamp: '2025', status: 'success' }, // A
    { timestamp: '2024', status: 'success' } // B
  ],
  empty: {},
  x: 1 // the x
  // bye
}
"""


def test_an_insertion_keeps_the_style_of_a_file() -> None:
    new = pyjson5.decode(MINE)
    run = {"timestamp": "2026", "status": "failed"}
    new |= {"enabled": False, "name": "that", "lastRun": run, "runHistory": [run, *new["runHistory"][:1]]}
    new |= {"empty": {"a": 1}, "nextRun": "2027"}
    assert (
        edited(MINE, new)
        == """\
// mine
{
  // the id
  id: 'a', enabled : false /* on */,
  "name": "that", // name
  lastRun: { timestamp: '2026', status: 'failed' }, // last
  runHistory: [
    // newest first
    { timestamp: '2026', status: 'failed' },
    { timestamp: '2025', status: 'success' } // A
    // B
  ],
  empty: {
    a: 1
  },
  x: 1, // the x
  // bye
  nextRun: '2027'
}
"""
    )


@pytest.mark.parametrize(
    ("text", "new", "outcome"),
    [
        ('{"a":1,"l":[{"a":1},{"a":2}]}', {"a": 2, "l": [{"a": 0}, {"a": 1}]}, '{"a":2,"l":[{"a":0},{"a":1}]}'),
        ("{ a: 1, b: 2 }", {"a": 1}, "{ a: 1 }"),
        ("{ a: 1, b: 2 }", {"b": 2}, "{ b: 2 }"),
        ("{ a: 1, b: 2 }", {"a": 1, "b": 2, "c": {"d": 3}}, "{ a: 1, b: 2, c: { d: 3 } }"),
        ("[1, 2, 3]", [1], "[1]"),
        ("{\r\n\ta: 1\r\n}", {"a": 1, "b": [2]}, "{\r\n\ta: 1,\r\n\tb: [\r\n\t\t2\r\n\t]\r\n}"),
        ("{\n  a: [\n    1,\n    2,\n  ],\n}", {"a": [2]}, "{\n  a: [\n    2,\n  ],\n}"),
        ('{\n  "a": [\n    1,\n    2\n  ]\n}', {"a": [1]}, '{\n  "a": [\n    1\n  ]\n}'),
        ('{\n  "a": [\n    1\n  ]\n}', {"a": []}, '{\n  "a": []\n}'),
        ("{}", {"a": 1}, '{\n  "a": 1\n}'),
        ("{ /* none */ }", {"a": 1}, '{ /* none */\n  "a": 1\n}'),
        ("{a: [// none\n]}", {"a": [1]}, "{a: [// none\n1\n]}"),
        ("{a: 1, a: 2}", {"a": 3}, "{a: 1, a: 3}"),
        ("{a: 1, b: 0, a: 2}", {"b": 0}, "{b: 0}"),
        (r"{'\u0061': 1}", {"a": 2}, r"{'\u0061': 2}"),
        ("\ufeff{a: 'x'}", {"a": "it's"}, '\ufeff{a: "it\'s"}'),
    ],
)
def test_small_edits(text: str, new: object, outcome: str) -> None:
    assert edited(text, new) == outcome


def test_no_change_is_no_edit() -> None:
    assert edit(SourceText(MINE), ()) == MINE


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("{a: 1,", Put(("a",), 2)),
        ("{a: 1}", Put(("b", "c"), 2)),
        ("{a: 1}", Drop(("b",))),
        ("{a: [1]}", Put(("a", 3), 2)),
        ("{a: 1_000}", Put(("a", "b"), 2)),
        ("{a: 1} // \r b", Put(("a",), "\ud800")),
    ],
)
def test_an_unsafe_edit_is_refused(text: str, change: Change) -> None:
    with pytest.raises((CannotEdit, Malformed)):
        edit(SourceText(text), [change])

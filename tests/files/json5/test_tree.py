from __future__ import annotations

import pyjson5
import pytest
from hypothesis import given

from clawtui.files.json5.diff import same
from clawtui.files.json5.tree import Node, NotUnderstood, read_tree
from tests.storage.json5_texts import Person, objects, persons


def spans(node: Node, path: tuple[str | int, ...] = ()) -> dict[tuple[str | int, ...], tuple[int, int]]:
    found = {path: (node.start, node.end)}
    for position, part in enumerate(node.parts or ()):
        found |= spans(part.value, (*path, position if part.key is None else part.key))
    return found


@given(objects, persons())
def test_every_value_is_found_where_it_was_written(value: object, person: Person) -> None:
    text = person.write(value)
    tree = read_tree(text)
    assert spans(tree) == person.spans
    assert same(pyjson5.decode(text[tree.start : tree.end]), pyjson5.decode(text))


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("{\\u0061b: 1, 'c\\x64': 2, \"e\\\nf\": 3}", ["ab", "cd", "ef"]),
        ("{true: 1, Infinity: -Infinity, $: +.5, _: 0x1F}", ["true", "Infinity", "$", "_"]),
        ("{a/* : */: /* , */ 1 // }\n, b: '//'}", ["a", "b"]),
        ("{a\u2003:\ufeff1\u00a0}", ["a"]),
    ],
)
def test_keys_are_read_in_every_notation(text: str, keys: list[str]) -> None:
    assert list(pyjson5.decode(text)) == keys
    assert [part.key for part in read_tree(text).parts or ()] == keys


@pytest.mark.parametrize("text", ["", "{", "{a}", "{a: }", "{a: 1 b: 2}", "[1 2]", "[1,,2]", "{a: 1} x", "'x", "[1}"])
def test_invalid_json5_has_no_tree(text: str) -> None:
    with pytest.raises(NotUnderstood):
        read_tree(text)


def test_of_two_members_with_one_key_the_last_one_counts() -> None:
    part = read_tree("{a: 1, a: 2}").member("a")
    assert part is not None
    assert part.start == 7
    assert read_tree("{}").member("a") is None

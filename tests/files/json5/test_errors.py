from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawtui.files.json5.document import Malformed, parse_json5
from tests.storage.json5_texts import Person, objects, persons


def complaint(text: str) -> str:
    with pytest.raises(Malformed) as caught:
        parse_json5(text.encode())
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is empty"),
        (" \n\t", "is empty"),
        ("// nothing", "is not JSON5: holds no value"),
        ("{\n  a: {\n    b: 1,\n", "the object that begins at line 2, column 6 is not complete"),
        ("[1,\n  2", "the list that begins at line 1, column 1 is not complete"),
        ("{\n  a: 'x\n}", "the text that begins at line 2, column 6 is not complete"),
        ("{a: 1} /* x", "the comment that begins at line 1, column 9 is not complete"),
        ("{\n  a 1\n}", "expects a colon, not “1”, at line 2, column 5"),
        ("{a: 1; b: 2}", "expects a comma or “}”, not “;”, at line 1, column 6"),
        ("{\n  a: yes\n}", "expects a value, not “y”, at line 2, column 6"),
        ("{1: 2}", "expects a key, not “1”, at line 1, column 2"),
        ("{\n  a: tru\n}", "expects “e”, not character U+000A, at line 2, column 9"),
        ("{a: 1,, b: 2}", "has a comma too many at line 1, column 7"),
        ("{a: 1}\nx", "goes on with “x” after its end, at line 2, column 1"),
        ("[" * 101, "is nested too deeply"),
    ],
)
def test_the_reason_names_the_fault_and_its_position(text: str, reason: str) -> None:
    assert complaint(text).endswith(reason)


def test_invalid_utf8_is_reported_with_its_position() -> None:
    with pytest.raises(Malformed, match="is not UTF-8 at byte 6"):
        parse_json5(b"{a: 'x\xff'}")


@given(objects, persons(), st.data())
def test_a_document_that_is_cut_off_is_never_taken_for_whole(old: object, person: Person, data: st.DataObject) -> None:
    text = person.write(old)
    end = data.draw(st.integers(0, person.spans[()][1] - 1))
    reason = complaint(text[:end])
    assert "b'" not in reason
    assert "near" not in reason
    assert "\n" not in reason


@given(st.text(max_size=30))
def test_any_text_raises_only_malformed(text: str) -> None:
    try:
        parse_json5(text.encode())
    except Malformed as error:
        assert "\n" not in str(error)

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawtui.model.documents.log_entry import parse_log_line
from clawtui.model.text.cleaning import replace_lone_surrogates

_any_text = st.text(st.characters() | st.characters(categories=["Cs"]) | st.sampled_from("\\u\"'d8"))


@given(_any_text)
def test_every_half_character_is_replaced_and_nothing_else(text: str) -> None:
    written = json.dumps(text)
    mended = replace_lone_surrogates(written)
    whole = json.loads(written).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    assert len(mended) == len(written)
    assert json.loads(mended) == json.loads(json.dumps(whole))


@pytest.mark.parametrize(
    ("written", "mended"),
    [
        (r'"\ud83d"', r'"\ufffd"'),
        (r'"\uDE00\uD83D"', r'"\ufffd\ufffd"'),
        (r'"\ud83d\ude00"', r'"\ud83d\ude00"'),
        (r'"\ud83d\ud83d\ude00"', r'"\ufffd\ud83d\ude00"'),
        (r'"\\ud83d"', r'"\\ud83d"'),
        (r'"\\\ud83d"', r'"\\\ufffd"'),
        ("'\\\n\\ud83d'", "'\\\n\\ufffd'"),
    ],
)
def test_escapes_in_a_row(written: str, mended: str) -> None:
    assert replace_lone_surrogates(written) == mended


def test_a_log_line_that_was_cut_within_an_emoji_is_an_entry() -> None:
    text = '{"timestamp":"2025-01-26T10:30:00Z","level":"info","phase":"git","message":"a \\ud83d","automationId":"a"'
    line = parse_log_line(text + ',"file":"\\ude00"}')
    assert line.fault is None
    assert line.entry is not None
    assert line.fields == {"file": "\ufffd"}


def test_a_malformed_line_with_half_a_character_stays_as_it_is() -> None:
    text = '{"timestamp":"2025-01-26T10:30:00Z","level":"loud","message":"\\ud83d"}'
    line = parse_log_line(text)
    assert line.text == text
    assert line.fault is not None
    assert line.fault.startswith("level must be")

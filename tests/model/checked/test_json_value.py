"""A JSON text has the same value whether msgspec or pydantic parses it."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic_core import from_json

from clawtui.model.checked.json_value import MOST_LEVELS, parsed_json

_PIECES = (
    '{ } [ ] , : " "a" "a": 1 - 0 -0 . e E + 1e5 1e400 -1e999 0.1 1.0 00 01 1. .5 1e-400 0.30000000000000004 NaN '
    "Infinity -Infinity true false null 123456789012345678901234567890 18446744073709551616 9223372036854775808 \\ \\u "
    "\\ud83d \\ude00 \\u0041 \\n \\/ é 😀 9007199254740993.0 2.2250738585072014e-308 123456789.123456789e-5 // 'a'"
)
_ODD = [" ", "\t", "\n", "\x0b", "\x00", "\x1f", "\x7f", "\ud800", "\ufeff", "\u2028"]
_pieces = st.lists(st.sampled_from([*_PIECES.split(), *_ODD]) | st.characters(), max_size=8).map("".join)
_frames = st.sampled_from(["%s", "[%s]", '{"k":%s}', '"%s"', '{"a":1,"a":%s}', "[1,%s]"])
texts = st.builds(lambda frame, text: frame % text, _frames, _pieces)
nested = st.integers(MOST_LEVELS - 2, MOST_LEVELS + 3).map(lambda levels: "[" * levels + "]" * levels)


def outcome(text: str | bytes, by: str) -> str:
    """Return the value with its types, or the error's kind: both are ValueErrors or TypeErrors to a caller."""
    try:
        return repr(parsed_json(text) if by == "us" else from_json(text))
    except (ValueError, TypeError) as error:
        return type(error).__name__


@given(texts | nested)
@example("1" * 5000)
@example("[" * 300 + "]" * 300)
@example("[" * 100_000)
@example('"\ud800"')
def test_a_text_has_the_value_that_pydantic_gives_it(text: str) -> None:
    assert outcome(text, "us") == outcome(text, "pydantic")
    data = text.encode("utf-8", "surrogatepass")
    assert outcome(data, "us") == outcome(data, "pydantic")


@given(st.binary(max_size=12))
@example(b'{"a": "\xff"}')
def test_bytes_that_are_no_text_are_refused_alike(data: bytes) -> None:
    assert outcome(data, "us") == outcome(data, "pydantic")


def test_a_line_that_was_cut_off_does_not_load_pydantic() -> None:
    script = """
import sys
from clawtui.model.checked.json_value import parsed_json
for text in (b'{"a": 1, "b', b'', b'2}', 'not JSON', '["\\ud800"]'):
    try:
        parsed_json(text)
    except (ValueError, TypeError):
        continue
    raise AssertionError(text)
assert not {"pydantic", "pydantic_core"} & sys.modules.keys()
"""
    subprocess.run([sys.executable, "-c", script], check=True)


def test_only_finite_numbers_are_read_where_that_is_asked() -> None:
    assert parsed_json("[1e300, NaN]") is not None
    for text in ("NaN", "[Infinity]", '{"a": -Infinity}'):
        with pytest.raises(ValueError, match=r"expected|number"):
            parsed_json(text, only_finite=True)

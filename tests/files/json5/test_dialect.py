from __future__ import annotations

import json

import pyjson5
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawtui.files.json5.dialect import JSON, JSON5, Dialect
from clawtui.files.json5.diff import same
from clawtui.files.json5.edit import SourceText
from clawtui.files.json5.serialize import plain, render
from clawtui.model.errors import Invalid
from tests.storage.json5_texts import objects, second_opinion, values

dialects = st.builds(
    Dialect,
    bare_keys=st.booleans(),
    quote=st.sampled_from("'\""),
    trailing_commas=st.booleans(),
    indent=st.sampled_from(["", "  ", "\t", "    "]),
    newline=st.sampled_from(["\n", "\r\n"]),
    colon=st.sampled_from([":", ": "]),
    comma=st.sampled_from([",", ", "]),
    padding=st.sampled_from(["", " "]),
)

STRINGIFIED = r"""{
  id: 'a-b',
  class: 1,
  'a-b': 2,
  '': 3,
  '1a': 2,
  q: "it's",
  dq: 'say "hi"',
  both: 'it\'s "x" "y"',
  n: [
    1,
    2,
    1e+21,
    0,
    Infinity,
  ],
  e: {},
  el: [],
  u: '\u2028\0\x001\x07\n\t\\',
  b: true,
  nul: null,
  deep: {
    a: [
      {
        b: 1,
      },
    ],
  },
}"""
"""Written by ``JSON5.stringify(x, null, 2)`` of npm's json5 2.2.3."""


def test_json5_is_written_byte_for_byte_as_the_gateway_writes_it() -> None:
    assert render(pyjson5.decode(STRINGIFIED), JSON5) == STRINGIFIED


@given(objects)
def test_json_is_written_as_json_stringify_writes_it(value: object) -> None:
    assert render(value, JSON) == json.dumps(plain(value), indent=2, ensure_ascii=False)


@given(values, dialects)
def test_every_value_can_be_read_back_in_every_dialect(value: object, dialect: Dialect) -> None:
    text = render(value, dialect)
    assert same(pyjson5.decode(text), plain(value))
    assert same(second_opinion(text), plain(value))
    if dialect.strict:
        assert same(json.loads(text), plain(value))


@given(st.lists(objects.filter(bool), min_size=1, max_size=3), dialects)
def test_the_dialect_of_a_written_text_is_detected(value: object, dialect: Dialect) -> None:
    text = render({"name": "x", "list": value}, dialect)
    assert render(pyjson5.decode(text), SourceText(text).dialect) == text


@pytest.mark.parametrize(
    ("text", "habit", "value"),
    [
        ('{"a": 1}', "strict", True),
        ('// by hand\n{"a": 1}', "strict", True),
        ("{a: 1}", "bare_keys", True),
        ("{a: 1}", "quote", "'"),
        ('{a: "x"}', "quote", '"'),
        ("{'a': 'x', \"b\": 'y'}", "quote", "'"),
        ('{"a": 1,}', "trailing_commas", True),
        ('{"a": 1}', "indent", ""),
        ('{\n    "a": 1\n}', "indent", "    "),
        ('{\r\n\t"a": 1\r\n}', "newline", "\r\n"),
        ('{"a":1}', "colon", ":"),
        ('{"a":[1,2]}', "comma", ","),
        ('{"a":[1, 2]}', "comma", ", "),
        ("{ a: 1 }", "padding", " "),
        ("{}", "indent", "  "),
        ("5", "strict", True),
    ],
)
def test_quotes_and_commas_are_detected_from_the_text(text: str, habit: str, value: object) -> None:
    assert getattr(SourceText(text).dialect, habit) == value


@pytest.mark.parametrize("dialect", [JSON, JSON5])
@pytest.mark.parametrize("value", [{"a": object()}, {"a": {1, 2}}, {"a": "\ud800"}, b"x"])
def test_values_that_no_document_can_hold_are_invalid(value: object, dialect: Dialect) -> None:
    with pytest.raises(Invalid):
        render(value, dialect)

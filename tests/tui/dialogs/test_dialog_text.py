"""Documents and log entries as text in dialogs."""

from __future__ import annotations

import json

import pytest

from clawtui.operations.user.programs import pager_at
from clawtui.tui.dialogs.dialog_text import entry_lines, json_row
from clawtui.tui.widgets.line import width_of
from tests.gateway_root import run_entry


def roles(row: str) -> list[tuple[str, str]]:
    return [(span.text, span.role) for span in json_row(row)]


def test_keys_and_values_that_are_no_text_have_a_colour_of_their_own() -> None:
    assert roles('  "depth": 3,') == [("  ", "plain"), ('"depth": ', "dim"), ("3,", "active")]
    assert roles('  "a \\": b": "x: 3"') == [("  ", "plain"), ('"a \\": b": ', "dim"), ('"x: 3"', "plain")]
    assert roles('    "an item: 3",') == [('    "an item: 3",', "plain")]
    assert roles("    7,") == [("    7,", "active")]


def test_an_entry_is_wrapped_completely() -> None:
    entry = run_entry("a", "word " * 100, url="https://github.com/user/repo", depth=3)
    lines = entry_lines(json.dumps(entry))
    assert all(width_of(line) <= 92 for line in lines)
    together = "".join("".join(span.text for span in line).split()[0] for line in lines if line)
    assert '"message":' in together
    assert sum("".join(span.text for span in line).count("word") for line in lines) == 100
    long = "Segmentation fault " * 20
    assert len(entry_lines(long)) > 1
    assert {span.role for line in entry_lines(long) for span in line if span.text.strip()} == {"warn"}


@pytest.mark.parametrize(
    ("command", "line", "expected"),
    [
        (["less", "-R"], 36, ["less", "+36", "-R"]),
        (["/usr/bin/more"], 2, ["/usr/bin/more", "+2"]),
        (["less"], None, ["less"]),
        (["bat"], 36, ["bat"]),
    ],
)
def test_a_pager_that_takes_a_line_begins_there(command: list[str], line: int | None, expected: list[str]) -> None:
    assert pager_at(command, line) == expected

"""The one door for printing."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stdout
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clawtui.cli.framework.layout import Piece
from clawtui.cli.framework.output import Printer, say, to_json_text
from clawtui.model.documents.concurrency import Slot
from tests.gateway_root import NOON

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda below: st.lists(below) | st.dictionaries(st.text(), below),
    max_leaves=20,
)


@given(json_values)
def test_printed_json_is_read_back_unchanged(value: object) -> None:
    assert json.loads(to_json_text(value)) == value
    assert json.loads(to_json_text(value, indent=2)) == value


def test_documents_instants_spans_and_paths_have_their_form_on_disk() -> None:
    slot = Slot(automation_id="a-b", session_id="cron:1", acquired_at=NOON, slot_number=1)
    printed = to_json_text({"slot": slot, "at": NOON, "took": timedelta(seconds=1.5), "path": Path("/x")})
    assert json.loads(printed) == {
        "slot": {
            "automationId": "a-b",
            "sessionId": "cron:1",
            "acquiredAt": "2025-01-26T12:00:00.000Z",
            "slotNumber": 1,
        },
        "at": "2025-01-26T12:00:00.000Z",
        "took": 1500,
        "path": "/x",
    }


def test_numbers_that_json_does_not_know_become_null() -> None:
    value = {"config": {"limit": float("inf"), "rest": [float("nan"), 1.5]}}
    assert json.loads(to_json_text(value)) == {"config": {"limit": None, "rest": [None, 1.5]}}


def test_half_a_character_is_printed_as_the_escape_that_json_has_for_it(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    Printer().print_json({"name": "\udc9b"})
    assert json.loads(capfdbinary.readouterr().out) == {"name": "\udc9b"}


def test_delete_is_never_printed_raw(capsys: pytest.CaptureFixture[str]) -> None:
    Printer().print_json({"a\x7f": "\x7f"})
    printed = capsys.readouterr().out
    assert "\x7f" not in printed and json.loads(printed) == {"a\x7f": "\x7f"}


@settings(max_examples=30)
@given(st.lists(json_values, max_size=4))
def test_a_list_that_is_printed_as_it_comes_is_one_document(values: list[object]) -> None:
    with redirect_stdout(io.StringIO()) as printed:
        Printer().print_json_list(to_json_text(value) for value in values)
    assert json.loads(printed.getvalue()) == values


def test_lines_are_cleaned_and_end_without_blanks(capsys: pytest.CaptureFixture[str]) -> None:
    Printer().print_lines([("a\x1b[31m", "  "), ("b",)])
    assert capsys.readouterr().out == "a␛[31m\nb\n"


def test_a_piece_is_cleaned_as_it_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    Printer().print_lines([(Piece("a\x1b[31m\u202eb", "bad"),)])
    assert capsys.readouterr().out == "a␛[31m<202E>b\n"


def test_secrets_are_shown_only_by_a_printer_that_was_made_for_it(capsys: pytest.CaptureFixture[str]) -> None:
    for printer in (Printer(), Printer(show_secrets=True)):
        printer.print_lines([("password=hunter2secret",)])
        printer.print_json({"password": "hunter2secret"})
        printer.print_json_list(['{"password": "hunter2secret"}'])
        say("password=hunter2secret", printer.show_secrets)
        printed = capsys.readouterr()
        assert (printed.out + printed.err).count("hunter2secret") == (4 if printer.show_secrets else 0)


def test_messages_go_to_standard_error_cleaned(capsys: pytest.CaptureFixture[str]) -> None:
    say("no such “x\x07”\nDo \u202ethat.")
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == "clawtui: no such “x␇”\nDo <202E>that.\n"

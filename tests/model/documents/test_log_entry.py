"""Lines of logs with any content."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawtui.model.documents.log_entry import DispatcherLogEntry, RunLogEntry, parse_log_line
from tests.gateway_root import run_entry
from tests.model.samples import AT

RUN_LINE = {
    "timestamp": AT,
    "level": "info",
    "phase": "conflict",
    "message": "Conflict detected",
    "hunks": 3,
    "tomorrow": {"a": [1]},
    "file": "src/core/processor.ts",
    "automationId": "auto-sync-main-123",
    "sessionId": "cron:abc-123",
}


def test_a_line_of_a_run_is_parsed() -> None:
    line = parse_log_line(json.dumps(RUN_LINE))
    assert isinstance(line.entry, RunLogEntry)
    assert line.fault is None
    assert (line.entry.phase, line.entry.message, line.entry.hunks) == ("conflict", "Conflict detected", 3)


def test_a_line_of_the_dispatcher_is_parsed() -> None:
    text = json.dumps({"timestamp": AT, "level": "warn", "event": "automation-skipped", "reason": "repository-locked"})
    line = parse_log_line(text, DispatcherLogEntry)
    assert isinstance(line.entry, DispatcherLogEntry)
    assert (line.entry.level, line.entry.event, line.entry.reason) == (
        "warn",
        "automation-skipped",
        "repository-locked",
    )


def test_the_other_fields_come_in_the_order_and_under_the_names_of_the_file() -> None:
    fields = parse_log_line(json.dumps(RUN_LINE)).fields
    assert list(fields.items()) == [("hunks", 3), ("tomorrow", {"a": [1]}), ("file", "src/core/processor.ts")]


def test_a_key_that_is_a_column_of_the_other_kind_of_log_is_a_field() -> None:
    run = parse_log_line(json.dumps(RUN_LINE | {"event": "e", "session_id": "s"}))
    assert run.fields.items() >= {"event": "e", "session_id": "s"}.items()
    line = parse_log_line(
        json.dumps({"timestamp": AT, "level": "info", "event": "e", "message": "m"}), DispatcherLogEntry
    )
    assert line.fields == {"message": "m"}


def test_only_the_names_on_disk_are_read() -> None:
    line = {name: value for name, value in RUN_LINE.items() if name != "automationId"} | {"automation_id": "a"}
    assert parse_log_line(json.dumps(line)).fault == "automationId is missing"


def test_an_invalid_line_keeps_its_text_and_has_a_reason() -> None:
    line = parse_log_line("Segmentation fault")
    assert (line.text, line.entry, line.fields) == ("Segmentation fault", None, {})
    assert line.fault


@given(st.text(st.characters(exclude_categories=[])) | st.dictionaries(st.text(), st.integers()).map(json.dumps))
def test_no_line_is_ever_too_strange(text: str) -> None:
    for kind in (RunLogEntry, DispatcherLogEntry):
        line = parse_log_line(text, kind)
        assert line.text == text
        assert (line.entry is None) is bool(line.fault)
        assert isinstance(line.fields, dict)


@pytest.mark.parametrize(
    ("written", "level"),
    [
        ("error", "error"),
        ("ERROR", "error"),
        (" Fatal ", "error"),
        ("[CRITICAL]", "error"),
        ("emerg", "error"),
        ("60", "error"),
        (60, "error"),
        (50.0, "error"),
        (5, "error"),
        ("Warning", "warn"),
        (40, "warn"),
        ("NOTICE", "info"),
        (30, "info"),
        ("trace", "debug"),
        (10, "debug"),
        ("audit", None),
        ("", None),
        (7, None),
        (-1, None),
        (10**400, None),
        (True, None),
        (None, None),
        (["error"], None),
    ],
)
def test_a_level_is_read_in_every_spelling(written: object, level: str | None) -> None:
    line = parse_log_line(json.dumps(run_entry("a", "x", level=written)))
    assert (line.entry.level if line.entry else None) == level
    if line.entry is None:
        assert line.fault is not None and "level must be debug, info, warn or error" in line.fault

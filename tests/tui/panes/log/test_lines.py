"""The lines of a log as they are shown."""

from __future__ import annotations

import json
from datetime import UTC

from clawtui.model.documents.log_entry import DispatcherLogEntry, parse_log_line
from clawtui.tui.panes.log.lines import log_line
from clawtui.tui.panes.log.view_model import Times
from tests.gateway_root import NOON, iso, run_entry

CLOCK = Times(zone=UTC)


def shown(text: str, kind: type[DispatcherLogEntry] | None = None) -> str:
    read = parse_log_line(text, kind) if kind else parse_log_line(text)
    return "".join(span.text for span in log_line(read, CLOCK))


def test_time_level_phase_message_then_the_other_fields() -> None:
    entry = run_entry("a", "Conflict resolved", phase="resolution", file="src/a.ts", confidence=92)
    assert shown(json.dumps(entry)) == "12:00:00 info  resolution Conflict resolved  file=src/a.ts  confidence=92"


def test_an_error_is_loud() -> None:
    read = parse_log_line(json.dumps(run_entry("a", "Push rejected", level="error", phase="git")))
    line = log_line(read, CLOCK)
    assert any(span.text.startswith("ERROR") and span.role == "bad" for span in line)


def test_a_malformed_line_is_shown_unchanged_with_a_mark() -> None:
    assert shown("Segmentation fault").startswith("! Segmentation fault  (")


def test_the_dispatchers_line_has_its_automation_and_event() -> None:
    text = json.dumps(
        {"timestamp": iso(NOON), "level": "info", "event": "automation-skipped", "automationId": "a", "reason": "x"}
    )
    assert shown(text, DispatcherLogEntry) == "12:00:00 info  a          automation-skipped  reason=x"


def test_a_message_that_would_speak_to_the_terminal_cannot() -> None:
    assert "\x1b" not in shown(json.dumps(run_entry("a", "\x1b]0;owned\x07", file="\u202egpj")))
    assert shown(json.dumps(run_entry("a", "\x1b[2J"))).isprintable()

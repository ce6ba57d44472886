"""The summary of a run's log."""

from __future__ import annotations

import json
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from clawtui.model.documents.log_entry import parse_log_line
from clawtui.model.runs.log_summary import LogSummarizer, LogSummary
from tests.gateway_root import NOON, run_entry

PHASES = ("init", "git", "merge", "resolution")


def summarize(*lines: str, skipping: bool = False) -> LogSummary:
    """Return the summary of these lines; with ``skipping``, only of those that may matter, and the last line."""
    summarizer = LogSummarizer()
    skipped = None
    for line in lines:
        if skipping and summarizer.skip(line):
            skipped = line
            continue
        skipped = None
        summarizer.add(parse_log_line(line))
    if skipped is not None:
        summarizer.pass_time(parse_log_line(skipped))
    return summarizer.log_summary


def entry(second: int, phase: str = "git", **fields: object) -> str:
    at = NOON + timedelta(seconds=second)
    message = str(fields.pop("message", f"{phase} at {second}"))
    return json.dumps(run_entry("a", message, at, phase=phase, **fields), separators=(",", ":"))


def test_a_phase_that_is_come_back_to_adds_up() -> None:
    story = summarize(entry(0, "git"), entry(10, "merge"), entry(15, "git"), entry(40, "git"))
    assert story.phases.times(NOON + timedelta(seconds=40)) == {
        "git": timedelta(seconds=35),
        "merge": timedelta(seconds=5),
    }
    assert [event.title for event in story.events] == ["git at 0", "merge at 10", "git at 15"]


def test_the_cause_is_the_last_error_before_the_result_of_the_run() -> None:
    story = summarize(
        entry(0),
        entry(1, "merge", level="error", message="3 tests failed"),
        entry(2, "complete", level="error", message="Automation failed", status="failed", error="see above"),
    )
    assert story.error is not None
    assert (story.error.phase, story.error.message) == ("merge", "3 tests failed")
    assert (story.errors, story.status) == (2, "failed")


def test_an_error_in_the_last_line_alone_is_the_cause() -> None:
    story = summarize(entry(0), entry(2, "complete", level="error", message="Failed", error="Push rejected"))
    assert story.error is not None
    assert story.error.message == "Push rejected"


def test_debug_and_invalid_lines_affect_only_the_times() -> None:
    story = summarize(entry(0), entry(5, "merge", level="debug"), "not JSON", entry(9, "merge", level="debug"))
    assert list(story.phases.times(NOON + timedelta(seconds=9))) == ["git"]
    assert story.phases.last == NOON + timedelta(seconds=9)


LINES = st.lists(
    st.tuples(
        st.sampled_from(PHASES),
        st.sampled_from(["debug", "info", "warn", "error"]),
        st.sampled_from([{}, {"error": "x"}, {"status": "failed"}, {"details": {"phase": "git", "level": "debug"}}]),
        st.sampled_from(["plain", 'says "phase":"git"', 'an "error" in quotes', "zero\u200bwidth"]),
    ),
    max_size=30,
)


@given(LINES)
def test_skipped_lines_do_not_change_the_summary(
    lines: list[tuple[str, str, dict[str, object], str]],
) -> None:
    texts = [
        entry(number, phase, level=level, message=message, **fields)
        for number, (phase, level, fields, message) in enumerate(lines)
    ]
    assert summarize(*texts, skipping=True) == summarize(*texts)

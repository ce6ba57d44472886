"""Reading what a run's log tells of it, however long the log is."""

from __future__ import annotations

from contextlib import closing

from clawtui.files.logs.reader import LogStream
from clawtui.model.documents.log_entry import parse_log_line
from clawtui.model.runs.log_summary import LogSummarizer, LogSummary
from clawtui.model.runs.run import Run
from clawtui.storage.paths import StatePaths


def read_log_summary(paths: StatePaths, run: Run) -> LogSummary:
    """What the log of ``run`` tells; nothing where there is none. Raises Unreadable, Refused.

    Most lines say no more than that the run goes on: those are not parsed, but for the last of them.
    """
    teller = LogSummarizer()
    if run.log is None:
        return teller.story
    mark = f'"{run.automation_id}"' if run.shares_log else ""
    passed: str | None = None
    with closing(LogStream(paths.automations, run.log)) as stream:
        for text in stream.read():
            if mark not in text:
                continue
            if not run.shares_log and teller.is_more_of_the_same(text):
                passed = text
                continue
            passed = None
            line = parse_log_line(text)
            if run.wrote(line):
                teller.hear(line)
    if passed is not None:
        teller.hear(parse_log_line(passed))
    return teller.story

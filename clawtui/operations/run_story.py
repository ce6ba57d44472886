"""Reading what a run's log tells of it, however long the log is."""

from __future__ import annotations

from contextlib import closing

from clawtui.model.log_entry import parse_log_line
from clawtui.model.log_story import LogStory, StoryTeller
from clawtui.model.run import Run
from clawtui.storage.log_stream import LogStream
from clawtui.storage.paths import StatePaths


def read_story(paths: StatePaths, run: Run) -> LogStory:
    """What the log of ``run`` tells; nothing where there is none. Raises Unreadable, Refused.

    Most lines say no more than that the run goes on: those are not parsed, but for the last of them.
    """
    teller = StoryTeller()
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

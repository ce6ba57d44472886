"""What the logs of runs tell: the summary of one run, and from past runs how long runs usually take."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing

from clawtui.files.logs.reader import LogStream
from clawtui.model.documents.log_entry import parse_log_line
from clawtui.model.errors import ClawtuiError
from clawtui.model.runs.durations import DurationStats, PastRun, duration_stats_of
from clawtui.model.runs.log_summary import LogSummarizer, LogSummary
from clawtui.model.runs.phases import Phases
from clawtui.model.runs.run import Run
from clawtui.storage.paths import StatePaths

MAX_LOGS = 20
"""Past logs, the newest, that tell how long a phase takes."""

MAX_LOG = 32 * 1024 * 1024
"""Bytes of a past log beyond which it is not read for that."""

_MAX_KNOWN = 2000

_Version = tuple[str, int, int]


def read_log_summary(paths: StatePaths, run: Run) -> LogSummary:
    """What the log of ``run`` tells; nothing where there is none. Raises Unreadable, Refused.

    Most lines say no more than that the run goes on: those are not parsed, but for the last of them.
    """
    summarizer = LogSummarizer()
    if run.log is None:
        return summarizer.log_summary
    mark = f'"{run.automation_id}"' if run.shares_log else ""
    passed: str | None = None
    with closing(LogStream(paths.automations, run.log)) as stream:
        for text in stream.read():
            if mark not in text:
                continue
            if not run.shares_log and summarizer.can_be_skipped(text):
                passed = text
                continue
            passed = None
            line = parse_log_line(text)
            if run.wrote(line):
                summarizer.add(line)
    if passed is not None:
        summarizer.add(parse_log_line(passed))
    return summarizer.log_summary


class DurationStatsReader:
    """Reads past logs, each once: nothing is added to the log of a run that is over. For one thread at a time."""

    def __init__(self, paths: StatePaths) -> None:
        self._paths = paths
        self._known: dict[_Version, Phases] = {}

    def read(self, runs: Sequence[Run]) -> DurationStats:
        """What follows from those of ``runs``, which are one automation's, newest first, that went through."""
        past = []
        logs = 0
        for run in runs:
            if not run.is_completed or run.took is None:
                continue
            phases = self._phases(run) if logs < MAX_LOGS else None
            logs += phases is not None
            past.append(PastRun(run.took, phases))
        return duration_stats_of(past)

    def _phases(self, run: Run) -> Phases | None:
        """What its log tells; None where it has none for itself, or that is too big or cannot be read."""
        version = self._version(run)
        if version is None:
            return None
        known = self._known.get(version)
        if known is None:
            try:
                known = read_log_summary(self._paths, run).phases
            except ClawtuiError:
                # Its own page says why; for what is usual it is as good as gone.
                return None
            if len(self._known) >= _MAX_KNOWN:
                self._known.clear()
            self._known[version] = known
        return known

    def _version(self, run: Run) -> _Version | None:
        if run.log is None or run.shares_log:
            return None
        try:
            status = (self._paths.automations / run.log).stat(follow_symlinks=False)
        except OSError:
            return None
        return (run.log, status.st_size, status.st_mtime_ns) if status.st_size <= MAX_LOG else None

"""The summary of one run's log, and the usual durations from the logs of past runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing

from clawtui.files.logs.line_splitter import decode
from clawtui.files.logs.reader import LogStream
from clawtui.model.documents.log_entry import parse_log_line
from clawtui.model.errors import ClawtuiError
from clawtui.model.runs.durations import DurationStats, PastRun, Phases, duration_stats_of
from clawtui.model.runs.log_summary import LogSummarizer, LogSummary
from clawtui.model.runs.run import Run
from clawtui.storage.paths import StatePaths

MAX_LOGS = 20
"""How many of the newest past logs are read for the duration of phases."""

MAX_LOG = 32 * 1024 * 1024
"""The most bytes of a past log that is read for the durations."""

_MAX_KNOWN = 2000

_Version = tuple[str, int, int]


def read_log_summary(paths: StatePaths, run: Run, rest: Callable[[], None] = lambda: None) -> LogSummary:
    """Return the summary of the log of ``run``; an empty summary where there is none. Raises Unreadable, Refused.

    Most lines only show that the run is in progress; of those only the last is parsed. ``rest`` is called after each
    part of the log: it may wait while something more urgent needs the processor.
    """
    summarizer = LogSummarizer()
    id_text = f'"{run.automation_id}"' if run.shares_log else ""
    skipped: str | None = None
    for path in run.logs:
        with closing(LogStream(paths.automations, path)) as stream:
            for lines in stream.read_blocks():
                rest()
                for text in map(decode, lines):
                    if id_text not in text:
                        continue
                    if not run.shares_log and summarizer.skip(text):
                        skipped = text
                        continue
                    line = parse_log_line(text)
                    if line.entry is not None:  # any other line has no time, and the one before counts
                        skipped = None
                    if run.wrote(line):
                        summarizer.add(line)
    if skipped is not None:
        summarizer.pass_time(parse_log_line(skipped))
    return summarizer.log_summary


class DurationStatsReader:
    """A reader of past logs. Each is read once, because the log of an ended run does not change. Not thread-safe."""

    def __init__(self, paths: StatePaths, rest: Callable[[], None] = lambda: None) -> None:
        self._paths = paths
        self._rest = rest
        self._known: dict[_Version, Phases] = {}

    def read(self, runs: Sequence[Run]) -> DurationStats:
        """Return the usual durations from the successful runs of one automation, which come newest first."""
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
        """Return the phases of a run; None where it has no separate log, or its log is too long or unreadable."""
        version = self._version(run)
        if version is None:
            return None
        known = self._known.get(version)
        if known is None:
            try:
                known = read_log_summary(self._paths, run, self._rest).phases
            except ClawtuiError:
                # The report on that run has the reason; here the log counts as missing.
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

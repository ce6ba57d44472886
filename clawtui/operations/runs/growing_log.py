"""The summaries of logs that grow: of each only what was appended since the last summary is read."""

from __future__ import annotations

from collections.abc import Callable, Collection

from clawtui.files.logs.line_splitter import decode
from clawtui.files.logs.reader import LogStream
from clawtui.model.documents.log_entry import parse_log_line
from clawtui.model.runs.log_summary import LogSummarizer, LogSummary
from clawtui.model.runs.run import Run
from clawtui.operations.runs.log_summary import read_log_summary
from clawtui.storage.paths import StatePaths


class LogSummaryReader:
    """Reader of the summaries of runs, which keeps the logs of runs in progress open. Not thread-safe."""

    def __init__(self, paths: StatePaths, rest: Callable[[], None] = lambda: None) -> None:
        """Read below ``paths``; ``rest`` is as in `read_log_summary`."""
        self._paths = paths
        self._rest = rest
        self._growing: dict[str, _GrowingLog] = {}

    def read(self, run: Run) -> LogSummary:
        """Return the result of `read_log_summary`. Raises Unreadable, Refused."""
        if run.log is None or run.shares_log or not run.running:
            return read_log_summary(self._paths, run, self._rest)
        if run.log not in self._growing:
            self._growing[run.log] = _GrowingLog(LogStream(self._paths.automations, run.log))
        return self._growing[run.log].read(self._rest)

    def keep(self, logs: Collection[str | None]) -> None:
        """Close all logs but those at the paths ``logs``."""
        for path in self._growing.keys() - set(logs):
            self._growing.pop(path).close()


class _GrowingLog:
    """A log of one run, and the summary of the lines that were read."""

    def __init__(self, stream: LogStream) -> None:
        self._stream = stream
        self._beginning: int | None = None
        self._summarizer = LogSummarizer()

    def read(self, rest: Callable[[], None]) -> LogSummary:
        """Return the summary of all lines of the log as it is now."""
        beginning = self._stream.look().beginning
        if beginning != self._beginning:
            self._beginning, self._summarizer = beginning, LogSummarizer()
        skipped: str | None = None
        for lines in self._stream.rest():
            rest()
            for text in map(decode, lines):
                if self._summarizer.skip(text):
                    skipped = text
                    continue
                line = parse_log_line(text)
                if line.entry is not None:
                    skipped = None
                self._summarizer.add(line)
        if skipped is not None:
            self._summarizer.pass_time(parse_log_line(skipped))
        return self._summarizer.log_summary

    def close(self) -> None:
        """Close the log."""
        self._stream.close()

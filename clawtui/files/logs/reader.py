"""Sequential reading of a log, line by line, while it is appended to, truncated or replaced.

`LogFile` reads a log by position, for the log pane, `TailReader` keeps the last lines; both use the same `LogData`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from clawtui.files.logs.joined_log import open_joined
from clawtui.files.logs.line_splitter import LineSplitter, decode, start_of_last
from clawtui.files.logs.log_data import LogData
from clawtui.files.logs.log_file import LogFile
from clawtui.model.documents.log_entry import AnyEntry, LogLine, RunLogEntry, parse_log_line
from clawtui.model.errors import ClawtuiError
from clawtui.model.search.line_filter import LineFilter, literal_filter

_READ = 512 * 1024


class LogStream:
    """Reads every complete line of one log once, from its first line or its ``last`` ones on. Close it after use.

    With ``rotated`` the parts that were rotated away from it come first.
    """

    def __init__(self, base: Path, relative: str, last: int | None = None, *, rotated: bool = False) -> None:
        self._log = open_joined(base, [relative]) if rotated else LogFile(base, relative)
        self._last = last
        self._read = LogData()
        self._offset = 0
        self._splitter = LineSplitter()

    @property
    def beginning(self) -> int:
        """Grows by one when the log was truncated or replaced: the last ``read`` started at the start of another."""
        return self._read.beginning

    @property
    def known_beginning(self) -> int:
        """The `beginning` of the log as it is known, which an error or `close` may have raised since the last read."""
        return self._log.known.beginning

    @property
    def offset(self) -> int:
        """The offset up to which the log was read."""
        return self._offset

    def look(self) -> LogData:
        """Look at the log, and start over if it is another one; return it. Raises Unreadable, Refused."""
        data = self._log.look()
        if data.beginning != self._read.beginning:
            self._start_over()
        self._read = data
        return data

    def skip_to_last(self, count: int) -> None:
        """Continue with the last ``count`` lines of the log as it was at the last look. Raises Unreadable."""
        descriptor = self._read.descriptor
        if descriptor is not None:
            self._offset, held = start_of_last(descriptor.number, count, self._read.size)
            self._splitter = LineSplitter(held)

    def read(self) -> Iterator[str]:
        """Yield the lines that were appended since the last call, in constant memory; of another log all of them.

        A log that is not there has none. Raises Unreadable, Refused.
        """
        for lines in self.read_blocks():
            yield from map(decode, lines)

    def read_blocks(self, line_filter: LineFilter | None = None) -> Iterator[list[bytes]]:
        """Yield the same lines as bytes, many at once, but only those that pass the filter."""
        self.look()
        if self._last is not None and self._read.descriptor is not None:
            self.skip_to_last(self._last)
            self._last = None
        yield from self.rest(line_filter)

    def rest(self, line_filter: LineFilter | None = None) -> Iterator[list[bytes]]:
        """Yield the lines up to the end of the log as it was at the last look. Raises Unreadable."""
        data = self._read
        while block := data.read(self._offset, min(data.size, self._offset + _READ)):
            self._offset += len(block)
            yield self._splitter.feed(block, line_filter)
            if not block.strip():
                self._offset = max(self._offset, min(data.next_data(self._offset), data.size))

    def unfinished(self, line_filter: LineFilter | None = None) -> list[bytes]:
        """Return the last line as far as it was read, in a list, if it has no newline and passes the filter.

        It may be the last words of a process that has ended, or its writer may complete it.
        """
        line = self._splitter.unfinished
        return [line] if line.strip() and (line_filter is None or line_filter.admits(line)) else []

    def close(self) -> None:
        """Close the log; a later ``read`` starts over."""
        self._log.close()
        self._read = self._log.known
        self._start_over()

    def _start_over(self) -> None:
        self._offset = 0
        self._splitter = LineSplitter()


def read_log(
    base: Path, relative: str, kind: type[AnyEntry] = RunLogEntry, last: int | None = None, about: str = ""
) -> Iterator[LogLine]:
    """Yield the lines of a log, or of its last ``last``, that contain the text ``about``; none without a log.

    Blank lines are skipped, and so is an unfinished last line, unless it is a whole object (errata 12). A log that
    cannot be read is one line without text that says why.
    """
    line_filter = literal_filter(about) if about else None
    with closing(LogStream(base, relative, last)) as stream:
        try:
            for lines in stream.read_blocks(line_filter):
                for line in lines:
                    if line and not line.isspace():
                        yield parse_log_line(decode(line), kind)
            for line in stream.unfinished(line_filter):
                if (parsed := parse_log_line(decode(line), kind)).entry is not None:
                    yield parsed
        except ClawtuiError as error:
            yield LogLine("", None, f"{relative}: {error.reason}")

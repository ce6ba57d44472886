"""Reading a log on from where one has come to, however much is appended and whatever becomes of the file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from clawtui.files.fs.reading import open_regular, reason_of
from clawtui.files.logs.line_splitter import LineSplitter, complete_lines, decode, start_of_last
from clawtui.files.logs.log_file import LogData, LogFile
from clawtui.model.documents.log_entry import AnyEntry, LogLine, RunLogEntry, parse_log_line
from clawtui.model.errors import ClawtuiError

_READ = 1024 * 1024


class LogStream:
    """Every complete line of one log, once, from its first on. Close it when nobody reads any more."""

    def __init__(self, base: Path, relative: str) -> None:
        self._log = LogFile(base, relative)
        self._read = LogData()
        self._offset = 0
        self._splitter = LineSplitter()

    @property
    def beginning(self) -> int:
        """Grows by one when the log began anew: the lines of the last ``read`` are from the start of another."""
        return self._read.beginning

    def read(self) -> Iterator[str]:
        """The lines that came since the last time, in constant memory; of a log that began anew, all of them.

        A log that is not there has none. Raises Unreadable, Refused.
        """
        for lines in self.read_blocks():
            yield from map(decode, lines)

    def read_blocks(self) -> Iterator[list[bytes]]:
        """The same lines as they stand in the file, many at once."""
        data = self._log.look()
        if data.beginning != self._read.beginning:
            self._offset = 0
            self._splitter = LineSplitter()
        self._read = data
        while block := data.read(self._offset, min(data.size, self._offset + _READ)):
            self._offset += len(block)
            yield self._splitter.feed(block)

    def close(self) -> None:
        """Lets go of the log; a later ``read`` begins it anew."""
        self._log.close()


def read_log(
    base: Path, relative: str, kind: type[AnyEntry] = RunLogEntry, last: int | None = None, about: str = ""
) -> Iterator[LogLine]:
    """The lines of a log, or of its last ``last``, that hold the text ``about``; none where there is no such log.

    Empty lines are passed over, and an unfinished last line too (errata 12). A log that cannot be read is one line
    without text that says why.
    """
    try:
        log = open_regular(base, relative)
    except FileNotFoundError:
        return
    except ClawtuiError as error:
        yield LogLine("", None, f"{relative}: {error.reason}")
        return
    wanted = about.encode()
    try:
        start, held = (0, b"") if last is None else start_of_last(log, last, os.fstat(log).st_size)
        for line in complete_lines(log, start, held=held):
            if wanted in line and not line.isspace() and line:
                yield parse_log_line(decode(line), kind)
    except OSError as error:
        yield LogLine("", None, f"{relative}: {reason_of(error)}")
    finally:
        os.close(log)

"""Reading a log on from where one has come to, however much is appended and whatever becomes of the file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from clawtui.storage.lines import LineSplitter, decode
from clawtui.storage.log_file import LogData, LogFile

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

"""Following the end of one log (design: Log Storage; errata 12)."""

from __future__ import annotations

from collections import deque
from pathlib import Path

from clawtui.files.logs.line_splitter import MAX_LOOKED_BACK, LineSplitter, decode, start_of_last
from clawtui.files.logs.log_file import LogData, LogFile
from clawtui.model.documents.base import Problem
from clawtui.model.errors import ClawtuiError
from clawtui.model.fleet import LogTail

MAX_CAUGHT_UP = 64 * 1024 * 1024
"""Bytes appended between two reads that are read line by line; after more than that the tail is found anew."""

_READ = 1024 * 1024


class TailReader:
    """Follows one JSONL log from its last ``limit`` lines on, at the cost of what is appended.

    Close it when nobody looks any more.
    """

    def __init__(self, base: Path, relative: str, limit: int = 2000) -> None:
        self._log = LogFile(base, relative)
        self._relative = relative
        self._limit = limit
        self._tail = LogTail(relative, (), dropped=0, from_start=True, beginning=0)
        self._clear(LogData())

    def read(self) -> LogTail:
        """The tail as it is now; the same value as before where nothing changed.

        A log that was truncated, rewritten or replaced is read anew with ``beginning`` + 1. One that vanished or
        cannot be read has no lines, for nothing is shown that is not on disk. ``dropped`` counts every line since
        ``beginning`` that is not here any more, but for those of a burst of more than MAX_CAUGHT_UP, which nobody
        counted. Together the lines hold at most MAX_LOOKED_BACK characters, so there may be fewer than ``limit``.
        """
        problem = None
        try:
            self._catch_up(self._log.look())
        except ClawtuiError as error:
            problem = Problem(self._relative, error.reason)
            self._clear(self._log.known)
        beginning = self._data.beginning
        tail = LogTail(self._relative, tuple(self._lines), self._dropped, self._from_start, beginning, problem)
        if tail != self._tail:
            self._tail = tail
        return self._tail

    def close(self) -> None:
        """Lets go of the log; a later ``read`` begins it anew."""
        self._log.close()
        if self._log.known.beginning != self._data.beginning:
            self._clear(self._log.known)

    def _clear(self, data: LogData) -> None:
        self._data = data
        self._lines: deque[str] = deque()
        self._characters = 0
        self._dropped = 0
        self._from_start = True
        self._offset = 0
        self._begun = False
        self._splitter = LineSplitter()

    def _catch_up(self, data: LogData) -> None:
        """Reads what was appended, from the last lines on where that is too much or this is the first time."""
        if data.beginning != self._data.beginning:
            self._clear(data)
        self._data = data
        if data.descriptor is None:
            return
        if not self._begun or data.size - self._offset > MAX_CAUGHT_UP:
            self._begun = True
            self._jump(data.descriptor.number, data.size)
        while block := data.read(self._offset, min(data.size, self._offset + _READ)):
            self._offset += len(block)
            self._keep(self._splitter.feed(block))

    def _jump(self, descriptor: int, size: int) -> None:
        """Goes on where the last lines begin, past all that lies between."""
        self._dropped += len(self._lines)
        self._lines.clear()
        self._characters = 0
        self._offset, held = start_of_last(descriptor, self._limit, size)
        self._splitter = LineSplitter(held)
        self._from_start = self._offset == 0

    def _keep(self, lines: list[bytes]) -> None:
        passed = max(0, len(lines) - self._limit)
        for line in lines[passed:]:
            text = decode(line)
            self._lines.append(text)
            self._characters += len(text)
        while len(self._lines) > self._limit or self._characters > MAX_LOOKED_BACK:
            self._characters -= len(self._lines.popleft())
            passed += 1
        self._dropped += passed
        self._from_start = self._from_start and self._dropped == 0

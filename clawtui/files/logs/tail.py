"""The last lines of one log, kept equal to the file (design: Log Storage; errata 12)."""

from __future__ import annotations

from collections import deque
from pathlib import Path

from clawtui.files.logs.line_splitter import MAX_LOOKED_BACK, decode
from clawtui.files.logs.reader import LogStream
from clawtui.model.documents.base import Problem
from clawtui.model.errors import ClawtuiError
from clawtui.model.fleet import LogTail

MAX_CAUGHT_UP = 64 * 1024 * 1024
"""Bytes appended between two reads that are read line by line; after more than that only the last lines are read."""


class TailReader:
    """Keeps the last ``limit`` lines of one log, and reads only appended bytes. Close it after use."""

    def __init__(self, base: Path, relative: str, limit: int = 2000) -> None:
        self._stream = LogStream(base, relative)
        self._relative = relative
        self._limit = limit
        self._tail = LogTail(relative, (), dropped=0, from_start=True, beginning=0)
        self._clear(0)

    def read(self) -> LogTail:
        """Return the tail as it is now; the same value while nothing changes.

        A log that was truncated, rewritten or replaced is read from its start with ``beginning`` + 1. One that vanished
        or cannot be read has no lines, for only what is on disk is shown. ``dropped`` counts every line since
        ``beginning`` that is no longer here, except for those of a burst of more than MAX_CAUGHT_UP, which are not
        counted. Together the lines hold at most MAX_LOOKED_BACK characters, so there may be fewer than ``limit``.
        """
        problem = None
        try:
            self._catch_up()
        except ClawtuiError as error:
            problem = Problem(self._relative, error.reason)
            self._clear(self._stream.known_beginning)
        tail = LogTail(self._relative, tuple(self._lines), self._dropped, self._from_start, self._beginning, problem)
        if tail != self._tail:
            self._tail = tail
        return self._tail

    def close(self) -> None:
        """Close the log; a later ``read`` starts over."""
        self._stream.close()
        if self._stream.known_beginning != self._beginning:
            self._clear(self._stream.known_beginning)

    def _clear(self, beginning: int) -> None:
        self._beginning = beginning
        self._lines: deque[str] = deque()
        self._characters = 0
        self._dropped = 0
        self._from_start = True
        self._begun = False

    def _catch_up(self) -> None:
        """Read the appended lines; only the last lines if there are too many or on the first call."""
        data = self._stream.look()
        if data.beginning != self._beginning:
            self._clear(data.beginning)
        if data.descriptor is None:
            return
        if not self._begun or data.size - self._stream.offset > MAX_CAUGHT_UP:
            self._begun = True
            self._dropped += len(self._lines)
            self._lines.clear()
            self._characters = 0
            self._stream.skip_to_last(self._limit)
            self._from_start = self._stream.offset == 0
        for lines in self._stream.rest():
            self._keep(lines)

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

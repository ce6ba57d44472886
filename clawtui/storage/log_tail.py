"""Following the end of one log (design: Log Storage; errata 12)."""

from __future__ import annotations

import os
from collections import deque
from pathlib import Path

from clawtui.model.base import Problem
from clawtui.model.fleet import LogTail
from clawtui.storage.errors import StorageError
from clawtui.storage.files import open_regular, reason_of
from clawtui.storage.lines import MAX_LOOKED_BACK, LineSplitter, blocks, decode, start_of_last
from clawtui.storage.log_identity import is_same_log

MAX_CAUGHT_UP = 64 * 1024 * 1024
"""Bytes appended between two reads that are read line by line; after more than that the tail is found anew."""

_TRACE = 256
"""Bytes before the offset that are compared each time: a log that was truncated is noticed, however it grew again."""


class TailReader:
    """Follows one JSONL log from its last ``limit`` lines on, at the cost of what is appended.

    The descriptor stays open between reads: its inode cannot be given to another file meanwhile, so comparing it
    with what has the name shows every rename and replacement. Close it when nobody looks any more.
    """

    def __init__(self, base: Path, relative: str, limit: int = 2000) -> None:
        self._base = base
        self._relative = relative
        self._limit = limit
        self._descriptor: int | None = None
        self._beginning = 0
        self._tail = LogTail(relative, (), dropped=0, from_start=True, beginning=0)
        self._clear()

    def read(self) -> LogTail:
        """The tail as it is now; the same value as before where nothing changed.

        A log that was truncated, rewritten or replaced is read anew with ``beginning`` + 1. One that vanished or
        cannot be read has no lines, for nothing is shown that is not on disk. ``dropped`` counts every line since
        ``beginning`` that is not here any more, but for those of a burst of more than MAX_CAUGHT_UP, which nobody
        counted. Together the lines hold at most MAX_LOOKED_BACK characters, so there may be fewer than ``limit``.
        """
        problem = None
        try:
            if self._descriptor is not None and not self._is_same_log(self._descriptor):
                self.close()
            self._catch_up()
        except FileNotFoundError:
            pass
        except StorageError as error:
            problem = Problem(self._relative, str(error))
        except OSError as error:
            self.close()
            problem = Problem(self._relative, reason_of(error))
        tail = LogTail(self._relative, tuple(self._lines), self._dropped, self._from_start, self._beginning, problem)
        if tail != self._tail:
            self._tail = tail
        return self._tail

    def close(self) -> None:
        """Lets go of the log; a later ``read`` begins it anew."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
            self._beginning += 1
            self._clear()

    def _clear(self) -> None:
        self._lines: deque[str] = deque()
        self._characters = 0
        self._dropped = 0
        self._from_start = True
        self._offset = 0
        self._trace = b""
        self._splitter = LineSplitter()

    def _is_same_log(self, descriptor: int) -> bool:
        return is_same_log(self._base / self._relative, descriptor, self._offset, self._trace)

    def _catch_up(self) -> None:
        """Reads what was appended, from the last lines on where that is too much or this is the first time."""
        opened = self._descriptor
        descriptor = self._descriptor = open_regular(self._base, self._relative) if opened is None else opened
        size = os.fstat(descriptor).st_size
        if opened is None or size - self._offset > MAX_CAUGHT_UP:
            self._jump(descriptor, size)
        for block in blocks(descriptor, self._offset, size):
            self._offset += len(block)
            self._trace = (self._trace + block)[-_TRACE:]
            self._keep(self._splitter.feed(block))

    def _jump(self, descriptor: int, size: int) -> None:
        """Goes on where the last lines begin, past all that lies between."""
        self._dropped += len(self._lines)
        self._lines.clear()
        self._characters = 0
        self._offset, held = start_of_last(descriptor, self._limit, size)
        self._splitter = LineSplitter(held)
        self._trace = b""
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

"""One log, followed by its name while others append to it, truncate it or replace it."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from clawtui.files.fs.links import open_followed
from clawtui.files.fs.reading import reason_of
from clawtui.files.logs.log_data import Descriptor, LogData
from clawtui.model.errors import Unreadable

_TRACE = 256
"""Bytes before the end that are compared at each look, to notice a log that was rewritten in place."""

STILL = 5.0
"""Seconds without a write after which an unfinished last line is torn: its writer will not complete it."""


class LogFile:
    """Follows one log by its name. A look reads only the bytes that were appended."""

    def __init__(self, base: Path, relative: str) -> None:
        self._base = base
        self._relative = relative
        self._data = LogData()
        self._whole = 0  # the end of the last complete line
        self._trace = b""
        self._still_since: tuple[int, float] | None = None  # a size, and when it was first seen

    @property
    def known(self) -> LogData:
        """The log as it was at the last look."""
        return self._data

    def look(self, now: float | None = None) -> LogData:
        """Return the log as it is now; the same object if it has not changed.

        With ``now``, in seconds since the epoch, an unfinished last line is torn once the log has been still.

        A missing log counts as empty. Raises Unreadable and Refused; the log counts as unknown then, and the next look
        starts over.
        """
        try:
            if self._data.descriptor is not None and not self._is_same(self._data.descriptor):
                self.close()
            if self._data.descriptor is None:
                self._open()
            self._measure()
            if now is not None and self._data.size > self._data.end:
                self._tear(now)
        except FileNotFoundError:
            pass
        except Unreadable as error:
            self.close()
            error.set_path(self._relative)
            raise
        return self._data

    def close(self) -> None:
        """Close the log; a later ``look`` starts over."""
        if self._data.descriptor is not None:
            self._data = LogData(beginning=self._data.beginning + 1)
            self._whole = 0
            self._trace = b""

    def _open(self) -> None:
        self._data = replace(self._data, descriptor=Descriptor(open_followed(self._base, self._relative)))

    def _is_same(self, descriptor: Descriptor) -> bool:
        """Return whether the name still leads to the open log, by its inode, which no other file can get while open."""
        try:
            return is_same_log(self._base / self._relative, descriptor.number, self._data.size, self._trace)
        except OSError as error:
            raise Unreadable(reason_of(error)) from error

    def _measure(self) -> None:
        """Update the size and the end of the log after an append."""
        before = self._data
        if before.descriptor is None:
            return
        size = os.fstat(before.descriptor.number).st_size
        if size == before.size:
            return
        newline = before.newline_before(size, before.size)
        self._whole = self._whole if newline is None else newline + 1
        self._data = replace(before, size=size, end=self._whole, torn=False)
        self._trace = before.read_bytes(max(0, size - _TRACE), size)

    def _tear(self, now: float) -> None:
        """Make the bytes after the last complete line a line, until the log grows, if it has been still.

        The time since its last write counts; if that is of another clock, the time since it was first seen unchanged.
        """
        data = self._data
        if data.descriptor is None:
            return
        if self._still_since is None or self._still_since[0] != data.size:
            self._still_since = (data.size, now)
        written = os.fstat(data.descriptor.number).st_mtime
        if now - min(written, self._still_since[1]) > STILL:
            self._data = replace(data, end=data.size + 1, torn=True)


def is_same_log(path: Path, descriptor: int, offset: int, trace: bytes) -> bool:
    """Return whether ``path`` still leads to the open file, and ``trace``, read up to ``offset``, is still in it.

    A log that was truncated and has grown again has the same inode; only its content shows the difference.
    """
    try:
        named = path.stat(follow_symlinks=False)
    except OSError:
        return False
    opened = os.fstat(descriptor)
    if (named.st_dev, named.st_ino) != (opened.st_dev, opened.st_ino):
        return False
    return os.pread(descriptor, len(trace), offset - len(trace)) == trace

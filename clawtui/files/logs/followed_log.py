"""A log that is followed by its name while it is rotated: no line of an older part is lost, and none is read twice."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from clawtui.files.fs.links import open_followed
from clawtui.files.fs.reading import reason_of
from clawtui.files.logs.joined_log import MAX_ROTATED, rotated_parts, unpacked
from clawtui.files.logs.line_splitter import LineSplitter
from clawtui.files.logs.log_data import Descriptor, LogData
from clawtui.model.errors import Unreadable
from clawtui.model.search.line_filter import LineFilter

_READ: Final = 512 * 1024
_TRACE: Final = 256
_KEPT: Final = 100
"""Reads without a new byte after which a part that was rotated away is closed: its writer has opened the new one."""
_GAP: Final = 3
"""Numbers of parts that may be missing in a row, because a rotation is going on."""


class FollowedLog:
    """Reads every complete line of a log once, oldest first, with its rotated parts. Close it after use.

    A part that is renamed is read to its end, and for a while after that, because its writer may not have opened the
    new one yet. Parts that came and were renamed between two reads are found by their numbers. Of a log that was copied
    and truncated, the copy has the rest.
    """

    def __init__(self, base: Path, relative: str) -> None:
        self._base = base
        self._relative = relative
        self._current: _Part | None = None
        self._retired: list[_Part] = []
        self._known: set[tuple[int, int]] = set()

    def read_blocks(self, line_filter: LineFilter | None = None, *, final: bool = False) -> Iterator[list[bytes]]:
        """Yield the lines since the last call that pass the filter, many at once. Raises Unreadable, Refused.

        With ``final`` also the unfinished last lines of parts that were rotated away.
        """
        if self._current is None:
            yield from self._begin(line_filter)
        for part in self._retired:
            yield from part.blocks(line_filter)
        current = self._current
        if current is not None:
            is_named = self._leads_to(current)
            is_whole = current.is_whole()
            if is_whole:
                yield from current.blocks(line_filter)
            if not is_named or not is_whole:
                yield from self._go_on(current, line_filter, replaced=not is_named)
        yield from self._close_retired(line_filter, final)

    def unfinished(self, line_filter: LineFilter | None = None) -> list[bytes]:
        """Return the last line as far as it was read, in a list, if it has no newline and passes the filter."""
        return [] if self._current is None else self._current.unfinished(line_filter)

    def mark_unfinished(self) -> None:
        """Remember that the unfinished last line was shown, and need not be shown when the log is rotated."""
        if self._current is not None:
            self._current.shown = self._current.offset

    def close(self) -> None:
        """Close all parts."""
        self._current = None
        self._retired = []

    def _begin(self, line_filter: LineFilter | None) -> Iterator[list[bytes]]:
        """Read the parts that there are, and leave the newest one open."""
        self._current = self._open(self._relative)
        newest = self._current.identity if self._current is not None else None
        *older, _ = rotated_parts(self._base, self._relative)
        for name in older:
            part = self._open(name)
            if part is not None and part.identity != newest and part.identity not in self._known:
                self._known.add(part.identity)
                yield from part.whole(line_filter)

    def _go_on(self, old: _Part, line_filter: LineFilter | None, *, replaced: bool) -> Iterator[list[bytes]]:
        """Read what came after ``old``: the parts in between whole, and the newest one, which stays open."""
        newest = self._open(self._relative) if replaced else None
        if replaced and newest is None:
            return  # it is missing for a moment
        between = self._between(old, newest)
        self._known.add(old.identity)
        if newest is None:
            newest = old.restarted()
        elif old.is_whole():
            self._retired.append(old)
        self._current = newest
        for part in between:
            self._known.add(part.identity)
            yield from part.whole(line_filter)
        yield from newest.blocks(line_filter)

    def _between(self, old: _Part, newest: _Part | None) -> list[_Part]:
        """Return the parts that are newer than ``old`` and older than the newest one, oldest first."""
        found: list[_Part] = []
        seen = {newest.identity} if newest is not None else set()
        missing = 0
        for number in range(1, MAX_ROTATED + 1):
            name = f"{self._relative}.{number}"
            part = self._open(name) or self._open(f"{name}.gz")
            missing = missing + 1 if part is None else 0
            if missing > _GAP:
                break
            if part is None or part.identity in seen:
                continue
            if part.identity == old.identity or part.identity in self._known:
                break
            if part.continues(old):
                return [part, *found] if not old.is_whole() else found
            seen.add(part.identity)
            found.insert(0, part)
        return found

    def _close_retired(self, line_filter: LineFilter | None, final: bool) -> Iterator[list[bytes]]:
        closed = [part for part in self._retired if final or part.quiet_reads > _KEPT]
        self._retired = [part for part in self._retired if part not in closed]
        for part in closed:
            yield part.last_words(line_filter)

    def _leads_to(self, part: _Part) -> bool:
        """Return whether the name leads to the part, or nowhere for the moment. Raises Unreadable."""
        try:
            return _identity((self._base / self._relative).stat()) == part.identity
        except FileNotFoundError:
            return True
        except OSError as error:
            raise Unreadable(reason_of(error), self._relative) from error

    def _open(self, name: str) -> _Part | None:
        try:
            descriptor = Descriptor(open_followed(self._base, name))
        except FileNotFoundError:
            return None
        identity = _identity(os.fstat(descriptor.number))
        return _Part(unpacked(self._base, name) if name.endswith(".gz") else descriptor, identity)


class _Part:
    """One file of a log, open, and read up to an offset."""

    def __init__(self, descriptor: Descriptor, identity: tuple[int, int]) -> None:
        self.identity = identity
        self.offset = 0
        self.shown = -1
        """The offset at which its unfinished last line was shown."""
        self.quiet_reads = 0
        self._descriptor = descriptor
        self._splitter = LineSplitter()
        self._trace = b""

    def is_whole(self) -> bool:
        """Return whether what was read is still there: whether the file was not truncated."""
        return self._has(self.offset, self._trace)

    def continues(self, other: _Part) -> bool:
        """Return whether this is a copy of ``other``; it is then read from where the other was read to."""
        if not other._trace or not self._has(other.offset, other._trace):
            return False
        self.offset, self._trace, self._splitter = other.offset, other._trace, other._splitter
        self.shown = other.shown
        return True

    def restarted(self) -> _Part:
        """Return the same file, to be read from its start."""
        return _Part(self._descriptor, self.identity)

    def blocks(self, line_filter: LineFilter | None) -> Iterator[list[bytes]]:
        """Yield the lines from the offset to the end of the file. Raises Unreadable."""
        size = os.fstat(self._descriptor.number).st_size
        data = LogData(self._descriptor, size, size)
        self.quiet_reads += 1
        while block := data.read(self.offset, min(size, self.offset + _READ)):
            self.quiet_reads = 0
            self.offset += len(block)
            lines = self._splitter.feed(block, line_filter)
            if not block.strip():
                self.offset = max(self.offset, min(data.next_data(self.offset), size))
            self._trace = data.read_bytes(max(0, self.offset - _TRACE), self.offset)
            yield lines

    def whole(self, line_filter: LineFilter | None) -> Iterator[list[bytes]]:
        """Yield the lines to the end of the file, and the last one also if it has no newline. Raises Unreadable."""
        yield from self.blocks(line_filter)
        yield self.last_words(line_filter)

    def unfinished(self, line_filter: LineFilter | None) -> list[bytes]:
        """Return the line whose end has not come, in a list."""
        line = self._splitter.unfinished
        return [line] if line.strip() and (line_filter is None or line_filter.admits(line)) else []

    def last_words(self, line_filter: LineFilter | None) -> list[bytes]:
        """Return the unfinished last line, unless it was shown."""
        return [] if self.shown == self.offset else self.unfinished(line_filter)

    def _has(self, offset: int, trace: bytes) -> bool:
        return os.pread(self._descriptor.number, len(trace), offset - len(trace)) == trace


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino

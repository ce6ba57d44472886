"""A log that is followed by its name while it is rotated: no line of an older part is lost, and none is read twice."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from clawtui.files.fs.links import open_followed
from clawtui.files.fs.reading import reason_of
from clawtui.files.logs.joined_log import MAX_ROTATED, rotated_parts, unpacked
from clawtui.files.logs.log_data import Descriptor
from clawtui.files.logs.log_part import LogPart, identity_of, size_of
from clawtui.model.errors import Unreadable
from clawtui.model.search.line_filter import LineFilter

_KEPT: Final = 100
"""Reads without a new byte after which a part that was rotated away is closed: its writer has opened the new one."""
_GAP: Final = 3
"""Numbers of parts that may be missing in a row, because a rotation is going on."""


class Position(NamedTuple):
    """Where the reading of a log ended."""

    identity: tuple[int, int]
    """The device and the inode of the file."""
    offset: int


class FollowedLog:
    """Reads every complete line of a log once, oldest first, with its rotated parts. Close it after use.

    A part that is renamed is read to its end, and for a while after that, because its writer may not have opened the
    new one yet. Parts that came and were renamed between two reads are found by their numbers. Of a log that was copied
    and truncated, the copy has the rest. With ``last`` only about that many bytes at its end are read at first; with
    ``resume`` only what came after that position, if the file is still the same.
    """

    def __init__(self, base: Path, relative: str, *, last: int | None = None, resume: Position | None = None) -> None:
        self._base = base
        self._relative = relative
        self._last = last
        self._resume = resume
        self.is_cut = False
        """Whether lines were left out because of ``last``."""
        self._current: LogPart | None = None
        self._retired: list[LogPart] = []
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

    @property
    def position(self) -> Position | None:
        """Where the last complete line of the newest part ended; None while there is no log. Raises Unreadable."""
        return None if self._current is None else Position(self._current.identity, self._current.complete())

    def close(self) -> None:
        """Close all parts."""
        self._current = None
        self._retired = []

    def _begin(self, line_filter: LineFilter | None) -> Iterator[list[bytes]]:
        """Read the parts that there are, and leave the newest one open."""
        self._current = current = self._open(self._relative)
        if self._resume is not None:
            if current is not None and current.identity == self._resume.identity:
                current.skip(self._resume.offset)
            return
        newest = current.identity if current is not None else None
        names: Sequence[str] = rotated_parts(self._base, self._relative)[:-1]
        if self._last is not None:
            names = self._within(names, current)
        for name in names:
            part = self._open(name)
            if part is not None and part.identity != newest and part.identity not in self._known:
                self._known.add(part.identity)
                yield from part.whole(line_filter)

    def _within(self, names: Sequence[str], current: LogPart | None) -> Sequence[str]:
        """Return the older parts that are needed for the ``last`` bytes; skip the start of ``current`` if none is."""
        left = (self._last or 0) - (0 if current is None else current.size)
        if current is not None and left < 0:
            current.skip(current.line_after(-left))
        needed = 0
        for name in reversed(names):
            if left <= 0:
                break
            needed += 1
            left -= size_of(self._base / name)
        self.is_cut = left < 0 or needed < len(names)
        return names[len(names) - needed :]

    def _go_on(self, old: LogPart, line_filter: LineFilter | None, *, replaced: bool) -> Iterator[list[bytes]]:
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

    def _between(self, old: LogPart, newest: LogPart | None) -> list[LogPart]:
        """Return the parts that are newer than ``old`` and older than the newest one, oldest first."""
        found: list[LogPart] = []
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
            yield part.unshown_end(line_filter)

    def _leads_to(self, part: LogPart) -> bool:
        """Return whether the name leads to the part, or nowhere for the moment. Raises Unreadable."""
        try:
            return identity_of((self._base / self._relative).stat()) == part.identity
        except FileNotFoundError:
            return True
        except OSError as error:
            raise Unreadable(reason_of(error), self._relative) from error

    def _open(self, name: str) -> LogPart | None:
        try:
            descriptor = Descriptor(open_followed(self._base, name))
        except FileNotFoundError:
            return None
        identity = identity_of(os.fstat(descriptor.number))
        return LogPart(unpacked(self._base, name) if name.endswith(".gz") else descriptor, identity)

"""Several logs as one: the days of a run or of the dispatcher, and the parts of a log that was rotated."""

from __future__ import annotations

import gzip
import os
import stat
import tempfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf
from pathlib import Path
from typing import Final

from clawtui.files.fs.reading import open_regular
from clawtui.files.logs.log_data import Descriptor, LogData
from clawtui.files.logs.log_file import LogFile

MAX_ROTATED: Final = 99
MAX_UNPACKED: Final = 256 * 1024 * 1024
"""Bytes that are unpacked of a compressed part; the rest is left out."""
_BLOCK: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class JoinedData(LogData):
    """The bytes of several logs one after the other. An older one whose last line has no end gets a newline."""

    parts: tuple[LogData, ...] = ()
    starts: tuple[int, ...] = ()
    """Where each part starts in the whole."""

    def read(self, start: int, end: int) -> bytes:
        """See `LogData`."""
        return b"".join(
            [part.read(max(0, start - base), end - base) for part, base in self._parts(start, end)],
        )

    def read_bytes(self, start: int, end: int) -> bytes:
        """See `LogData`."""
        pieces = []
        for part, base in self._parts(start, end):
            piece = part.read_bytes(max(0, start - base), end - base)
            ends_torn = part.torn and end - base > part.size and max(0, start - base) + len(piece) == part.size
            pieces.append(piece + b"\n" if ends_torn else piece)
        return b"".join(pieces)

    def read_into(self, buffer: bytearray, start: int, end: int) -> int:
        """See `LogData`."""
        data = self.read_bytes(start, end)
        buffer[: len(data)] = data
        return len(data)

    def next_data(self, offset: int) -> int:
        """See `LogData`."""
        for part, base in self._parts(offset, self.end):
            at = base + part.next_data(max(0, offset - base))
            if at < base + part.end or part is self.parts[-1]:
                return min(at, self.end)
        return offset

    def _parts(self, start: int, end: int) -> list[tuple[LogData, int]]:
        """Return the parts with bytes between ``start`` and ``end``, each with where it starts."""
        ends = (*self.starts[1:], inf)
        return [
            (part, base)
            for part, base, stop in zip(self.parts, self.starts, ends, strict=True)
            if base < end and start < stop
        ]


class JoinedLog:
    """Follows several logs as one, of which only the last one grows; used like `LogFile`."""

    def __init__(self, base: Path, relatives: Sequence[str]) -> None:
        self._base = base
        self._logs = [_part(base, relative) for relative in relatives]
        self._known = JoinedData()

    @property
    def known(self) -> LogData:
        """The logs as they were at the last look."""
        return self._known

    def look(self, now: float | None = None) -> LogData:
        """Return the logs as they are now; the same object if nothing has changed. Raises Unreadable, Refused."""
        *older, newest = self._logs
        parts = (*(log.look(inf) for log in older), newest.look(now))
        last = self._known
        if len(parts) == len(last.parts) and all(new is old for new, old in zip(parts, last.parts, strict=True)):
            return last
        starts = [0]
        for part in parts[:-1]:
            starts.append(starts[-1] + part.end)
        base = starts[-1]
        moved = any(new is not old for new, old in zip(parts[:-1], last.parts[:-1], strict=False))
        replaced = parts[-1].beginning != last.parts[-1].beginning if last.parts else False
        self._known = JoinedData(
            descriptor=next((part.descriptor for part in parts if part.descriptor is not None), None),
            size=base + parts[-1].size,
            end=base + parts[-1].end,
            torn=parts[-1].torn,
            beginning=last.beginning + bool(last.parts and (moved or replaced)),
            long_lines={} if moved or replaced else last.long_lines,
            parts=parts,
            starts=tuple(starts),
        )
        return self._known

    def close(self) -> None:
        """Close all logs; a later ``look`` starts over."""
        for log in self._logs:
            log.close()
        if self._known.parts:
            self._known = JoinedData(beginning=self._known.beginning + 1)


class _UnpackedLog:
    """A compressed log, unpacked once into a file without a name."""

    def __init__(self, base: Path, relative: str) -> None:
        self._base = base
        self._relative = relative
        self._data: LogData | None = None

    def look(self, now: float | None = None) -> LogData:
        """Return the log, unpacked; as far as it can be read."""
        if self._data is None:
            descriptor = unpacked(self._base, self._relative)
            size = os.fstat(descriptor.number).st_size
            data = LogData(descriptor, size, size)
            whole = size == 0 or data.read_bytes(size - 1, size) == b"\n"
            self._data = data if whole else replace(data, end=size + 1, torn=True)
        return self._data

    def close(self) -> None:
        """Remove the unpacked file."""
        self._data = None


def rotated_parts(base: Path, relative: str) -> tuple[str, ...]:
    """Return the log at ``relative`` after the parts that were rotated away from it, oldest first.

    They are called ``….jsonl.1`` and so on, newest first, each also with ``.gz`` at its end.
    """
    parts = [relative]
    for number in range(1, MAX_ROTATED + 1):
        names = (f"{relative}.{number}", f"{relative}.{number}.gz")
        found = next((name for name in names if _is_regular(base / name)), None)
        if found is None:
            break
        parts.insert(0, found)
    if len(parts) == 1 and _is_regular(base / f"{relative}.gz"):
        parts.insert(0, f"{relative}.gz")
    return tuple(parts)


def _is_regular(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.stat(follow_symlinks=False).st_mode)
    except OSError:
        return False


def _part(base: Path, relative: str) -> LogFile | _UnpackedLog:
    return _UnpackedLog(base, relative) if relative.endswith(".gz") else LogFile(base, relative)


def unpacked(base: Path, relative: str) -> Descriptor:
    """Return the content of a compressed log, as far as it can be read, in a file without a name."""
    with tempfile.TemporaryFile() as target:
        _unpack(open_regular(base, relative), target.fileno())
        return Descriptor(os.dup(target.fileno()))


def _unpack(packed: int, target: int) -> None:
    """Unpack a descriptor, which is closed, into another one, up to the first damage."""
    written = 0
    try:
        with os.fdopen(packed, "rb") as raw, gzip.open(raw) as source:
            while written < MAX_UNPACKED and (block := source.read(_BLOCK)):
                os.write(target, block)
                written += len(block)
    except (EOFError, OSError, zlib.error):
        return


def open_joined(base: Path, relatives: Sequence[str]) -> LogFile | JoinedLog:
    """Return the logs as one, each after the parts that were rotated away from it."""
    parts = [part for relative in relatives for part in rotated_parts(base, relative)]
    return LogFile(base, parts[0]) if len(parts) == 1 and not parts[0].endswith(".gz") else JoinedLog(base, parts)

"""Lines of a log that others append to: read with ``pread``, in constant memory, however long they are.

A log is never mapped into memory: where it is truncated meanwhile, ``pread`` returns less, and a mapping would end
the process.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

MAX_LINE_BYTES = 64 * 1024
"""Bytes of one line that are kept; what is longer ends in the mark."""

MAX_LOOKED_BACK = 16 * 1024 * 1024
"""Bytes that are looked through for the beginnings of the last lines, whatever the size of the log."""

MARK = "…".encode()
"""Stands where a part of a line was left out."""

_BLOCK_BACK = 64 * 1024
_BLOCK_ON = 1024 * 1024


class LineSplitter:
    """Cuts a stream of bytes into lines and holds back the last one until its end has come (errata 12)."""

    def __init__(self, held: bytes = b"") -> None:
        """``held`` is what is known already of the first line."""
        self._held = bytearray(held)

    def feed(self, block: bytes) -> list[bytes]:
        """The lines that ``block`` ends, without their newlines."""
        first, *others = block.split(b"\n")
        self._hold(first)
        if not others:
            return []
        lines = [_cut(bytes(self._held)), *map(_cut, others[:-1])]
        self._held.clear()
        self._hold(others[-1])
        return lines

    def _hold(self, part: bytes) -> None:
        """One byte more than is kept shows that the line is too long; what follows need not be held."""
        self._held += part[: MAX_LINE_BYTES + 1 - len(self._held)]


def _cut(line: bytes) -> bytes:
    return line if len(line) <= MAX_LINE_BYTES else line[:MAX_LINE_BYTES] + MARK


def decode(line: bytes) -> str:
    """The line as text; bytes that are no UTF-8 become surrogates, which the cleaning door makes visible."""
    return line.decode("utf-8", "surrogateescape")


def blocks(descriptor: int, start: int, end: int | None = None) -> Iterator[bytes]:
    """The bytes from ``start`` to ``end``, or to the end of the file; fewer where it was truncated meanwhile."""
    while end is None or start < end:
        block = os.pread(descriptor, _BLOCK_ON if end is None else min(_BLOCK_ON, end - start), start)
        if not block:
            return
        yield block
        start += len(block)


def complete_lines(descriptor: int, start: int = 0, end: int | None = None, held: bytes = b"") -> Iterator[bytes]:
    """The complete lines from ``start`` on, without their newlines."""
    splitter = LineSplitter(held)
    for block in blocks(descriptor, start, end):
        yield from splitter.feed(block)


def start_of_last(descriptor: int, count: int, size: int) -> tuple[int, bytes]:
    """Where the last ``count`` complete lines of the first ``size`` bytes begin, and what to hold before reading on.

    Looks through at most MAX_LOOKED_BACK bytes, so it may find fewer. Where not even one line begins in those, the
    reading starts in the middle of a line, and the mark is to be held in the place of its beginning.
    """
    lowest = max(0, size - MAX_LOOKED_BACK)
    missing = count + 1  # the newline before the first line counts too
    earliest, at = size, size
    while at > lowest:
        end, at = at, max(lowest, at - _BLOCK_BACK)
        block = os.pread(descriptor, end - at, at)
        found = block.count(b"\n")
        if found >= missing:
            return at + _after_newline(block, missing), b""
        if found:
            earliest = at + block.find(b"\n") + 1
        missing -= found
    if lowest == 0:
        return 0, b""
    return (earliest, b"") if missing < count else (lowest, MARK)


def _after_newline(block: bytes, number: int) -> int:
    """The position behind the ``number``-th newline from the end."""
    position = len(block)
    for _ in range(number):
        position = block.rfind(b"\n", 0, position)
    return position + 1

"""The lines of a stretch of a log that a test holds for."""

from __future__ import annotations

from collections.abc import Iterator

from clawtui.files.logs.line_splitter import MAX_LINE_BYTES
from clawtui.files.logs.log_file import LogData
from clawtui.model.search.line_filter import LineFilter


def wanted_starts(data: LogData, test: LineFilter, begin: int, end: int) -> tuple[int, ...]:
    """Where the complete lines start that start from ``begin`` up to ``end`` and that ``test`` holds for.

    Raises Unreadable.
    """
    base = max(0, begin - 1)
    end = min(end, data.end)
    buffer = data.read(base, min(data.end, end + MAX_LINE_BYTES + 1))
    first = 0 if begin == 0 else buffer.find(b"\n") + 1
    if begin > 0 and first == 0:
        return ()
    return tuple(base + start for start in wanted_in(buffer, test, first, end - base))


def wanted_in(buffer: bytes, test: LineFilter, first: int, end: int) -> Iterator[int]:
    """Where the lines start in ``buffer``, from ``first`` on and before ``end``, that ``test`` holds for."""
    if test.needles is None:
        candidates = _all(buffer, first, end)
    elif len(test.needles) == 1:
        candidates = _with(buffer, test.needles[0], first, end)
    else:
        candidates = _with_any(buffer, test.needles, first, end)
    for start, stop in candidates:
        whole = stop - start <= MAX_LINE_BYTES
        if (test.literal and whole) or test.holds(buffer[start : stop if whole else start + MAX_LINE_BYTES]):
            yield start


def _all(buffer: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end:
        stop = _end_of(buffer, start)
        yield start, stop
        start = stop + 1


def _with(buffer: bytes, needle: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The lines with ``needle`` in them, each once."""
    while start < end:
        found = buffer.find(needle, start)
        if found < 0:
            return
        line = buffer.rfind(b"\n", start, found) + 1 or start
        if line >= end:
            return
        stop = _end_of(buffer, found)
        yield line, stop
        start = stop + 1


def _with_any(buffer: bytes, needles: tuple[bytes, ...], first: int, end: int) -> Iterator[tuple[int, int]]:
    """The lines with any of ``needles`` in them, in their order, each once."""
    ahead = {needle: _with(buffer, needle, first, end) for needle in needles}
    nearest = {needle: line for needle, lines in ahead.items() if (line := next(lines, None)) is not None}
    while nearest:
        line = min(nearest.values())
        yield line
        for needle in [needle for needle, at in nearest.items() if at == line]:
            following = next(ahead[needle], None)
            if following is None:
                del nearest[needle]
            else:
                nearest[needle] = following


def _end_of(buffer: bytes, position: int) -> int:
    newline = buffer.find(b"\n", position)
    return len(buffer) if newline < 0 else newline

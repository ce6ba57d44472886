"""The messages with the lines that were appended to the followed logs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from clawtui.files.logs.tail import TailReader
from clawtui.model.fleet import Fleet, LogTail
from clawtui.remote.messages.feed import FromAgent, TailMessage
from clawtui.remote.messages.fields import MAX_NAMES, MAX_TEXT, MAX_TEXT_FIELD

_LINES: Final = 2000
"""Lines of the log of a run that are sent."""
_LINE: Final = 128 * 1024
"""The most characters of one line."""


class TailSender:
    """The last lines of the followed logs that the dashboard has.

    The selected log is read here, with more of its lines.
    """

    def __init__(self, base: Path) -> None:
        self._base = base
        self._sent: dict[str, LogTail] = {}
        self._reader: tuple[str, TailReader, LogTail | None] | None = None

    def messages(self, fleet: Fleet) -> Iterator[FromAgent]:
        """Yield the messages that make the tails of the other end equal to those of ``fleet``."""
        # The log of a gateway, whose path is absolute, is read on request, also after its root has become another kind.
        own = {path: tail for path, tail in fleet.tails.items() if not path.startswith("/")}
        tails = own if fleet.gateway is None else {}
        for path in self._sent.keys() - tails.keys():
            del self._sent[path]
            yield TailMessage(path=path, gone=True)
        dispatchers = fleet.dispatcher_logs
        for path, tail in tails.items():
            whole = tail if path in dispatchers else self._read(path, tail)
            last = self._sent.get(path)
            if whole is not last:
                self._sent[path] = whole
                yield from _difference(last, whole)

    def close(self) -> None:
        """Close the log."""
        if self._reader is not None:
            self._reader[1].close()
            self._reader = None

    def _read(self, path: str, shown: LogTail) -> LogTail:
        """Return the end of the selected log; ``shown`` is the short one of the fleet, which changes with it."""
        if self._reader is None or self._reader[0] != path:
            self.close()
            self._reader = (path, TailReader(self._base, path, _LINES), None)
        _, reader, before = self._reader
        if before is shown:
            return self._sent[path]
        self._reader = (path, reader, shown)
        return reader.read()


def _difference(last: LogTail | None, tail: LogTail) -> Iterator[FromAgent]:
    """Yield the appended lines, or all of them if the other end cannot append; in messages of a bounded size."""
    added: Sequence[str] | None = None
    if last is not None and last.beginning == tail.beginning and last.problem == tail.problem:
        count = (tail.dropped + len(tail.lines)) - (last.dropped + len(last.lines))
        if 0 <= count <= len(tail.lines):
            added = tail.lines[len(tail.lines) - count :]
    lines, is_whole = _last_lines(tail.lines if added is None else added)
    is_restart = added is None or not is_whole
    problem = tail.problem.message[:MAX_TEXT_FIELD] if tail.problem is not None else None
    from_start = tail.from_start and is_whole
    for piece in _pieces(lines):
        yield TailMessage(
            path=tail.path,
            lines=piece,
            restart=is_restart,
            from_start=is_restart and from_start,
            problem=problem,
        )
        is_restart = False


def _last_lines(lines: Sequence[str]) -> tuple[Sequence[str], bool]:
    """Return the last lines of at most ``MAX_TEXT`` characters together, and whether those are all."""
    room = MAX_TEXT
    kept: list[str] = []
    for line in reversed(lines):
        short = _sendable(line)
        room -= len(short)
        if room < 0:
            return kept[::-1], False
        kept.append(short)
    return kept[::-1], True


def _sendable(line: str) -> str:
    """Return a line of a bounded length, with bytes that are not UTF-8 replaced: JSON cannot have them."""
    short = line if len(line) <= _LINE else f"{line[: _LINE - 1]}…"
    return short if short.isascii() else short.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _pieces(lines: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield the lines in tuples; one empty tuple if there are none."""
    for start in range(0, max(1, len(lines)), MAX_NAMES):
        yield tuple(lines[start : start + MAX_NAMES])

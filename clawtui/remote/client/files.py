"""The files of a root on another host that are kept here: its documents, and the ends of the followed logs."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import Final

from clawtui.live.fleet_builder import FleetBuilder
from clawtui.live.route import Kind, route
from clawtui.model.documents.base import Problem
from clawtui.model.fleet import LogTail
from clawtui.model.text.cleaning import clean
from clawtui.remote.client.own_directory import OwnDirectory, remove_left_directories
from clawtui.remote.messages.feed import TailMessage, is_document
from clawtui.remote.messages.fields import BadMessage

_MOST_LOGS: Final = 8
_LINES: Final = 2000
_CHARACTERS: Final = 16 * 1024 * 1024
"""The most characters of one tail in memory."""
_FILE: Final = 32 * 1024 * 1024
"""The size at which the file of a log begins again with the lines in memory."""
_AUTOMATIONS: Final = "automations"


class _Tail:
    """The lines of one log, and the file with them."""

    def __init__(self, path: str, file: Path, beginning: int) -> None:
        self.path = path
        self.file = file
        self.beginning = beginning
        self.lines: deque[str] = deque()
        self.characters = 0
        self.dropped = 0
        self.from_start = False
        self.problem: Problem | None = None

    def keep(self, lines: tuple[str, ...]) -> None:
        """Add lines, and drop the oldest ones beyond the limits."""
        self.lines.extend(lines)
        self.characters += sum(map(len, lines))
        while len(self.lines) > _LINES or self.characters > _CHARACTERS:
            self.characters -= len(self.lines.popleft())
            self.dropped += 1
            self.from_start = False

    def value(self) -> LogTail:
        return LogTail(self.path, tuple(self.lines), self.dropped, self.from_start, self.beginning, self.problem)


class RemoteFiles:
    """The documents and the followed logs, in a directory of this process, which `close` removes."""

    def __init__(self) -> None:
        self._own = OwnDirectory()
        self.root = self._own.path
        """A state directory with the documents and the ends of the followed logs."""
        self._tails: dict[str, _Tail] = {}
        self._beginnings = 0

    def apply(self, message: TailMessage, builder: FleetBuilder) -> None:
        """Take lines into the fleet and into the file. Raises BadMessage for a log that cannot be."""
        resource = route(message.path)
        if resource is None or resource.kind is not Kind.LOG or "\0" in message.path:
            raise BadMessage("it sent lines of a log with an impossible path")
        tail = self._tails.get(message.path)
        if message.gone:
            if tail is not None:
                self._forget(tail)
            builder.tails.put(message.path, None)
            builder.set_problem(message.path, None)
            return
        if tail is None or message.restart:
            tail = self._begin(message, tail)
        tail.keep(message.lines)
        tail.problem = Problem(message.path, clean(message.problem)) if message.problem is not None else None
        self._write(tail, message.lines)
        builder.tails.put(message.path, tail.value())
        builder.set_problem(message.path, tail.problem.message if tail.problem is not None else None)

    def put_document(self, path: str, text: str | None) -> None:
        """Write a document, or remove it. It is only read here: without it a pane shows less."""
        place = self.root / _AUTOMATIONS / path
        temporary = place.with_name(f".{place.name[:100]}.tmp")
        with suppress(OSError, ValueError):  # a full disk, or a name that this file system cannot have
            if text is None:
                place.unlink(missing_ok=True)
                return
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            temporary.write_text(text, encoding="utf-8", newline="")
            temporary.replace(place)

    def keep_only(self, documents: Collection[str]) -> None:
        """Remove the documents that are not among these: those of an earlier connection."""
        base = self.root / _AUTOMATIONS
        for place in list(base.rglob("*")):
            path = place.relative_to(base).as_posix()
            if is_document(path) and path not in documents:
                with suppress(OSError):
                    place.unlink()

    def forget_tails(self) -> None:
        """Begin again: the next connection sends each log again. The files stay as they are until then."""
        self._tails.clear()

    def remove_left(self) -> None:
        """Remove the files of processes that were killed."""
        remove_left_directories()

    def close(self) -> None:
        """Remove the files."""
        self._own.close()

    def _begin(self, message: TailMessage, old: _Tail | None) -> _Tail:
        if old is None and len(self._tails) >= _MOST_LOGS:
            raise BadMessage("it sent more logs than were asked for")
        self._beginnings += 1
        tail = _Tail(message.path, self.root / _AUTOMATIONS / message.path, self._beginnings)
        tail.from_start = message.from_start
        self._tails[message.path] = tail
        with suppress(OSError):
            tail.file.unlink()
        return tail

    def _forget(self, tail: _Tail) -> None:
        del self._tails[tail.path]
        with suppress(OSError):
            tail.file.unlink()

    def _write(self, tail: _Tail, lines: tuple[str, ...]) -> None:
        """Append lines to the file; replace it when it is too large. A full disk is a problem of the log."""
        try:
            tail.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            if tail.file.exists() and tail.file.stat().st_size > _FILE:
                tail.file.unlink()
                lines = tuple(tail.lines)
            with tail.file.open("a", encoding="utf-8", errors="replace", newline="") as file:
                file.writelines(f"{line.replace(chr(10), ' ')}\n" for line in lines)
        except OSError as error:
            tail.problem = Problem(tail.path, f"cannot be kept here: {error.strerror}")

"""One log that a dashboard on another host has opened: its answers to requests, and what is sent on its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from clawtui.files.log_view.reader import LogFileReader
from clawtui.model.documents.log_entry import RawLine
from clawtui.remote.messages.fields import MAX_TEXT, MAX_TEXT_FIELD
from clawtui.remote.messages.log_parts import MAX_PAGE, WireOrigins, pattern_of, query_of, wire_line
from clawtui.remote.messages.logs import (
    FilterLog,
    LogAnswers,
    LogFound,
    LogNumber,
    LogPage,
    LogPlace,
    LogRequests,
    LogState,
    Opening,
    SearchLog,
    StopLog,
    WantNearest,
    WantNumber,
    WantPage,
    WantPlace,
)

SENT_AT_ONCE: Final = 256 * 1024
"""The most appended bytes whose lines are sent before they are asked for."""
_AROUND: Final = 100
"""Lines that are sent on either side of a line that was looked for."""

Send = Callable[[LogAnswers], None]


class LogView:
    """One open log. Its methods are called under the lock of the open logs."""

    def __init__(self, reader: LogFileReader, request: Opening, send: Send) -> None:
        self.reader = reader
        self._id = request.id
        self._send = send
        self._view = request.view
        self._search = request.search
        self._sought: WantNearest | None = None
        self._last: LogState | None = None
        reader.show_only(query_of(request.query), reader.end)
        reader.search(pattern_of(request.pattern), reader.end)
        self.report()

    def answer(self, request: LogRequests) -> None:
        """Carry out a request about this log. Raises OSError."""
        match request:
            case FilterLog():
                self._view, self._sought = request.view, None
                self.reader.show_only(query_of(request.query), request.near)
            case SearchLog():
                self._search, self._sought = request.search, None
                self.reader.search(pattern_of(request.pattern), request.near)
            case StopLog():
                self._sought = None
                self.reader.stop()
            case WantPage():
                self.send_page(request.offset, request.before, request.after, request.ask)
            case WantNearest():
                self._sought = request
            case WantPlace():
                offset = self.reader.places.place_of(request.at)
                self.send_page(offset, _AROUND, _AROUND)
                self._send(self._answer(LogPlace, at=request.at, offset=offset))
            case WantNumber(offset=offset):
                number, rank = self.reader.places.number_of(offset), self.reader.rank(offset)
                self._send(self._answer(LogNumber, offset=offset, number=number, rank=rank))
        self.report()

    def look(self) -> None:
        """Check the log for changes, and send the appended lines."""
        end, beginning = self.reader.end, self.reader.beginning
        if not self.reader.look():
            return
        if self.reader.beginning == beginning and 0 < self.reader.end - end <= SENT_AT_ONCE:
            self.send_page(end, 0, MAX_PAGE)
        self.report()

    def report(self) -> None:
        """Send the line that was looked for, if it is known by now, and the state, if it has changed."""
        sought = self._sought
        if sought is not None:
            nearest = self.reader.nearest(sought.what, sought.offset, sought.forward)
            if nearest.known:
                self._sought = None
                self._send_found(sought, nearest.line)
        state = self.state()
        if state != self._last:
            self._last = state
            self._send(state)

    def _send_found(self, sought: WantNearest, line: RawLine | None) -> None:
        if line is not None:
            self.send_page(line.start, _AROUND, _AROUND)
        asked: dict[str, Any] = {"what": sought.what, "offset": sought.offset, "forward": sought.forward}
        self._send(self._answer(LogFound, line=None if line is None else wire_line(line), **asked))

    def send_page(self, offset: int, before: int, after: int, ask: int | None = None) -> None:
        """Send the visible lines around ``offset``, as far as they are known, and which range they fill."""
        reader = self.reader
        is_complete = reader.is_filtered
        above = self._fitting(reversed(reader.before(offset, before) if before else ()))[::-1]
        below = self._fitting(reader.after(offset, after) if after else ())
        start = above[0].start if above else 0 if before and is_complete else offset
        stop = below[-1].end if below else max(offset, reader.end) if after and is_complete else offset
        shown = (*above, *below)
        lines = tuple(wire_line(line) for line in shown)
        self._send(self._answer(LogPage, ask=ask, start=start, stop=stop, lines=lines, origins=self.origins_of(shown)))

    def origins_of(self, lines: Sequence[RawLine]) -> WireOrigins | None:
        """Return where lines come from; None for a log that was not merged."""
        return None

    def size_of(self, line: RawLine) -> int:
        """Return how much room a line takes in a message, in characters."""
        return len(line.text)

    def close(self) -> None:
        """Close the log."""
        self.reader.close()

    def _fitting(self, lines: Iterable[RawLine]) -> Sequence[RawLine]:
        """Return the first lines that have room in half a message."""
        room = MAX_TEXT // 2
        kept: list[RawLine] = []
        for line in lines:
            room -= self.size_of(line)
            if room < 0 and kept:
                break
            kept.append(line)
        return kept

    def _answer(self, kind: type[Any], **fields: object) -> Any:
        return kind(id=self._id, view=self._view, search=self._search, beginning=self.reader.beginning, **fields)

    def state(self) -> LogState:
        """Return the extent of the log, and how far it has been searched."""
        reader = self.reader
        work, hits, totals = reader.work(), reader.hits(), reader.places.totals()
        state: LogState = self._answer(
            LogState,
            end=reader.end,
            unfinished=reader.is_unfinished,
            problem=None if reader.problem is None else reader.problem[:MAX_TEXT_FIELD],
            began=self._began(),
            totals=None if totals is None else (totals.lines, totals.errors, totals.warnings),
            hits=hits.total,
            searched=hits.known,
            doing=work.doing,
            progress=round(work.progress, 2),
        )
        return state

    def _began(self) -> datetime | None:
        last, reader = self._last, self.reader
        is_known = last is not None and last.began is not None and last.beginning == reader.beginning
        return last.began if last is not None and is_known else reader.places.began()

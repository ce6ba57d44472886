"""The logs that a dashboard on another host has opened: the agent reads and searches them here."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from clawtui.files.log_view.reader import LogFileReader, open_log
from clawtui.live.route import Kind, route
from clawtui.model.documents.log_entry import RawLine
from clawtui.remote.messages.fields import MAX_TEXT, MAX_TEXT_FIELD, BadMessage
from clawtui.remote.messages.log_parts import pattern_of, query_of, wire_line
from clawtui.remote.messages.logs import (
    MAX_PAGE,
    CloseLog,
    FilterLog,
    LogAnswers,
    LogFound,
    LogNumber,
    LogPage,
    LogPlace,
    LogRequests,
    LogState,
    OpenLog,
    SearchLog,
    StopLog,
    WantNearest,
    WantNumber,
    WantPage,
    WantPlace,
)

_MOST_OPEN: Final = 4
"""Logs that are open at once; the one that was opened first is closed for another one."""
_SENT_AT_ONCE: Final = 256 * 1024
"""The most appended bytes whose lines are sent before they are asked for."""
_AROUND: Final = 100
"""Lines that are sent on either side of a line that was looked for."""

Send = Callable[[LogAnswers], None]


class LogViews:
    """The open logs. `answer` and `look` may be called on different threads."""

    def __init__(self, base: Path, send: Send, is_gateway_log: Callable[[str], bool]) -> None:
        """Read logs below ``base``, which is ``automations/``, and that of a stock gateway.

        ``send`` raises OSError where the other end is gone; ``is_gateway_log`` is called with an absolute path.
        """
        self._base = base
        self._send = send
        self._is_gateway_log = is_gateway_log
        self._lock = threading.RLock()
        self._open: dict[int, _View] = {}

    def answer(self, request: LogRequests) -> None:
        """Carry out a request of a dashboard. Raises BadMessage for a path that is not that of a log, and OSError."""
        with self._lock:
            if isinstance(request, OpenLog):
                self._open_view(request)
            elif isinstance(request, CloseLog):
                self._close(request.id)
            elif (view := self._open.get(request.id)) is not None:
                view.answer(request)

    def look(self) -> None:
        """Check the logs for changes. Raises OSError."""
        with self._lock:
            for view in self._open.values():
                view.look()

    def close(self) -> None:
        """Close all logs."""
        with self._lock:
            for id in tuple(self._open):
                self._close(id)

    def _open_view(self, request: OpenLog) -> None:
        for path in request.paths:
            resource = route(path)
            is_own = resource is not None and resource.kind is Kind.LOG and "\0" not in path
            if not is_own and not path.startswith("/"):
                raise BadMessage("it asked for something that is no log")
            if not is_own and not self._is_gateway_log(path):  # it may have been the gateway's log before
                self._send(_no_log(request))
                return
        self._close(request.id)
        if len(self._open) >= _MOST_OPEN:
            self._close(next(iter(self._open)))
        reader = open_log(self._base, request.paths, partial(self._report, request.id))
        self._open[request.id] = _View(reader, request, self._send)

    def _close(self, id: int) -> None:
        if (view := self._open.pop(id, None)) is not None:
            view.reader.close()

    def _report(self, id: int) -> None:
        """Send the results so far, on the thread of the search."""
        with self._lock, suppress(OSError):  # where the other end is gone, the input ends too
            if (view := self._open.get(id)) is not None:
                view.report()


class _View:
    """One open log."""

    def __init__(self, reader: LogFileReader, request: OpenLog, send: Send) -> None:
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
                self._send_page(request.offset, request.before, request.after, request.ask)
            case WantNearest():
                self._sought = request
            case WantPlace():
                offset = self.reader.places.place_of(request.at)
                self._send_page(offset, _AROUND, _AROUND)
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
        if self.reader.beginning == beginning and 0 < self.reader.end - end <= _SENT_AT_ONCE:
            self._send_page(end, 0, MAX_PAGE)
        self.report()

    def report(self) -> None:
        """Send the line that was looked for, if it is known by now, and the state, if it has changed."""
        sought = self._sought
        if sought is not None:
            nearest = self.reader.nearest(sought.what, sought.offset, sought.forward)
            if nearest.known:
                self._sought = None
                self._send_found(sought, nearest.line)
        state = self._state()
        if state != self._last:
            self._last = state
            self._send(state)

    def _send_found(self, sought: WantNearest, line: RawLine | None) -> None:
        if line is not None:
            self._send_page(line.start, _AROUND, _AROUND)
        asked: dict[str, Any] = {"what": sought.what, "offset": sought.offset, "forward": sought.forward}
        self._send(self._answer(LogFound, line=None if line is None else wire_line(line), **asked))

    def _send_page(self, offset: int, before: int, after: int, ask: int | None = None) -> None:
        """Send the visible lines around ``offset``, as far as they are known, and which range they fill."""
        reader = self.reader
        is_complete = reader.is_filtered
        above = _fitting(reversed(reader.before(offset, before) if before else ()))[::-1]
        below = _fitting(reader.after(offset, after) if after else ())
        start = above[0].start if above else 0 if before and is_complete else offset
        stop = below[-1].end if below else max(offset, reader.end) if after and is_complete else offset
        lines = tuple(wire_line(line) for line in (*above, *below))
        self._send(self._answer(LogPage, ask=ask, start=start, stop=stop, lines=lines))

    def _answer(self, kind: type[Any], **fields: object) -> Any:
        return kind(id=self._id, view=self._view, search=self._search, beginning=self.reader.beginning, **fields)

    def _state(self) -> LogState:
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


def _no_log(request: OpenLog) -> LogState:
    """Return the state of a log that is not the gateway's one now."""
    numbers = {"id": request.id, "view": request.view, "search": request.search, "beginning": 0}
    return LogState(end=0, problem="is not the log of the gateway now", **numbers)


def _fitting(lines: Iterable[RawLine]) -> Sequence[RawLine]:
    """Return the first lines that have room in half a message."""
    room = MAX_TEXT // 2
    kept: list[RawLine] = []
    for line in lines:
        room -= len(line.text)
        if room < 0 and kept:
            break
        kept.append(line)
    return kept

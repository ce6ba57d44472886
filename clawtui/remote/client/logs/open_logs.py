"""The logs on another host that the dashboard has open, and the dispatch of their requests and answers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import count
from typing import TYPE_CHECKING

from clawtui.remote.client.logs.reader import RemoteLogReader
from clawtui.remote.messages.logs import LogAnswers, LogRequests, OpenLog

if TYPE_CHECKING:
    from clawtui.remote.client.logs.all_logs import RemoteAllLogs


class RemoteLogs:
    """The open logs of one source. Readers are used on the thread of the screen, answers come on that of the source."""

    def __init__(self, post: Callable[[LogRequests], None]) -> None:
        """Send requests by ``post``."""
        self._send = post
        self._lock = threading.Lock()
        self._ids = count(1)
        self._open: dict[int, RemoteLogReader] = {}
        self._is_connected = False
        self.are_offered = True
        """Whether the agent can send pages of logs; an older one sends only the ends of followed logs."""
        self.are_merged = True
        """Whether the agent can merge all logs."""

    def open(self, paths: Sequence[str], news: Callable[[], None]) -> RemoteLogReader:
        """Return a reader of the logs at ``paths`` below ``automations/`` there, as one."""
        opening = OpenLog(id=next(self._ids), paths=tuple(paths))
        reader = RemoteLogReader(opening, self._post, news, self._release)
        self._begin(reader)
        return reader

    def open_all(self, since: datetime, news: Callable[[], None]) -> RemoteAllLogs:
        """Return all logs there since ``since``, merged by time."""
        from clawtui.remote.client.logs.all_logs import RemoteAllLogs

        logs = RemoteAllLogs(next(self._ids), since, self._post, news, self._release)
        self._begin(logs.reader)
        return logs

    def connect(self, *, are_offered: bool, are_merged: bool) -> None:
        """Open all logs at the agent of a new connection."""
        self.are_offered, self.are_merged = are_offered, are_merged
        self._is_connected = are_offered
        for reader in self._readers() if are_offered else ():
            reader.connect(are_merged=are_merged)

    def disconnect(self) -> None:
        """Send nothing until there is a connection again."""
        self._is_connected = False

    def receive(self, answer: LogAnswers) -> None:
        """Pass an answer to its reader. Raises BadMessage for one that cannot be right."""
        with self._lock:
            reader = self._open.get(answer.id)
        if reader is not None:
            reader.receive(answer)

    def _begin(self, reader: RemoteLogReader) -> None:
        with self._lock:
            self._open[reader.id] = reader
        if self._is_connected:
            reader.connect(are_merged=self.are_merged)

    def _readers(self) -> Sequence[RemoteLogReader]:
        with self._lock:
            return tuple(self._open.values())

    def _release(self, id: int) -> None:
        with self._lock:
            self._open.pop(id, None)

    def _post(self, request: LogRequests) -> None:
        if self._is_connected:
            self._send(request)

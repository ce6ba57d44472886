"""The logs on another host that the dashboard has open, and the dispatch of their requests and answers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from itertools import count

from clawtui.remote.client.logs.reader import RemoteLogReader
from clawtui.remote.messages.logs import LogAnswers, LogRequests


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

    def open(self, paths: Sequence[str], news: Callable[[], None]) -> RemoteLogReader:
        """Return a reader of the logs at ``paths`` below ``automations/`` there, as one."""
        with self._lock:
            reader = RemoteLogReader(next(self._ids), paths, self._post, news, self._release)
            self._open[reader.id] = reader
        if self._is_connected:
            reader.restart()
        return reader

    def connect(self, *, are_offered: bool) -> None:
        """Open all logs at the agent of a new connection."""
        self.are_offered = are_offered
        self._is_connected = are_offered
        for reader in self._readers() if are_offered else ():
            reader.restart()

    def disconnect(self) -> None:
        """Send nothing until there is a connection again."""
        self._is_connected = False

    def receive(self, answer: LogAnswers) -> None:
        """Pass an answer to its reader. Raises BadMessage for one that cannot be right."""
        with self._lock:
            reader = self._open.get(answer.id)
        if reader is not None:
            reader.receive(answer)

    def _readers(self) -> Sequence[RemoteLogReader]:
        with self._lock:
            return tuple(self._open.values())

    def _release(self, id: int) -> None:
        with self._lock:
            self._open.pop(id, None)

    def _post(self, request: LogRequests) -> None:
        if self._is_connected:
            self._send(request)

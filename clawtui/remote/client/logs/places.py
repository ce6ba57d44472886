"""The positions of lines in a log on another host, from the answers of its agent."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime

from clawtui.model.search.log_results import Totals
from clawtui.remote.client.logs.known_log import KnownLog
from clawtui.remote.messages.logs import LogNumber, LogRequests, WantNumber, WantPlace


class RemoteLogPlaces:
    """The places in one log; implements the protocol ``LogPlaces`` of the log pane."""

    def __init__(self, id: int, known: KnownLog, lock: threading.RLock, post: Callable[[LogRequests], None]) -> None:
        self._id = id
        self._known = known
        self._lock = lock
        self._post = post

    def number_of(self, offset: int) -> int | None:
        """Return the number of the line at ``offset``, from 1; None where it is not known yet."""
        numbered = self._numbered(offset)
        return numbered.number if numbered is not None else None

    def rank_of(self, offset: int) -> int | None:
        """Return the number of the match at ``offset``, from 1; None where it is no match or not known yet."""
        numbered = self._numbered(offset)
        return numbered.rank if numbered is not None else None

    def totals(self) -> Totals | None:
        """Return the numbers of lines, errors and warnings of the whole log; None while they are not counted."""
        with self._lock:
            state = self._known.state
            return Totals(*state.totals) if state is not None and state.totals is not None else None

    def place_of(self, instant: datetime) -> int | None:
        """Return the offset of the first line written at ``instant`` or later; None where that is not known yet."""
        with self._lock:
            known = self._known
            if instant not in known.places and instant not in known.requested:
                known.requested.add(instant)
                self._post(WantPlace(id=self._id, at=instant))
            return known.places.get(instant)

    def began(self) -> datetime | None:
        """Return the time in the first lines of the log; None where they have none, or that is not known yet."""
        with self._lock:
            return self._known.state.began if self._known.state is not None else None

    def _numbered(self, offset: int) -> LogNumber | None:
        with self._lock:
            numbers = self._known.numbers
            if offset not in numbers:
                numbers[offset] = None
                self._post(WantNumber(id=self._id, offset=offset))
            return numbers[offset]

"""The reader of a log on another host: pages, matches and counts come from the agent there and are kept for a while.

Its methods answer at once from what is known here, ask for the rest, and report when that has come.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Final

from clawtui.model.documents.log_entry import RawLine
from clawtui.model.search.log_query import LogQuery
from clawtui.model.search.log_results import Hits, Nearest, Sought, Work
from clawtui.model.search.pattern import Pattern
from clawtui.model.text.cleaning import clean
from clawtui.remote.client.logs.known_log import KnownLog, Page, Way
from clawtui.remote.client.logs.places import RemoteLogPlaces
from clawtui.remote.messages.log_parts import wire_pattern, wire_query
from clawtui.remote.messages.logs import (
    CloseLog,
    FilterLog,
    LogAnswers,
    LogRequests,
    OpenAllLogs,
    OpenLog,
    SearchLog,
    StopLog,
    WantNearest,
    WantPage,
)

_PAGE: Final = 300
"""Lines that are asked for at once on each side."""
_AHEAD: Final = 100
"""Lines that are known beyond those that are shown, or else more are asked for."""
_MOST_ASKED: Final = 4
"""Pages that are asked for at once."""
TOO_OLD: Final = "is too old to send all logs as one: update it there"
"""What is wrong with a clawtui that does not know the request."""


class RemoteLogReader:
    """Reader of logs on another host, which are read as one; implements the protocol ``LogReader`` of the log pane."""

    def __init__(
        self,
        opening: OpenLog | OpenAllLogs,
        post: Callable[[LogRequests], None],
        news: Callable[[], None],
        release: Callable[[int], None],
        known: KnownLog | None = None,
    ) -> None:
        """Prepare to send ``opening``, which names the logs, and to keep the answers in ``known``.

        ``post`` sends a request, or drops it without a connection; ``news`` is called on the thread of the source;
        ``release`` when the log is closed.
        """
        self.id = opening.id
        self._opening = opening
        self._post = post
        self._news = news
        self._release = release
        self._lock = threading.RLock()
        self._known = known or KnownLog()
        self._query = LogQuery()
        self._pattern: Pattern | None = None
        self._asks = 0
        self.places = RemoteLogPlaces(self.id, self._known, self._lock, post)

    def connect(self, *, are_merged: bool) -> None:
        """Open the logs at the agent of a new connection; say that it is too old where it cannot merge them."""
        with self._lock:
            if isinstance(self._opening, OpenAllLogs) and not are_merged:
                self._known.refuse(self.id, f"the clawtui there {TOO_OLD}")
            else:
                self._known.reopen()
                conditions = {"query": wire_query(self._query), "pattern": wire_pattern(self._pattern)}
                numbers = {"view": self._known.view, "search": self._known.search}
                self._post(self._opening.model_copy(update=numbers | conditions))
                return
        self._news()

    def receive(self, answer: LogAnswers) -> None:
        """Take an answer, on the thread of the source. Raises BadMessage for one that cannot be right."""
        with self._lock:
            self._known.take(answer)
        self._news()

    @property
    def end(self) -> int:
        """The offset where the last complete line ends."""
        with self._lock:
            return self._known.state.end if self._known.state is not None else 0

    @property
    def beginning(self) -> int:
        """The number of times that the log was truncated or replaced."""
        return self._known.beginning

    @property
    def problem(self) -> str | None:
        """The reason why the log cannot be read; None where it can."""
        with self._lock:
            problem = self._known.state.problem if self._known.state is not None else None
            return None if problem is None else clean(problem)

    @property
    def is_unfinished(self) -> bool:
        """Whether the last line has no end, and is not shown for that reason."""
        with self._lock:
            return self._known.state is not None and self._known.state.unfinished

    @property
    def is_waiting(self) -> bool:
        """Whether lines were asked for that are still to come."""
        with self._lock:
            return self._known.state is None or bool(self._known.pages)

    def look(self) -> bool:
        """Return whether anything has changed since the last look; the agent looks at the log itself."""
        with self._lock:
            is_new, self._known.is_new = self._known.is_new, False
            return is_new

    def after(self, offset: int, count: int) -> Sequence[RawLine]:
        """Return the first ``count`` visible lines from ``offset`` on, as far as they are known, and ask for more."""
        with self._lock:
            lines, edge = self._known.lines.after(offset, count + _AHEAD)
            if edge is None:
                self._ask(Page(offset, _PAGE, _PAGE))
            elif len(lines) < count + _AHEAD and edge < self.end:
                self._ask(Page(edge, 0, _PAGE))
            return lines[:count]

    def before(self, offset: int, count: int) -> Sequence[RawLine]:
        """Return the last ``count`` visible lines before ``offset``, as far as they are known, and ask for more."""
        with self._lock:
            lines, edge = self._known.lines.before(offset, count + _AHEAD)
            if edge is None:
                self._ask(Page(offset, _PAGE, _PAGE))
            elif len(lines) < count + _AHEAD and edge > 0:
                self._ask(Page(edge, _PAGE, 0))
            return lines[max(0, len(lines) - count) :]

    def show_only(self, query: LogQuery, near: int) -> None:
        """Show only the lines that pass ``query``; the scan starts at the offset ``near``."""
        with self._lock:
            if query == self._query:
                return
            self._query = query
            self._known.view += 1
            self._known.forget()
            self._known.expect("filtering" if query.asks else "")
            self._post(FilterLog(id=self.id, view=self._known.view, query=wire_query(query), near=near))

    def search(self, pattern: Pattern | None, near: int) -> None:
        """Search the visible lines for ``pattern``, starting at the offset ``near``; None ends the search."""
        with self._lock:
            if pattern is None and self._pattern is None:
                return
            self._pattern = pattern
            self._known.search += 1
            self._known.forget_search()
            self._known.expect("searching" if pattern is not None else "")
            wire = wire_pattern(pattern)
            self._post(SearchLog(id=self.id, search=self._known.search, pattern=wire, near=near))

    def nearest(self, what: Sought, offset: int, forward: bool) -> Nearest:
        """Return the first match or error from ``offset`` on, or the last one before it, or begin to look for it."""
        with self._lock:
            way = Way(what, offset, forward)
            if what == "match" and self._pattern is None:
                return Nearest(None, known=True)
            if way in self._known.found:
                return Nearest(self._known.found[way], known=True)
            if self._known.seeking != way:
                self._known.seeking = way
                self._post(WantNearest(id=self.id, what=what, offset=offset, forward=forward))
            return Nearest(None, known=False)

    def count(self, start: int, end: int) -> int | None:
        """Return the number of visible lines from ``start`` to ``end``; None where they are not known here."""
        with self._lock:
            return 0 if start >= end else self._known.lines.count(start, end)

    def hits(self) -> Hits:
        """Return the number of matches found so far."""
        with self._lock:
            state = self._known.state
            if self._pattern is None or state is None:
                return Hits(0, known=self._pattern is None)
            return Hits(state.hits, state.searched)

    def rank(self, offset: int) -> int | None:
        """Return the number of the match at ``offset``, from 1; None where it is no match or not known yet."""
        return None if self._pattern is None else self.places.rank_of(offset)

    def work(self) -> Work:
        """Return the work that is going on there."""
        with self._lock:
            return self._known.work

    def stop(self) -> None:
        """Stop the search there; keep the matches found so far."""
        with self._lock:
            self._known.seeking = None
            self._known.expect("")
            self._post(StopLog(id=self.id))

    def close(self) -> None:
        """Close the log."""
        self._release(self.id)
        self._post(CloseLog(id=self.id))

    def _ask(self, page: Page) -> None:
        pages = self._known.pages
        if page in self._known.in_vain or page in pages.values() or len(pages) >= _MOST_ASKED:
            return
        self._asks += 1
        pages[self._asks] = page
        self._post(WantPage(id=self.id, ask=self._asks, offset=page.offset, before=page.before, after=page.after))

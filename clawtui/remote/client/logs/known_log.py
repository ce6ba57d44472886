"""The answers of an agent about one log on another host that are kept here. They are not trusted."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Final, NamedTuple

from clawtui.model.documents.log_entry import RawLine
from clawtui.model.search.log_results import Sought, Work
from clawtui.remote.client.logs.known_lines import KnownLines
from clawtui.remote.messages.log_parts import lines_of
from clawtui.remote.messages.logs import LogAnswers, LogFound, LogNumber, LogPage, LogPlace, LogState, work_of

_MOST_ANSWERS: Final = 64
"""Answers of each kind that are kept."""


class Way(NamedTuple):
    """A line that is looked for."""

    what: Sought
    offset: int
    forward: bool


class Page(NamedTuple):
    """A page that is asked for."""

    offset: int
    before: int
    after: int


class KnownLog:
    """The answers about one log, under the newest filter and search."""

    keeps_offsets: ClassVar[bool] = True
    """Whether a line has the same offset when a new connection opens the log again."""

    def __init__(self, lines: KnownLines | None = None) -> None:
        self.view = 0
        """The number of the filter."""
        self.search = 0
        """The number of the search."""
        self.state: LogState | None = None
        """How far the log goes and has been searched; None until the agent has answered."""
        self.beginning = 0
        """The number of times that the log was truncated or replaced."""
        self.is_new = False
        """Whether a state has come since this was set to False."""
        self.lines = lines or KnownLines()
        self._is_reopened = False
        self.forget()

    def forget(self) -> None:
        """Forget all answers but the state: they are about another log or another filter."""
        self.lines.clear()
        self.pages: dict[int, Page] = {}
        """The pages that are asked for, by the number of the request."""
        self.in_vain: set[Page] = set()
        """Pages that have come since the last change, so that an incomplete one is not asked for at once again."""
        self.places: dict[datetime, int] = {}
        self.requested: set[datetime] = set()
        """The times whose places are asked for."""
        self.forget_search()

    def forget_search(self) -> None:
        """Forget what was found."""
        self.found: dict[Way, RawLine | None] = {}
        self.seeking: Way | None = None
        """The line that is asked for."""
        self.numbers: dict[int, LogNumber | None] = {}
        """The numbers of lines; None for one that is asked for."""

    def reopen(self) -> None:
        """Drop all expected answers, because a new connection opens the log again."""
        self.pages.clear()
        self.in_vain.clear()
        self.requested.clear()
        self.numbers.clear()
        self.seeking = None
        self._is_reopened = True

    def refuse(self, id: int, problem: str) -> None:
        """Show why the log cannot be read; the lines that are known stay."""
        last = self.state or LogState(id=id, view=0, search=0, beginning=0, end=0)
        self.state = last.model_copy(update={"problem": problem, "doing": "", "progress": 1.0})
        self.is_new = True

    def expect(self, doing: str) -> None:
        """Show work that was asked for, until the agent says how far it is."""
        if self.state is not None:
            changed: dict[str, Any] = {"doing": doing, "progress": 0.0 if doing else 1.0}
            self.state = self.state.model_copy(update=changed | ({"hits": 0, "searched": False} if doing else {}))

    @property
    def work(self) -> Work:
        """The work in progress on the other host."""
        work = work_of(self.state) if self.state is not None else Work("", 1.0)
        return Work("looking", work.progress) if self.seeking is not None else work

    def take(self, answer: LogAnswers) -> None:
        """Take an answer. Raises BadMessage for one that cannot be right."""
        if answer.view != self.view or (answer.search != self.search and not isinstance(answer, LogPage)):
            return  # about an earlier filter or search
        if isinstance(answer, LogState):
            self._take_state(answer)
        elif self.state is None or answer.beginning != self.state.beginning:
            return  # about another log under that name
        elif isinstance(answer, LogPage):
            self.take_page(answer)
        elif isinstance(answer, LogFound):
            self._take_found(answer)
        elif isinstance(answer, LogPlace):
            self.requested.discard(answer.at)
            _put(self.places, answer.at, answer.offset)
        else:
            _put(self.numbers, answer.offset, answer)

    def _take_state(self, state: LogState) -> None:
        last, self.state = self.state, state
        self.is_new = True
        self.in_vain.clear()
        if last is None:
            self._is_reopened = False
            return
        # Beginnings are counted by the agent, so those of two connections cannot be compared.
        is_restarted = not self.keeps_offsets if self._is_reopened else state.beginning != last.beginning
        is_other = state.end < last.end or is_restarted
        self.beginning += is_other
        if is_other or self._is_reopened:
            seeking, self._is_reopened = self.seeking, False
            self.forget()
            self.seeking = seeking
        elif state.end > last.end:
            self.found = {way: line for way, line in self.found.items() if line is not None}
            self.places = {at: offset for at, offset in self.places.items() if offset < last.end}
        if (state.totals, state.hits, state.searched) != (last.totals, last.hits, last.searched):
            self.numbers.clear()

    def take_page(self, page: LogPage) -> None:
        """Take lines. Raises BadMessage for lines that cannot be there."""
        lines = lines_of(page.lines, page.start, page.stop)
        asked = self.pages.pop(page.ask, None) if page.ask is not None else None
        if asked is not None:
            self.in_vain.add(asked)
        self.lines.add(page.start, max(page.start, page.stop), lines)

    def _take_found(self, found: LogFound) -> None:
        way = Way(found.what, found.offset, found.forward)
        line = None if found.line is None else lines_of([found.line], 0, found.line[1])[0]
        _put(self.found, way, line)
        if way == self.seeking:
            self.seeking = None


def _put(answers: dict[Any, Any], key: object, answer: object) -> None:
    """Keep an answer, and a bounded number of others."""
    while len(answers) >= _MOST_ANSWERS:
        answers.pop(next(iter(answers)))
    answers[key] = answer

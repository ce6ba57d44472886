"""What the log pane is made of, and what it says of itself."""

from __future__ import annotations

from datetime import tzinfo
from typing import ClassVar

from textual.app import ComposeResult

from clawtui.model.documents.log_entry import RawLine
from clawtui.tui.panes.log.body import LogBody
from clawtui.tui.panes.log.log_search import LogSearch
from clawtui.tui.panes.log.prompt import LogPrompt
from clawtui.tui.panes.log.status import FilterRow, LogStatus, filter_line, state_line
from clawtui.tui.panes.log.view_model import LogViewModel
from clawtui.tui.panes.pane import Pane
from clawtui.tui.widgets.line import BLANK, Span


class LogParts(Pane):
    """The title, what is searched for and left out, the lines, and where one types."""

    number: ClassVar[int] = 3
    title: ClassVar[str] = "Log"

    body: LogBody

    def __init__(self, zone: tzinfo | None) -> None:
        super().__init__(LogBody(zone))
        self.zone = zone
        self.shown = LogViewModel()
        self.window = self.body.window
        self.quest = LogSearch(self.window, self.say)
        self.prompt = LogPrompt()
        self._filter_row = FilterRow()

    def compose(self) -> ComposeResult:
        """From the top."""
        yield self.heading
        yield self._filter_row
        yield self.body
        yield self.prompt

    def on_mount(self) -> None:
        """Until there is a log, it says that there is none."""
        self.show_state()

    @property
    def path(self) -> str | None:
        """The log that is shown, relative to ``automations/``."""
        return self.shown.path

    @property
    def chosen(self) -> RawLine | None:
        """The line that is chosen; the last one while the end is followed."""
        return self.window.chosen

    @property
    def chosen_number(self) -> int | None:
        """Which line of the log that is, from 1; None where there is none or nobody has counted so far yet."""
        return None if self.chosen is None else self.window.reader.number_of(self.chosen.start)

    def say(self, what: str) -> None:
        """Tells the operator something that is not to be seen in the log."""
        self.notify(what, markup=False)

    def renew(self) -> None:
        """Shows what there is by now, and repaints what differs."""
        self.body.lines.pattern = self.quest.pattern
        self.body.lines.notice = self._notice()
        self.body.renew()
        self.show_state()

    def show_state(self) -> None:
        """Says in the title which log it is and whether it is followed, and below it what is looked for."""
        problem = self.window.reader.problem
        status = self._status()
        self._filter_row.show(filter_line(status))
        if problem is not None:
            self.heading.show((Span(f"{self.shown.name} {problem}", "bad"),))
        else:
            known = self.path is not None
            self.heading.show(
                (Span(self.shown.name, "plain" if known else "dim"),), state_line(status) if known else BLANK
            )

    def _notice(self) -> str:
        """What stands where no line does."""
        reader = self.window.reader
        if not reader.end or reader.problem is not None:
            return ""
        return "no such line yet" if reader.work().doing else "no line is like that · Esc shows all"

    def _status(self) -> LogStatus:
        window, reader, quest = self.window, self.window.reader, self.quest
        chosen = None if window.following else window.chosen
        return LogStatus(
            following=window.following,
            new=window.new(),
            work=reader.work(),
            query=quest.query,
            pattern=quest.pattern,
            hits=reader.hits(),
            rank=None if chosen is None else reader.rank(chosen.start),
            number=None if chosen is None else self.chosen_number,
        )

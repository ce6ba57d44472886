"""The log pane: the log of the selected run, with following, search and filters, for logs of any size."""

from __future__ import annotations

from datetime import datetime, tzinfo
from functools import partial
from typing import ClassVar, Final, Literal

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message

from clawtui.model.documents.base import EPOCH
from clawtui.model.documents.log_entry import RawLine
from clawtui.model.search.log_results import Sought
from clawtui.tui.panes.log.body import LogBody
from clawtui.tui.panes.log.header import LogHeader
from clawtui.tui.panes.log.keys import LOG_KEYS
from clawtui.tui.panes.log.log_search import LogSearch
from clawtui.tui.panes.log.prompt import LogPrompt, Question
from clawtui.tui.panes.log.source import LogSource
from clawtui.tui.panes.log.view_model import LogViewModel
from clawtui.tui.panes.pane import Pane
from clawtui.tui.widgets.line_view import Movement

Display = Literal["follow", "wrap", "times", "dispatcher", "entry"]
Filter = Literal["matches", "level", "warnings", "stop", "day"]

_PATIENCE: Final = 0.2
"""Seconds for which the lines before a change of the filter stay visible at most while it has found none yet."""


class LogPane(Pane):
    """Pane with one log; ``source.open_log`` opens it.

    `LogSource` opens the log, `LogBody` and its window show its lines, `LogSearch` finds and filters them, `LogHeader`
    shows the state of all three.
    """

    BINDINGS: ClassVar[list[BindingType]] = LOG_KEYS
    number: ClassVar[int] = 3
    title: ClassVar[str] = "Log"
    unused: ClassVar[frozenset[str]] = frozenset()
    """The display options that a subclass does not have."""

    body: LogBody

    class Change(Message):
        """Message that the background work on the log has new results."""

        def can_replace(self, message: Message) -> bool:
            """Replace an earlier message of the kind: the reader holds the results, the message holds none."""
            return isinstance(message, LogPane.Change)

    class EntryRequested(Message):
        """Request to show the whole entry at the cursor."""

        def __init__(self, line: RawLine) -> None:
            super().__init__()
            self.line = line

    def __init__(self, zone: tzinfo | None = None) -> None:
        super().__init__(LogBody(zone))
        self.zone = zone
        self.window = self.body.window

        def report_change() -> None:
            self.post_message(self.Change())

        self.search = LogSearch(self.window, lambda text: self.notify(text, markup=False))
        self.source = LogSource(self.window, self.search, report_change)
        self.prompt = LogPrompt(self.body)
        self._opens_entry = False
        """Whether to show the entry at the cursor once the search for the line to go to has ended."""
        self._is_filtering = False
        """Whether the lines of the last filter are still shown."""
        self._header = LogHeader(self.heading, self.window, self.search, zone)

    def compose(self) -> ComposeResult:
        """Yield the widgets from top to bottom."""
        yield self.heading
        yield self._header.filter_row
        yield self.body
        yield self.prompt

    def on_mount(self) -> None:
        """Show in the title that there is no log yet."""
        self._header.show(self.source.shown)

    def show(self, given: LogViewModel, now: datetime) -> None:
        """Show the log of ``given``: another one, or the same one after a change."""
        self.now = now
        ending, name = self.source.shown.is_over, self.source.shown.name
        if self.source.show(given) or (self.source.shown.is_over, self.source.shown.name) != (ending, name):
            self.renew()

    def tick(self, now: datetime) -> None:
        """Update the times of the lines if they are ages."""
        self.now = now
        if self.source.check_torn_line():
            self.renew()
        elif self.body.lines.times.style == "ago":
            self.body.lines.set_origin(self.now)
            self.body.sync()

    def renew(self, wait: bool | None = None) -> None:
        """Read the lines of the window again, and repaint the rows that differ.

        With `wait`, not before a new filter was applied to the whole log, or `_PATIENCE` seconds have passed.
        """
        if wait is not None:
            self._is_filtering = wait
        if wait:
            self.set_timer(_PATIENCE, partial(self.renew, wait=False))
        self._is_filtering = self._is_filtering and self.window.reader.work().doing == "filtering"
        if self._is_filtering:
            return
        lines = self.body.lines
        lines.of_dispatcher = self.source.shown.of_dispatcher
        lines.pattern = self.search.pattern
        lines.notice = self._header.notice(self.source.shown)
        lines.set_origin(self.now)
        self.body.renew()
        self._header.show(self.source.shown, self.now)
        if self._opens_entry and not self.search.under_way:
            self._opens_entry = False
            if self.window.chosen is not None:
                self.post_message(self.EntryRequested(self.window.chosen))

    def on_unmount(self) -> None:
        """Close the log."""
        self.source.close()

    def on_log_pane_change(self) -> None:
        """Go to the line that was found, and show the new results."""
        self.source.notice_restart()
        self.search.settle()
        self.renew()

    def on_log_prompt_answered(self, event: LogPrompt.Answered) -> None:
        """Apply the answer of the prompt, if there is one."""
        event.stop()
        if event.answer is None:
            return
        if event.question == "search":
            self.search.search(event.answer)
        elif event.question == "phase":
            self.search.show_phase(event.answer)
            self.renew(wait=True)
            return
        elif event.answer:
            self.search.go_to_time(event.answer, self.now or EPOCH, self.zone)
        self.renew()

    def on_log_body_moved(self) -> None:
        """Cancel the move to a searched line, because the operator moved with the mouse."""
        self.search.cancel_move()
        self.renew()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Disable the keys of questions while one is typed in, and Esc where it has nothing to stop or to remove."""
        if action == "ask":
            return not self.prompt.has_focus
        if action == "search" and parameters[:1] == ("stop",):
            return self.search.asks or bool(self.window.reader.work().doing)
        return not (action == "display" and parameters[0] in self.unused)

    def action_ask(self, question: Question) -> None:
        """Ask for a pattern, a phase or a time."""
        self.prompt.ask(question)

    def action_search(self, what: Sought | Filter, step: int = 1) -> None:
        """Go to the next match, error or day (back where `step` is negative), change a filter, or stop.

        A stop ends the background work; without any, it removes the search, then the filter.
        """
        if what == "matches":
            self.search.toggle_only_matches()
        elif what == "level":
            self.search.next_level()
        elif what == "warnings":
            self.search.toggle_warnings()
        elif what == "day":
            self.search.go_to_day(step, self.zone)
        elif what == "stop":
            self.search.give_up()
        else:
            self.search.next(what, step)
            self.renew()
            return
        self.renew(wait=True)

    def action_display(self, what: Display) -> None:
        """Switch following, wrapping or the style of times, or show the dispatcher's log or the entry at the cursor."""
        if what == "entry":
            self._opens_entry = True
            self.renew()
            return
        if what == "follow":
            self.window.toggle_following()
            self.search.cancel_move()
        elif what == "wrap":
            self.body.lines.wrapping = not self.body.lines.wrapping
        elif what == "times":
            self.body.lines.next_time_style()
        elif not self.source.toggle_dispatcher():
            return
        self.renew()

    def action_move(self, unit: Movement, count: float = 0) -> None:
        """Move by lines or pages, or to the start or end of the log; by cells, scroll the view sideways."""
        if unit == "cells":
            super().action_move(unit, count)
            return
        if unit == "top":
            self.window.go_to_start()
        elif unit == "bottom":
            self.window.follow()
        else:
            page = max(1, self.body.size.height - 1) if unit == "pages" else 1
            self.window.step(int(count * page))
        self.search.cancel_move()
        self.renew()


class AllLogsPane(LogPane):
    """Pane with the lines of all logs by time; ``body.lines.origin_of`` returns the origin of a line."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "display('entry')", "entry", tooltip="the chosen entry as JSON", id="logs.entry"),
        Binding("enter", "screen.open", "its run", tooltip="the run that wrote this line", id="logs.open"),
    ]
    number: ClassVar[int] = 0
    title: ClassVar[str] = "All logs"
    unused: ClassVar[frozenset[str]] = frozenset({"dispatcher"})

"""The chosen run's log: followed, searched, filtered, gone through, whatever its size."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import ClassVar

from textual.binding import BindingType
from textual.message import Message

from clawtui.model.documents.log_entry import RawLine
from clawtui.tui.panes.log.keys import LOG_KEYS
from clawtui.tui.panes.log.moves import LogMoves
from clawtui.tui.panes.log.prompt import LogPrompt, Question
from clawtui.tui.panes.log.reader import LogReader, NoLog, OpenLog
from clawtui.tui.panes.log.view_model import STYLES, LogViewModel


class LogPane(LogMoves):
    """Shows one log; ``open_log`` opens it."""

    BINDINGS: ClassVar[list[BindingType]] = LOG_KEYS

    class Change(Message):
        """The background has come further."""

        def can_replace(self, message: Message) -> bool:
            """How far stands in the reader."""
            return isinstance(message, LogPane.Change)

    class EntryRequested(Message):
        """The operator wants to see the whole entry at the cursor."""

        def __init__(self, line: RawLine) -> None:
            super().__init__()
            self.line = line

    def __init__(self, zone: tzinfo | None = None) -> None:
        super().__init__(zone)
        self.open_log: OpenLog = lambda path, news: NoLog()
        self._given = LogViewModel()
        self._dispatcher_wanted = False
        self._opened: tuple[str, LogReader] | None = None
        self._subject = self._given.subject

    def show(self, given: LogViewModel, now: datetime) -> None:
        """Shows another log, or more of the same."""
        if given.path != self._given.path:
            self._dispatcher_wanted = False
        self._given, self.now = given, now
        self._show_wanted()

    def tick(self, now: datetime) -> None:
        """A log does not change with the time, but how long ago it was does."""
        self.now = now
        if self.body.lines.times.style == "ago":
            self._set_origin()
            self.body.sync()

    def on_unmount(self) -> None:
        """The log is let go of."""
        self._close()

    def on_log_pane_change(self) -> None:
        """What was looked for may be found, and more be known."""
        self.quest.settle()
        self.renew()

    def on_log_prompt_answered(self, event: LogPrompt.Answered) -> None:
        """Does what was asked for."""
        event.stop()
        self.screen.set_focus(self.body, scroll_visible=False)
        if event.question == "search":
            self.quest.search(event.answer)
        elif event.question == "phase":
            self.quest.show_phase(event.answer)
        elif event.answer:
            self.go_to_time(event.answer)
        self.renew()

    def on_log_prompt_given_up(self, event: LogPrompt.GivenUp) -> None:
        """The keys are the log's again."""
        event.stop()
        self.screen.set_focus(self.body, scroll_visible=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While something is typed, its key is a letter like any other; with nothing to stop, Esc goes back."""
        if action == "ask":
            return not self.prompt.has_focus
        if action == "give_up":
            return self.quest.asks or bool(self.window.reader.work().doing)
        return True

    def action_ask(self, question: Question) -> None:
        """Has something typed."""
        self.prompt.ask(question)

    def action_only_matches(self) -> None:
        """Shows only what matches, or all again."""
        self.quest.toggle_only_matches()
        self.renew()

    def action_level(self) -> None:
        """Shows the next level and above."""
        self.quest.next_level()
        self.renew()

    def action_give_up(self) -> None:
        """Stops what goes on; then the search is gone, then the filter."""
        self.quest.give_up()
        self.renew()

    def action_wrap(self) -> None:
        """Shows long lines on several rows, or on one."""
        self.body.wrapping = not self.body.wrapping
        self.renew()

    def action_times(self) -> None:
        """Tells times of day, since the start, or how long ago."""
        style = STYLES[(STYLES.index(self.body.lines.times.style) + 1) % len(STYLES)]
        self.body.lines.times = self.body.lines.times._replace(style=style)
        self._set_origin()
        self.renew()

    def action_entry(self) -> None:
        """Ask for the entry at the cursor to be shown as JSON."""
        if self.chosen is not None:
            self.post_message(self.EntryRequested(self.chosen))

    def action_dispatcher(self) -> None:
        """Shows the dispatcher's log, or the run's again."""
        self._dispatcher_wanted = not self._dispatcher_wanted
        self._show_wanted()

    def _show_wanted(self) -> None:
        dispatcher = self._given.dispatcher
        last, self.shown = self.shown, self._given
        if dispatcher is not None and self._dispatcher_wanted:
            self.shown = dispatcher
        if (self.shown.path, self.shown.automation_id) != (last.path, last.automation_id):
            self._open()
        elif self.shown.tail is not last.tail:
            self._look()

    def _open(self) -> None:
        """Another log: of the same automation with the same filter, of another with none."""
        path = self.shown.path
        if path is None:
            self.window.open(NoLog())
        else:
            self._open_at(path)
            if self.shown.subject != self._subject:
                self.quest.forget_filter()
            self._subject = self.shown.subject
        self.body.lines.of_dispatcher = self.shown.of_dispatcher
        self.quest.open(self.shown.automation_id)
        self._set_origin()
        self.renew()

    def _open_at(self, path: str) -> None:
        """A log that was away for a moment, as when it is rotated, is still the one that one looked at."""
        if self._opened is not None and self._opened[0] == path:
            self._opened[1].look()
            self.window.open(self._opened[1], go_on=True)
        else:
            self._close()
            reader = self.open_log(path, self._tell_news)
            self._opened = (path, reader)
            self.window.open(reader)

    def _close(self) -> None:
        if self._opened is not None:
            self._opened[1].close()

    def _tell_news(self) -> None:
        self.post_message(self.Change())

    def _look(self) -> None:
        """The log has changed, as somebody says."""
        reader = self.window.reader
        beginning = reader.beginning
        if reader.look():
            if reader.beginning != beginning:
                self.window.begin_anew()
                self._set_origin()
            self.renew()

    def _set_origin(self) -> None:
        """What times are told relative to."""
        times = self.body.lines.times
        origin = {"clock": None, "since": self.window.reader.began(), "ago": self.now}[times.style]
        self.body.lines.times = times._replace(origin=origin)

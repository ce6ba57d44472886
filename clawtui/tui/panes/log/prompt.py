"""The input line of the log pane, for a pattern, a phase or a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final, Literal

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

Question = Literal["search", "phase", "time"]

_PLACEHOLDERS: Final[Mapping[Question, str]] = {
    "search": "search: a regular expression; lower case finds either case",
    "phase": "phase: its first letters; empty for all",
    "time": "time: 10:30, 2025-01-26T10:30, 5m ago, +2h since the start",
}


class LogPrompt(Input):
    """Input that is shown only while a question is asked."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "go", tooltip="search, show the phase, or go to the time", id="logprompt.answer"),
        Binding("escape", "give_up", "leave it", tooltip="leave it", id="logprompt.leave"),
    ]

    class Answered(Message):
        """Message with the answer after Enter, or with None after Esc."""

        def __init__(self, question: Question, answer: str | None) -> None:
            super().__init__()
            self.question = question
            self.answer = answer

    def __init__(self, next_focus: Widget) -> None:
        super().__init__(compact=True, select_on_focus=True)
        self.cursor_blink = False
        self.display = False
        self._next_focus = next_focus
        self._question: Question = "search"
        self._last: dict[Question, str] = {}

    def ask(self, question: Question) -> None:
        """Ask a question, with the last answer selected, so that typing replaces it."""
        self._question = question
        self.placeholder = _PLACEHOLDERS[question]
        self.value = self._last.get(question, "")
        self.display = True
        # focus() takes effect later, but the next key is already a letter of the answer.
        self.screen.set_focus(self, scroll_visible=False)

    async def action_submit(self) -> None:
        """Report the answer."""
        self._last[self._question] = self.value
        self._close(self.value)

    def action_give_up(self) -> None:
        """Report that there is no answer."""
        self._close(None)

    def _close(self, answer: str | None) -> None:
        self.screen.set_focus(self._next_focus, scroll_visible=False)
        self.display = False
        self.post_message(self.Answered(self._question, answer))

"""Where one types what to search for, a phase, or a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final, Literal

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input

Question = Literal["search", "phase", "time"]

_PLACEHOLDERS: Final[Mapping[Question, str]] = {
    "search": "search: a regular expression",
    "phase": "phase: its first letters; empty for all",
    "time": "time: 10:30, 2025-01-26T10:30, 5m ago, +2h since the start",
}


class LogPrompt(Input):
    """One line to type in; it is there only while it is asked."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "give_up", "leave it", show=False, tooltip="leave it", id="logprompt.leave")
    ]

    class Answered(Message):
        """Enter was pressed, or Esc, which is no answer: None."""

        def __init__(self, question: Question, answer: str | None) -> None:
            super().__init__()
            self.question = question
            self.answer = answer

    def __init__(self) -> None:
        super().__init__(compact=True, select_on_focus=True)
        self.cursor_blink = False
        self.display = False
        self._question: Question = "search"
        self._last: dict[Question, str] = {}

    def ask(self, question: Question) -> None:
        """Asks; what was answered the last time stands there, and goes as soon as something else is typed."""
        self._question = question
        self.placeholder = _PLACEHOLDERS[question]
        self.value = self._last.get(question, "")
        self.display = True
        # At once, where focus() would come later: the next key is a letter of the answer already.
        self.screen.set_focus(self, scroll_visible=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """That is the answer."""
        event.stop()
        self.display = False
        self._last[self._question] = event.value
        self.post_message(self.Answered(self._question, event.value))

    def action_give_up(self) -> None:
        """It was not asked."""
        self.display = False
        self.post_message(self.Answered(self._question, None))

"""A dialog that asks before an operation. Its caller replaces the question while it is open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, Final

from msgspec import Struct
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input

from clawtui.model.text.cleaning import clean, displayable
from clawtui.tui.widgets.choices import Choice, Choices
from clawtui.tui.widgets.line import Line
from clawtui.tui.widgets.line_view import LinesView, line_room

_FRAME: Final = 4
"""Rows for the border, the answers and the blank row above them."""
_FRAME_WHILE_TYPING: Final = 6

UNDO: Final = "undo"
"""The key of the choice that takes an operation back."""
CANCEL: Final = Choice("cancel", "Cancel")
CLOSE: Final = Choice("cancel", "Close")


class Question(Struct, frozen=True):
    """Content of the dialog at one instant. The first choice changes nothing, and has the cursor."""

    lines: Callable[[int], Sequence[Line]]
    """Function that makes the lines above the answers, for a width in cells."""
    accept: Choice | None = None
    """The choice that starts the operation; None if it is not possible."""
    others: tuple[Choice, ...] = ()
    to_type: str | None = None
    """The text that the operator has to type; None if a choice is enough."""
    is_typed: Callable[[str], bool] = bool
    """Function that returns whether the typed text is right."""
    leave: Choice = CANCEL


class QuestionDialog(ModalScreen[None], inherit_bindings=False):
    """Dialog with a question. Esc closes it, and `q` too unless a text has to be typed.

    `answer` is called with the key of the choice, except for the one that closes the dialog. After an answer the
    dialog stays open until its caller dismisses it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "cancel", "cancel", tooltip="change nothing", id="question.cancel"),
        Binding("tab", "app.focus_next", "next", show=False, id="question.next"),
        Binding("shift+tab", "app.focus_previous", "previous", show=False, id="question.previous"),
        Binding("up,k", "scroll(-1)", "up", show=False, id="question.up"),
        Binding("down,j", "scroll(1)", "down", show=False, id="question.down"),
        Binding("pageup", "scroll(-10)", "page up", show=False, id="question.page-up"),
        Binding("pagedown", "scroll(10)", "page down", show=False, id="question.page-down"),
        Binding("U", "undo", "undo", show=False, id="question.undo"),
        Binding("ctrl+c", "app.quit", "quit at once", show=False, id="question.quit"),
    ]

    def __init__(self, title: str, question: Question, answer: Callable[[str], None]) -> None:
        super().__init__()
        self._title_text = displayable(title)
        self._question = question
        self._answer = answer
        self._lines = LinesView()
        self._lines.can_focus = False
        self._choices = Choices()
        self._box = Vertical(id="dialog")
        self._input = Input(compact=True, select_on_focus=False)
        self._input.cursor_blink = False

    def compose(self) -> ComposeResult:
        """Yield a box around the lines, with the answers below them."""
        self._box.border_title = Content(self._title_text)
        with self._box:
            yield self._lines
            yield self._input
            yield self._choices

    def on_mount(self) -> None:
        """Show the question with the cursor on the choice that changes nothing."""
        self._show(self._question, retype=True)

    def on_resize(self, event: events.Resize) -> None:
        """Wrap the lines to the new width."""
        self.call_after_refresh(self._show_lines)

    def ask(self, question: Question) -> None:
        """Replace the question."""
        retype = question.to_type != self._question.to_type
        self._question = question
        if self.is_mounted:
            self._show(question, retype)

    def _show(self, question: Question, retype: bool) -> None:
        """Show the question; `retype` empties the input, because another text has to be typed."""
        typing = question.to_type is not None
        self._input.display = typing
        if typing and (retype or not self._input.placeholder):
            self._input.value = ""
            self._input.placeholder = clean(f"type {question.to_type}")
        self._show_lines()
        self._show_choices()
        if typing and (retype or self.focused is None):
            self.set_focus(self._input)
        elif not typing and self.focused is not self._choices:
            self.set_focus(self._choices)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Enable the choice that starts the operation if the typed text is right."""
        event.stop()
        self._show_choices()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Answer with that choice on Enter, if the typed text is right."""
        event.stop()
        if (accept := self._accept()) is not None and accept.enabled:
            self._answer(accept.key)

    def on_choices_chosen(self, event: Choices.Chosen) -> None:
        """Call `answer` with the choice, or close the dialog."""
        event.stop()
        if event.key == self._question.leave.key:
            self.action_cancel()
        else:
            self._answer(event.key)

    def action_cancel(self) -> None:
        """Close the dialog without an answer."""
        self.dismiss()

    def action_undo(self) -> None:
        """Answer with the choice that takes an operation back, where it is offered."""
        if any(choice.key == UNDO for choice in self._question.others):
            self._answer(UNDO)

    def action_scroll(self, lines: int) -> None:
        """Scroll the lines above the answers."""
        self._lines.scroll_relative(y=lines, animate=False)

    def _show_lines(self) -> None:
        """Show the lines above the answers, at a height that leaves the answers visible; more lines scroll."""
        lines = self._question.lines(self._width())
        room = self.app.size.height - (_FRAME if self._question.to_type is None else _FRAME_WHILE_TYPING)
        self._lines.styles.max_height = room
        self._lines.show(lines)
        leaves = "Esc cancels" if self._question.leave is CANCEL else "Esc closes"
        self._box.border_subtitle = f"↑↓ more · {leaves}" if len(lines) > room else leaves

    def _show_choices(self) -> None:
        question, accept = self._question, self._accept()
        hint = f"type {question.to_type}" if question.to_type is not None else ""
        self._choices.show((question.leave, *question.others, *((accept,) if accept else ())), hint)

    def _accept(self) -> Choice | None:
        accept = self._question.accept
        if accept is None or self._question.to_type is None:
            return accept
        typed = accept.enabled and self._question.is_typed(self._input.value)
        return Choice(accept.key, accept.label, accept.role, typed)

    def _width(self) -> int:
        """Return the width of a line in cells; before the box has a size, the width set by the style sheet."""
        return self._lines.size.width or line_room(self.app.size.width)

"""The choices of a dialog: a row of words with a cursor on one of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from msgspec import Struct
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from clawtui.tui.widgets.line import Line, Role, Span, fit, width_of
from clawtui.tui.widgets.line_content import LineContent
from clawtui.tui.widgets.line_view import LineView

_GAP = 3


class Choice(Struct, frozen=True):
    """One choice."""

    key: str
    """The name of the choice in the code of the dialog."""
    label: str
    role: Role = "plain"
    enabled: bool = True


class _ChoiceRow(LineContent):
    """The choices in one line, and the cursor among those that are enabled."""

    def __init__(self, has_focus: Callable[[], bool]) -> None:
        self._has_focus = has_focus
        self._choices: Sequence[Choice] = ()
        self._hint = ""
        self.selected = ""

    def offer(self, choices: Sequence[Choice], hint: str) -> None:
        self._choices, self._hint = choices, hint
        if self.selected not in self._enabled():
            self.selected = choices[0].key if choices else ""

    def line_count(self) -> int:
        return 1

    def make_line(self, index: int, width: int) -> Line:
        """Return ``[ Cancel ]   [ Release ]``, with a mark on the choice that Enter takes."""
        spans: list[Span] = []
        for choice in self._choices:
            spans += [*self._label(choice), Span(" " * _GAP)]
        return fit((*spans, Span(self._hint, "warn")), width)

    def can_choose(self) -> bool:
        return self.selected in self._enabled()

    def step(self, step: int) -> None:
        """Move the cursor by `step` among the enabled choices; it stops at both ends."""
        enabled = self._enabled()
        if self.selected in enabled:
            self.selected = enabled[max(0, min(enabled.index(self.selected) + step, len(enabled) - 1))]

    def key_at(self, x: int) -> str | None:
        """Return the key of the enabled choice at cell `x`."""
        column = 0
        for choice in self._choices:
            end = column + width_of(self._label(choice))
            if column <= x < end and choice.enabled:
                return choice.key
            column = end + _GAP
        return None

    def _enabled(self) -> list[str]:
        return [choice.key for choice in self._choices if choice.enabled]

    def _label(self, choice: Choice) -> Line:
        if not choice.enabled:
            return (Span(f"  {choice.label}  ", "dim"),)
        if choice.key == self.selected and self._has_focus():
            return (Span(f"› {choice.label} ‹", "active"),)
        return (Span(f"[ {choice.label} ]", choice.role),)


class Choices(LineView):
    """Row of choices with a cursor.

    The cursor starts on the first choice, and returns there when its choice is disabled or removed.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "go(-1)", "left", show=False, id="choices.left"),
        Binding("right,l", "go(1)", "right", show=False, id="choices.right"),
        Binding("enter", "choose", "choose", show=False, id="choices.choose"),
    ]

    class Chosen(Message):
        """Message that the operator took the choice `key`."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self) -> None:
        self._row = _ChoiceRow(lambda: self.has_focus)
        super().__init__(self._row, id="choices")

    @property
    def at(self) -> str:
        """The key of the choice that the cursor is on."""
        return self._row.selected

    def show(self, choices: Sequence[Choice], hint: str = "") -> None:
        """Show `choices`, with `hint` beside them. A choice that is not enabled is visible but cannot be taken."""
        self._row.offer(choices, hint)
        self.sync()

    def on_click(self, event: events.Click) -> None:
        """Take the choice that was clicked."""
        if (key := self._row.key_at(event.x)) is not None:
            self._row.selected = key
            self.action_choose()

    def action_go(self, step: int) -> None:
        """Move the cursor to the next choice, or to the one before."""
        self._row.step(step)
        self.sync()

    def action_choose(self) -> None:
        """Take the choice that the cursor is on."""
        if self._row.can_choose():
            self.post_message(self.Chosen(self._row.selected))

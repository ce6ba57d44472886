"""What a dialog can be left by: a row of words, of which one is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from clawtui.tui.widgets.line import Line, Role, Span, fit, width_of
from clawtui.tui.widgets.line_view import LineView

_GAP = 3


@dataclass(frozen=True, slots=True)
class Choice:
    """One way on."""

    key: str
    """What it is called by whoever offers it."""
    label: str
    role: Role = "plain"
    enabled: bool = True


class Choices(LineView):
    """The cursor is on the first one until it is moved, and goes back there when that which it was on goes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "go(-1)", "left", show=False, id="choices.left"),
        Binding("right,l", "go(1)", "right", show=False, id="choices.right"),
        Binding("enter", "choose", "choose", show=False, id="choices.choose"),
    ]

    class Chosen(Message):
        """The operator has chosen."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self) -> None:
        super().__init__(id="choices")
        self._choices: Sequence[Choice] = ()
        self._hint = ""
        self._at = ""

    @property
    def at(self) -> str:
        """The key of the choice that the cursor is on."""
        return self._at

    def show(self, choices: Sequence[Choice], hint: str = "") -> None:
        """Offers these; what is not enabled can be read and not be chosen. ``hint`` stands beside them."""
        self._choices = choices
        self._hint = hint
        if self._at not in self._reachable():
            self._at = choices[0].key if choices else ""
        self.sync()

    def line_count(self) -> int:
        """One."""
        return 1

    def make_line(self, index: int, width: int) -> Line:
        """``[ Cancel ]   [ Release ]``, with a mark on the one that Enter chooses."""
        spans: list[Span] = []
        for choice in self._choices:
            spans += [*self._drawn(choice), Span(" " * _GAP)]
        return fit((*spans, Span(self._hint, "warn")), width)

    def on_focus(self) -> None:
        """The cursor shows where the keys go."""
        self.sync()

    def on_blur(self) -> None:
        """The cursor shows where the keys go."""
        self.sync()

    def on_click(self, event: events.Click) -> None:
        """A click chooses what it is on."""
        column = 0
        for choice in self._choices:
            end = column + width_of(self._drawn(choice))
            if column <= event.x < end and choice.enabled:
                self._at = choice.key
                self.action_choose()
            column = end + _GAP

    def action_go(self, step: int) -> None:
        """To the next one, or the one before."""
        reachable = self._reachable()
        if self._at in reachable:
            self._at = reachable[max(0, min(reachable.index(self._at) + step, len(reachable) - 1))]
            self.sync()

    def action_choose(self) -> None:
        """Chooses the one that the cursor is on."""
        if self._at in self._reachable():
            self.post_message(self.Chosen(self._at))

    def _reachable(self) -> list[str]:
        return [choice.key for choice in self._choices if choice.enabled]

    def _drawn(self, choice: Choice) -> Line:
        if not choice.enabled:
            return (Span(f"  {choice.label}  ", "dim"),)
        if choice.key == self._at and self.has_focus:
            return (Span(f"› {choice.label} ‹", "active"),)
        return (Span(f"[ {choice.label} ]", choice.role),)

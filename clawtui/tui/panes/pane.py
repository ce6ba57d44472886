"""What all panes have in common: a title that tells, and a body that paints lines."""

from __future__ import annotations

from abc import abstractmethod
from datetime import datetime
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical

from clawtui.tui.terminal.glyphs import FOCUS, RULE
from clawtui.tui.widgets.error_boundary import ErrorBoundary
from clawtui.tui.widgets.line import Line, Role, Span, fit, spread, width_of
from clawtui.tui.widgets.line_view import LineView
from clawtui.tui.widgets.movement_keys import MOVING, MovementKeys


class PaneTitle(LineView, can_focus=False):
    """The line above a pane's body: number and name at the left, what matters at the right of them."""

    def __init__(self, number: int, name: str) -> None:
        super().__init__()
        self._number = number
        self._title = name
        self._facts: Line = ()
        self._right: Line = ()
        self._note: Line = ()

    def note(self, note: Line) -> None:
        """Has ``note`` stand before the facts, whatever those are."""
        self._note = note
        self.sync()

    def show(self, facts: Line, right: Line = ()) -> None:
        """Shows ``facts`` beside the name and ``right`` at the right end."""
        self._facts = facts
        self._right = right
        self.sync()

    def line_count(self) -> int:
        """One."""
        return 1

    def make_line(self, index: int, width: int) -> Line:
        """``1 Automations  24 · 3 running ────── right``."""
        pane = self.parent
        focused = isinstance(pane, Pane) and pane.current
        name_role: Role = "active" if focused else "strong"
        left: Line = (
            Span(FOCUS if focused else " ", "active"),
            Span(f"{self._number} " if self._number else "", "dim"),
            Span(self._title, name_role),
            Span("  "),
            *self._note,
            *self._facts,
        )
        right: Line = (Span(" "), *self._right, Span(" ")) if self._right else ()
        room = width - width_of(left) - width_of(right) - 1
        rule: Line = (Span(" " + RULE * room, "dim"),) if room > 0 else ()
        return spread((*left, *rule), right, width) if rule or right else fit(left, width)


class Pane(MovementKeys, ErrorBoundary, Vertical):
    """A titled part of the dashboard. Its subclasses take a slice of the fleet and paint it."""

    BINDINGS: ClassVar[list[BindingType]] = MOVING

    number: ClassVar[int]
    title: ClassVar[str]

    def __init__(self) -> None:
        super().__init__(id=self.title.lower().replace(" ", "-"))
        self.heading = PaneTitle(self.number, self.title)
        self.now: datetime | None = None

    @property
    @abstractmethod
    def body(self) -> LineView:
        """The part that has the focus when the pane has it."""

    def compose(self) -> ComposeResult:
        """Title and body."""
        yield self.heading
        yield self.body

    def fail(self, error: Exception) -> None:
        """Says so where the lines would be."""
        self.body.fail(error)

    def recover(self) -> None:
        """Tries the lines again."""
        self.body.recover()

    def tick(self, now: datetime) -> None:
        """Time has passed: what is told relative to now is told anew."""
        self.now = now
        self.body.sync()

    def zoom(self, zoomed: bool) -> None:
        """It has all the room, or no longer: a pane that then shows more says so here."""

    @property
    def current(self) -> bool:
        """Whether the keys go to this pane."""
        return self.has_class("current")

    @current.setter
    def current(self, current: bool) -> None:
        self.set_class(current, "current")
        self.heading.sync()

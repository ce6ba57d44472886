"""The base class of all panes: a title with facts, and a view of lines below it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import ClassVar

from msgspec import Struct
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.dom import DOMNode
from textual.reactive import var

from clawtui.tui.terminal.glyphs import FOCUS, RULE
from clawtui.tui.terminal.textual_private import MessageBoundary
from clawtui.tui.widgets.line import BLANK, Line, Role, Span, fit, spread, width_of
from clawtui.tui.widgets.line_content import OneLine
from clawtui.tui.widgets.line_view import MOVEMENT_KEYS, ClickableLine, LineView, Movement


def is_same_content(new: object, old: object) -> bool:
    """Return whether two view models are of one kind and hold the same objects.

    They are not compared by value, because they hold mappings with thousands of entries.
    """
    if not isinstance(new, Struct) or type(new) is not type(old):
        return False
    return all(_is_same(getattr(new, name), getattr(old, name)) for name in new.__struct_fields__)


def _is_same(new: object, old: object) -> bool:
    return new is old or (isinstance(new, timedelta) and new == old)


class PaneTitle(ClickableLine):
    """The line above a pane's view: number and name at the left, facts beside them and at the right end."""

    def __init__(self, number: int, name: str) -> None:
        super().__init__(OneLine(self._line))
        self._number = number
        self._title = name
        self._facts: Line = ()
        self._right: Line = ()
        self._is_optional = False
        self._note: Line = ()
        self.position: Callable[[], Line] = lambda: BLANK
        """Returns the position of the cursor and what is out of sight; called at each repaint."""

    def on_mount(self) -> None:
        """Show the position again when the view below is scrolled."""
        if isinstance(self.parent, Pane):
            self.watch(self.parent.body, "scroll_y", self.sync, init=False)

    @property
    def click_target(self) -> DOMNode:
        """The pane, whose actions a click on a fact in the title runs."""
        return self.parent or self

    def note(self, note: Line) -> None:
        """Show `note` before the facts, also when those change."""
        if note != self._note:
            self._note = note
            self.sync()

    def show(self, facts: Line, right: Line = (), *, optional: bool = False) -> None:
        """Show `facts` beside the name, and `right` at the right end; if it is optional, only beside all facts."""
        if (facts, right, optional) != (self._facts, self._right, self._is_optional):
            self._facts, self._right, self._is_optional = facts, right, optional
            self.sync()

    def _line(self, width: int) -> Line:
        """Return ``1 Automations  24 · 3 running ────── right``."""
        pane = self.parent
        focused = isinstance(pane, Pane) and pane.current
        name_role: Role = "active" if focused else "strong"
        left: Line = (
            Span(FOCUS if focused else " ", "active"),
            Span(f"{self._number} " if self._number else "", "dim"),
            Span(self._title, name_role),
            Span("  "),
            *self._note,
            *self.position(),
            *self._facts,
        )
        right: Line = (Span(" "), *self._right, Span(" ")) if self._right else ()
        room = width - width_of(left) - width_of(right) - 1
        if room < 0 and self._is_optional:
            right, room = (), room + width_of(right)
        elif room <= 0 and right:
            right = (Span(" "), *right)  # without a rule, one blank would make one sentence of both
        rule: Line = (Span(" " + RULE * room, "dim"),) if room > 0 else ()
        return spread((*left, *rule), right, width) if rule or right else fit(left, width)


class Pane(MessageBoundary, Vertical):
    """Part of the dashboard with a title. A subclass gets a view model with `show`, and makes its lines from it."""

    BINDINGS: ClassVar[list[BindingType]] = MOVEMENT_KEYS

    number: ClassVar[int]
    title: ClassVar[str]

    body: LineView
    """The view that has the focus when the pane has it."""
    current = var(False, toggle_class="current")
    """Whether this pane receives the keys."""

    def __init__(self, body: LineView) -> None:
        super().__init__(id=self.title.lower().replace(" ", "-"))
        self.body = body
        self.heading = PaneTitle(self.number, self.title)
        self.now: datetime | None = None

    def compose(self) -> ComposeResult:
        """Yield the title and the view."""
        yield self.heading
        yield self.body

    def fail(self, error: Exception) -> None:
        """Show `error` in place of the lines, and report it."""
        self.body.fail(error)

    def recover(self) -> None:
        """Clear the failure, and show the lines again."""
        self.body.recover()

    def tick(self, now: datetime) -> None:
        """Update the content that depends on the time."""
        self.now = now
        self.body.sync()

    def zoom(self, zoomed: bool) -> None:
        """Show more details where the pane has the whole screen; the default shows the same."""

    def watch_current(self) -> None:
        """Show in the title whether this pane receives the keys."""
        self.heading.sync()

    def action_move(self, unit: Movement, count: float = 0) -> None:
        """Move the cursor or scroll, depending on the view."""
        self.body.move(unit, count)

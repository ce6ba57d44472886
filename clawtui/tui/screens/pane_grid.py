"""The layout of the panes: all of them if the terminal is large enough, else one at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message

from clawtui.tui.panes.locks.pane import LocksPane
from clawtui.tui.panes.log.body import LogBody
from clawtui.tui.panes.log.pane import LogPane
from clawtui.tui.panes.pane import Pane
from clawtui.tui.panes.table_pane import TablePane
from clawtui.tui.panes.timeline.pane import TimelinePane, TimelineView
from clawtui.tui.screens.dividers import Dividers

_ALL_PANES_WIDTH = 100
_ALL_PANES_HEIGHT = 30


class PaneGrid(Vertical):
    """Grid of the four panes, one of which is the current one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1", "pane(0)", "panes", tooltip="go to the automations", id="pane.automations"),
        Binding("2", "pane(1)", "panes", tooltip="go to the timeline", id="pane.timeline"),
        Binding("3", "pane(2)", "panes", tooltip="go to the log", id="pane.log"),
        Binding("4", "pane(3)", "panes", tooltip="go to the locks", id="pane.locks"),
        Binding("tab", "next_pane(1)", "next pane", show=False, tooltip="to the next pane", id="pane.next"),
        Binding(
            "shift+tab",
            "next_pane(-1)",
            "previous pane",
            show=False,
            tooltip="to the previous pane",
            id="pane.previous",
        ),
        Binding("z", "zoom", "zoom", tooltip="show this pane on the whole screen, or all panes again", id="pane.zoom"),
    ]

    class CurrentChanged(Message):
        """Message that another pane has got the focus."""

    class Divided(Message):
        """Message that a border between two panes was dragged."""

    def __init__(self, automations: TablePane, timeline: TimelinePane, log: LogPane, locks: LocksPane) -> None:
        super().__init__(id="panes")
        self._panes: tuple[Pane, ...] = (automations, timeline, log, locks)
        self._middle = Horizontal(timeline, log, id="middle")
        self._zoomed = False
        self._current: Pane = automations
        self.on_read: Callable[[Pane], None] = lambda _: None
        """Called with the pane that has become the current one or was scrolled, before other messages are handled."""
        self.dividers = Dividers(self, (automations, self._middle, locks), (timeline, log))

    def compose(self) -> ComposeResult:
        """Yield automations above, timeline and log side by side, locks below."""
        yield self._panes[0]
        yield self._middle
        yield self._panes[3]

    @property
    def panes(self) -> tuple[Pane, ...]:
        """The panes in the order of their numbers."""
        return self._panes

    @property
    def current(self) -> Pane:
        """The pane that has the focus, or had it last."""
        return self._current

    def shows(self, *panes: Pane) -> bool:
        """Return whether one of `panes` is visible."""
        return not self.has_class("single") or self._current in panes

    def go_to(self, pane: Pane) -> None:
        """Give `pane` the focus."""
        self._make_current(pane)
        # Not focus(), which takes effect later, because the next key is already meant for this pane.
        self.screen.set_focus(pane.body, scroll_visible=False)

    @property
    def has_filter(self) -> bool:
        """Whether the current pane has a filter, or one is being typed."""
        return isinstance(self._current, TablePane) and self._current.filter.active

    def clear_filter(self) -> bool:
        """Clear the filter of the current pane; return False if there is none."""
        if not isinstance(self._current, TablePane) or not self._current.filter.active:
            return False
        self._current.filter.clear_all()
        return True

    @property
    def back_word(self) -> str:
        """The effect of `step_back` in one or two words; empty if it has none."""
        if self.has_filter:
            return "all rows"
        if self._zoomed:
            return "all panes"
        return "" if self._current is self._panes[0] else "back"

    def step_back(self) -> bool:
        """Clear the filter, else leave the zoom, else go to the first pane; return False if none applies."""
        if self.clear_filter():
            return True
        if self._zoomed:
            self.action_zoom()
        elif self._current is not self._panes[0]:
            self.go_to(self._panes[0])
        else:
            return False
        return True

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Make the pane with the focus the current one, which is the visible one in a small terminal."""
        for pane in self._panes:
            if pane.has_focus_within:
                self._make_current(pane)
        self.post_message(self.CurrentChanged())

    @on(TimelineView.Scrolled)
    @on(LogBody.Moved)
    def keep_run(self) -> None:
        """Report that the operator reads a run, with the mouse."""
        self.on_read(self._panes[1])

    def on_resize(self, event: events.Resize) -> None:
        """Show all panes if they fit."""
        self._arrange()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Begin to drag a divider."""
        if self.dividers.grab(event.screen_x, event.screen_y):
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Move the divider that is dragged."""
        self.dividers.drag(event)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """End the drag."""
        self.release_mouse()
        if self.dividers.drop():
            self.post_message(self.Divided())

    def on_click(self, event: events.Click) -> None:
        """Go to the pane that was clicked."""
        for pane in self._panes:
            if pane is not self._current and pane.region.contains(event.screen_x, event.screen_y):
                self.go_to(pane)

    def action_pane(self, number: int) -> None:
        """Go to a pane by its number, from 0."""
        self.go_to(self._panes[number])

    def action_next_pane(self, step: int) -> None:
        """Go to the next pane (1) or the previous one (-1), cyclically."""
        self.go_to(self._panes[(self._panes.index(self._current) + step) % len(self._panes)])

    def action_zoom(self) -> None:
        """Show the current pane alone, or all panes again."""
        self._zoomed = not self._zoomed
        self._arrange()
        self.go_to(self._current)
        self.post_message(self.CurrentChanged())

    def _arrange(self) -> None:
        size = self.app.size
        narrow = size.width < _ALL_PANES_WIDTH or size.height < _ALL_PANES_HEIGHT
        self.set_class(narrow, "narrow")
        self.set_class(narrow or self._zoomed, "single")
        for pane in self._panes:
            pane.zoom(self._zoomed)

    def _make_current(self, current: Pane) -> None:
        entered, self._current = current is not self._current, current
        for pane in self._panes:
            pane.current = pane is current
        self._middle.set_class(current in self._panes[1:3], "current")
        if entered:
            self.on_read(current)

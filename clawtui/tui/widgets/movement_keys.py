"""The keys that move, the same wherever lines are shown."""

from __future__ import annotations

from abc import abstractmethod

from textual.binding import Binding, BindingType

from clawtui.tui.widgets.line_view import LineView

MOVING: list[BindingType] = [
    Binding("up,k", "move(-1)", "up", show=False, tooltip="up", id="move.up"),
    Binding("down,j", "move(1)", "down", show=False, tooltip="down", id="move.down"),
    Binding("home,g", "top", "top", show=False, tooltip="to the top", id="move.top"),
    Binding("end,G", "bottom", "bottom", show=False, tooltip="to the bottom", id="move.bottom"),
    Binding("pageup,b", "page(-1)", "page up", show=False, tooltip="a page up", id="move.page-up"),
    Binding("pagedown,space", "page(1)", "page down", show=False, tooltip="a page down", id="move.page-down"),
    Binding("ctrl+u", "page(-0.5)", "half a page up", show=False, tooltip="half a page up", id="move.half-up"),
    Binding("ctrl+d", "page(0.5)", "half a page down", show=False, tooltip="half a page down", id="move.half-down"),
    Binding("left,h", "sideways(-8)", "left", show=False, tooltip="sideways to the left", id="move.left"),
    Binding("right,l", "sideways(8)", "right", show=False, tooltip="sideways to the right", id="move.right"),
]


class MovementKeys:
    """What the moving keys do to ``body``; for a widget or a screen that binds ``MOVING``."""

    @property
    @abstractmethod
    def body(self) -> LineView:
        """The lines that are moved."""

    def action_move(self, lines: int) -> None:
        """Scrolls by lines."""
        self.body.scroll_relative(y=lines, animate=False)

    def action_page(self, pages: float) -> None:
        """Scrolls by pages."""
        self.body.scroll_relative(y=int(pages * max(1, self.body.size.height - 1)), animate=False)

    def action_top(self) -> None:
        """To the beginning."""
        self.body.scroll_to(y=0, animate=False)

    def action_bottom(self) -> None:
        """To the end."""
        self.body.scroll_to(y=self.body.max_scroll_y, animate=False)

    def action_sideways(self, cells: int) -> None:
        """Scrolls sideways where lines are wider than the pane."""
        self.body.scroll_relative(x=cells, animate=False)

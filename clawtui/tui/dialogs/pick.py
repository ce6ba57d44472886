"""A dialog to pick one thing of a few."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen

from clawtui.model.text.cleaning import shown
from clawtui.tui.widgets.line import Line, Span
from clawtui.tui.widgets.line_table import Column, LineTable
from clawtui.tui.widgets.movement_keys import MOVING, MovementKeys

Row = tuple[str, str]
"""What a thing is called, and what it is."""


class _Rows(LineTable):
    def __init__(self, rows: Sequence[Row]) -> None:
        width = max((len(name) for name, _ in rows), default=4)
        super().__init__((Column("", width), Column("", 10, share=1)), id="dialog-lines")
        self._rows = {str(number): row for number, row in enumerate(rows)}

    def on_mount(self) -> None:
        self.styles.height = len(self._rows) + 1
        self.show_keys(tuple(self._rows))

    def make_cells(self, key: str) -> Sequence[Line]:
        name, text = self._rows[key]
        return ((Span(name, "strong"),), (Span(text, "dim"),))


class PickDialog(MovementKeys, ModalScreen[int | None], inherit_bindings=False):
    """Ends with the number of the row that was picked, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "pick", "pick", tooltip="take this one", id="pick.take"),
        Binding("escape,q", "dismiss(None)", "cancel", tooltip="take none", id="pick.cancel"),
        Binding("ctrl+c", "app.quit", "quit at once", show=False),
        *MOVING,
    ]

    def __init__(self, title: str, rows: Sequence[Row]) -> None:
        super().__init__()
        self._title_text = shown(title)
        self._rows = _Rows(rows)

    @property
    def body(self) -> LineTable:
        """The rows."""
        return self._rows

    def compose(self) -> ComposeResult:
        """A box with a title around the rows."""
        box = Vertical(self._rows, id="dialog")
        box.border_title = Content(self._title_text)
        box.border_subtitle = "Enter takes · Esc cancels"
        yield box

    def on_mount(self) -> None:
        """The first row is the usual one."""
        self.set_focus(self._rows)

    def on_line_table_opened(self) -> None:
        """Clicked twice."""
        self.action_pick()

    def action_pick(self) -> None:
        """Takes the row with the cursor."""
        self.dismiss(self._rows.cursor_row)

    def action_move(self, lines: int) -> None:
        """Moves the cursor."""
        self._rows.move_to(self._rows.cursor_row + lines)

    def action_top(self) -> None:
        """To the first row."""
        self._rows.move_to(0)

    def action_bottom(self) -> None:
        """To the last row."""
        self._rows.move_to(len(self._rows.keys_in_order) - 1)

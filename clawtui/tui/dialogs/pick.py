"""A dialog to pick one of several rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen

from clawtui.model.text.cleaning import displayable
from clawtui.tui.widgets.line import Line, Span
from clawtui.tui.widgets.line_table import LineTable
from clawtui.tui.widgets.line_view import MOVEMENT_KEYS, Movement
from clawtui.tui.widgets.table_layout import Column

Row = tuple[str, str]
"""A name, and the text beside it."""


class PickDialog(ModalScreen[int | None], inherit_bindings=False):
    """Dialog whose result is the number of the picked row, from 0, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "pick", "pick", tooltip="choose this one", id="pick.take"),
        Binding("escape,q", "dismiss(None)", "cancel", tooltip="choose none", id="pick.cancel"),
        Binding("ctrl+c", "app.quit", "quit at once", show=False),
        *MOVEMENT_KEYS,
    ]

    def __init__(self, title: str, rows: Sequence[Row]) -> None:
        super().__init__()
        self._title_text = displayable(title)
        width = max((len(name) for name, _ in rows), default=4)
        columns = (Column("", width), Column("", 10, share=1))
        self._choices = {str(number): row for number, row in enumerate(rows)}
        self._rows = LineTable(columns, self._cells, id="dialog-lines")

    def compose(self) -> ComposeResult:
        """Yield a box with a title around the rows."""
        box = Vertical(self._rows, id="dialog")
        box.border_title = Content(self._title_text)
        box.border_subtitle = "Enter takes · Esc cancels"
        yield box

    def on_mount(self) -> None:
        """Put the cursor on the first row."""
        self._rows.styles.height = len(self._choices) + 1
        self._rows.show_keys(tuple(self._choices))
        self.set_focus(self._rows)

    def on_line_table_opened(self) -> None:
        """Pick the row that was double-clicked."""
        self.action_pick()

    def action_pick(self) -> None:
        """Pick the row with the cursor."""
        self.dismiss(self._rows.cursor.row)

    def action_move(self, unit: Movement, count: float = 0) -> None:
        """Move the cursor."""
        self._rows.move(unit, count)

    def _cells(self, key: str) -> Sequence[Line]:
        name, text = self._choices[key]
        return ((Span(name, "strong"),), (Span(text, "dim"),))

"""The pane with the workspaces of all automations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar, Final

from clawtui.model.documents.base import EPOCH
from clawtui.tui.panes.table_pane import TablePane
from clawtui.tui.panes.workspaces.view_model import SORTED_COLUMNS, SORTS, WorkspacesViewModel
from clawtui.tui.widgets.line import Line, Span
from clawtui.tui.widgets.line_table import LineTable
from clawtui.tui.widgets.table_layout import Column

_COLUMNS: Final = (
    Column("WORKSPACE", 24, share=1),
    Column("STATUS", 11),
    Column("AGE", 4, align="right"),
    Column("SIZE", 9, align="right"),
    Column("REMARK", 20, needs=76),
)


class WorkspacesPane(TablePane):
    """Pane with the workspaces of all automations as a table, also of those that do not exist any more."""

    number: ClassVar[int] = 0
    title: ClassVar[str] = "Workspaces"

    def __init__(self) -> None:
        super().__init__(LineTable(_COLUMNS, self._cells), SORTS, SORTED_COLUMNS)
        self._shown = WorkspacesViewModel()
        self.table.cursor.hold()
        self.table.rows.why_empty = "No run has left a workspace."

    @property
    def chosen(self) -> str | None:
        """The id of the workspace that the cursor is on."""
        id = self.table.selected
        return id if id in self._shown.workspaces else None

    def show(self, shown: WorkspacesViewModel, now: datetime) -> None:
        """Show a new state of the workspaces."""
        self._shown, self.now = shown, now
        self.rearrange()

    def rearrange(self) -> None:
        """Filter and sort the rows again."""
        order = self.order
        self.table.columns.show_order(order.column, reverse=order.reverse)
        found = self._shown.in_order(self.filter.search_text, order.by, reverse=order.reverse)
        self.table.show_keys(found)
        self.heading.show(self._shown.totals(), (Span(f"by {order.by}", "dim"),), optional=order.is_usual)

    def _cells(self, key: str) -> Sequence[Line]:
        return self._shown.cells(key, self.now or EPOCH)

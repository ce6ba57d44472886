"""The pane with the artifacts of one automation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import ClassVar, Final

from clawtui.model.documents.artifact import Artifact
from clawtui.model.documents.base import EPOCH
from clawtui.tui.panes.artifacts.view_model import SORTED_COLUMNS, SORTS, ArtifactsViewModel
from clawtui.tui.panes.table_pane import TablePane
from clawtui.tui.widgets.line import Line, Span
from clawtui.tui.widgets.line_table import LineTable
from clawtui.tui.widgets.table_layout import Column

_COLUMNS: Final = (
    Column("ARTIFACT", 24, share=1),
    Column("KIND", 7),
    Column("SIZE", 9, align="right"),
    Column("AGE", 4, align="right"),
    Column("OF THE RUN", 22, needs=76),
)


class ArtifactsPane(TablePane):
    """Pane with the artifacts of one automation as a table, by default the newest first."""

    number: ClassVar[int] = 0
    title: ClassVar[str] = "Artifacts"

    def __init__(self, zone: tzinfo | None = None) -> None:
        super().__init__(LineTable(_COLUMNS, self._cells), SORTS, SORTED_COLUMNS)
        self._zone = zone
        self._shown = ArtifactsViewModel()
        self._by_name: dict[str, Artifact] = {}
        self.table.cursor.hold()

    @property
    def chosen(self) -> Artifact | None:
        """The artifact that the cursor is on."""
        return self._by_name.get(self.table.selected or "")

    def show(self, shown: ArtifactsViewModel, now: datetime) -> None:
        """Show a new state of the artifacts."""
        self._shown, self.now = shown, now
        self._by_name = {artifact.name: artifact for artifact in shown.artifacts or ()}
        self.rearrange()

    def rearrange(self) -> None:
        """Filter and sort the rows again."""
        order = self.order
        self.table.columns.show_order(order.column, reverse=order.reverse)
        found = self._shown.in_order(self.filter.search_text, order.by, reverse=order.reverse)
        self.position.total = len(self._by_name)
        self.table.rows.why_empty = self._shown.why_empty
        self.table.show_keys([artifact.name for artifact in found])
        self.heading.show(self._shown.totals(), (Span(f"by {order.by}", "dim"),), optional=order.is_usual)

    def _cells(self, key: str) -> Sequence[Line]:
        return self._shown.cells(self._by_name[key], self.now or EPOCH, self._zone)

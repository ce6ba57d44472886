"""The pane with the automations of several roots in one table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Final

from textual.binding import Binding, BindingType
from textual.message import Message

from clawtui.model.documents.base import EPOCH
from clawtui.model.fleet import Automation
from clawtui.model.listed_root import ListedRoot
from clawtui.tui.panes.automations.cells import CellRoom
from clawtui.tui.panes.roots.all_rows import AllRows
from clawtui.tui.panes.roots.rows import SORTS, RootRows
from clawtui.tui.panes.table_pane import TablePane
from clawtui.tui.widgets.line import Line, Span
from clawtui.tui.widgets.line_table import LineTable
from clawtui.tui.widgets.table_layout import Column

COLUMNS: Final = (
    Column("", 1),
    Column("ROOT", 6, share=1),
    Column("AUTOMATION", 14, share=2),
    Column("NOW", 22, share=4),
    Column("LAST RUN", 11, needs=66),
    Column("AGO", 4, align="right", needs=74),
    Column("TOOK", 6, align="right", needs=100),
    Column("RUNS", 12, align="right", needs=116),
)
_ROOT, _NOW, _RUNS = 1, 3, 7
"""The positions of these columns."""
_SORTED_COLUMNS: Final[Mapping[str, Sequence[int]]] = {
    "root": (_ROOT,),
    "name": (2,),
    "due": (_NOW,),
    "last run": (4, 5),
}


class RootsPane(TablePane):
    """Pane with the table of all roots, by default running first, then failed or unreadable, then the next due."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "plus", "enable(True)", "enable, disable", tooltip="enable the automation in its root", id="roots.enable"
        ),
        Binding(
            "minus",
            "enable(False)",
            "enable, disable",
            tooltip="disable the automation in its root",
            id="roots.disable",
        ),
        Binding("F", "next_failed", "failed", tooltip="to the next one that failed", id="roots.failed"),
    ]

    number = 1
    title = "All roots"

    class EnableAsked(Message):
        """Request to enable or disable an automation of a root."""

        def __init__(self, root: ListedRoot, automation: Automation, enabled: bool) -> None:
            super().__init__()
            self.root = root
            self.automation = automation
            self.enabled = enabled

    class JobAsked(Message):
        """Request to ``enable`` or ``disable`` a job of a stock gateway."""

        def __init__(self, root: ListedRoot, job_id: str, act: str) -> None:
            super().__init__()
            self.root = root
            self.job_id = job_id
            self.act = act

    def __init__(self, roots: Sequence[ListedRoot]) -> None:
        super().__init__(LineTable(COLUMNS, self._cells), SORTS, _SORTED_COLUMNS)
        self.rows = AllRows(roots)

    def rearrange(self) -> None:
        """Filter and sort the rows again."""
        order, rows = self.order, self.rows
        keys = rows.keys(self.filter.search_text, order.by, reverse=order.reverse)
        self.table.columns.show_order(order.column, reverse=order.reverse)
        self.table.columns.show_needs({_ROOT: rows.name_width})
        self.position.total = rows.count
        self.table.show_keys(keys, rows.marks(keys))
        self.heading.show(rows.totals(), (Span(str(order), "dim"),), optional=order.is_usual)

    @property
    def chosen(self) -> tuple[RootRows, str] | None:
        """The root of the row at the cursor, and the key there; None where there are no rows."""
        return None if self.table.selected is None else self.rows.find(self.table.selected)

    def action_enable(self, enabled: bool) -> None:
        """Request to enable or disable the automation at the cursor, in its own root."""
        if self.chosen is None:
            self.notify("There is no automation to choose here.", severity="warning", markup=False)
            return
        rows, key = self.chosen
        automation = rows.automation(key)
        self.table.cursor.hold()
        if automation is not None:
            self.post_message(self.EnableAsked(rows.root, automation, enabled))
        elif key:
            self.post_message(self.JobAsked(rows.root, key, "enable" if enabled else "disable"))
        elif rows.content.is_stale:
            text = f"{rows.root.name} cannot be reached: nothing is changed."
            self.notify(text, severity="warning", markup=False)
        else:
            self.notify("This row is no automation.", severity="warning", markup=False)

    def action_next_failed(self) -> None:
        """Move to the next row that failed or cannot be read, and continue from the top after the last row."""
        keys, row = self.table.cursor.keys, self.table.cursor.row
        for at in (*range(row + 1, len(keys)), *range(row + 1)):
            if at < len(keys) and self.rows.has_failed(keys[at]):
                self.table.move_to(at)
                return
        self.notify("None of these has failed.", markup=False)

    def _cells(self, joined: str) -> Sequence[Line]:
        layout = self.table.columns
        room = CellRoom(layout.width_of(_NOW), layout.width_of(_RUNS))
        return self.rows.cells(joined, self.now or EPOCH, room)


def choose_row(pane: RootsPane, root: str, key: str) -> None:
    """Put the cursor on a row, if it is there."""
    joined = AllRows.key(root, key)
    if joined in pane.table.cursor.keys:
        pane.table.move_to(pane.table.cursor.keys.index(joined))


def sort_rows(pane: RootsPane, by: str) -> None:
    """Sort by one of `SORTS`."""
    pane.order.by, pane.order.reverse = by, False
    pane.rearrange()


def show_only(pane: RootsPane, root: str) -> None:
    """Filter by the name of a root."""
    pane.filter.value = f"root:{root}"
    pane.filter.display = True

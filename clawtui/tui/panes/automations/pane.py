"""The pane with the automations: their progress or next run, and their last runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from msgspec import Struct, field
from textual.binding import Binding, BindingType
from textual.message import Message

from clawtui.model.documents.base import EPOCH
from clawtui.model.fleet import Automation, Workspace
from clawtui.model.run_state import Skip
from clawtui.model.runs.report import RunReport
from clawtui.tui.panes.automations.cells import CellCache, CellRoom
from clawtui.tui.panes.automations.row_marks import RowMarks
from clawtui.tui.panes.automations.row_values import SORTS
from clawtui.tui.panes.automations.rows import SORTED_COLUMNS, AutomationRows
from clawtui.tui.panes.table_pane import TablePane
from clawtui.tui.widgets.line import Line, Span
from clawtui.tui.widgets.line_table import LineTable
from clawtui.tui.widgets.table_layout import Column

if TYPE_CHECKING:
    from clawtui.tui.panes.gateway.jobs import JobsViewModel


class AutomationsViewModel(Struct, frozen=True):
    """Content of the pane."""

    automations: Mapping[str, Automation] = field(default_factory=dict)
    workspaces: Mapping[str, Workspace] = field(default_factory=dict)
    skips: Mapping[str, Skip] = field(default_factory=dict)
    loaded: bool = False
    going: Mapping[str, RunReport] = field(default_factory=dict)
    """The reports on the runs in progress, by automation id."""


_COLUMNS: Final = (
    Column("", 1),
    Column("AUTOMATION", 16, share=1),
    Column("NOW", 22, share=2),
    Column("LAST RUN", 11),
    Column("AGO", 4, align="right", needs=62),
    Column("TOOK", 6, align="right", needs=86),
    Column("RUNS", 12, share=1, align="right", needs=108, grows_from=150),
)


_NOW: Final = 2
_RUNS: Final = 6
"""The positions of these columns."""
_ACTS: Final[Mapping[bool, str]] = {True: "enable", False: "disable"}


class AutomationsPane(TablePane):
    """Pane with the table of automations, by default running first, then failed or unreadable, then the next due."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("plus", "enable(True)", "enable, disable", tooltip="enable the automation", id="automations.enable"),
        Binding(
            "minus", "enable(False)", "enable, disable", tooltip="disable the automation", id="automations.disable"
        ),
        Binding(
            "x",
            "app.command('run-now')",
            "run now",
            tooltip="run it at the next dispatch; of a stock gateway, at once",
            id="automations.run",
        ),
        Binding(
            "Z",
            "app.command('snooze')",
            "snooze",
            show=False,
            tooltip="postpone its next run, or cancel that",
            id="automations.snooze",
        ),
        Binding("m", "mark", "mark", tooltip="mark it: + - x Z y act on all that are marked", id="automations.mark"),
        Binding(
            "n",
            "app.command('new')",
            "new",
            show=False,
            tooltip="a new automation, in your $EDITOR",
            id="automations.new",
        ),
        Binding(
            "c",
            "app.command('duplicate')",
            "duplicate",
            show=False,
            tooltip="a copy of it, in your $EDITOR",
            id="automations.duplicate",
        ),
        Binding(
            "X",
            "app.command('lock')",
            "its lock",
            show=False,
            tooltip="go to the lock that it waits for; X there releases it",
            id="automations.lock",
        ),
        Binding("F", "next_failed", "failed", tooltip="to the next one that failed", id="automations.failed"),
    ]

    number = 1
    title = "Automations"

    class EnableAsked(Message):
        """Request to enable or disable automations."""

        def __init__(self, automations: tuple[Automation, ...], enabled: bool) -> None:
            super().__init__()
            self.automations = automations
            self.enabled = enabled

    class JobAsked(Message):
        """Request for an act on a job of a stock gateway: ``enable`` or ``disable``."""

        def __init__(self, job_id: str, act: str) -> None:
            super().__init__()
            self.job_id = job_id
            self.act = act

    class FailureFound(Message):
        """Request to show the failed run of the selected automation that began at `started`."""

        def __init__(self, started: datetime) -> None:
            super().__init__()
            self.started = started

    def __init__(self) -> None:
        super().__init__(LineTable(_COLUMNS, partial(_cells, self)), SORTS, SORTED_COLUMNS)
        self._shown = AutomationsViewModel()
        self.rows = AutomationRows()
        self._cells = CellCache()
        self.row_marks = RowMarks(self.rearrange)
        self._jobs: JobsViewModel | None = None
        """The jobs of a stock gateway, which are shown in the place of automations."""

    def show(self, shown: AutomationsViewModel | JobsViewModel, now: datetime) -> None:
        """Show a new state of the automations, or of the jobs of a stock gateway."""
        self.now = now
        if not isinstance(shown, AutomationsViewModel):
            self._jobs = shown
            self.table.columns.show_columns(shown.columns)
            self.rearrange()
            if not shown.jobs:
                self.table.cursor.let_go()
            return
        last, self._shown = self._shown, shown
        if self._jobs is not None:
            self._jobs = None
            self.table.columns.show_columns(_COLUMNS)
            self.rearrange()
        self.row_marks.update(shown.automations)
        changed = shown.automations is not last.automations or shown.workspaces is not last.workspaces
        if changed and self.rows.update(shown.automations, shown.workspaces):
            self.rearrange()
        else:
            self.table.sync()
        if not shown.automations:
            self.table.cursor.let_go()

    def rearrange(self) -> None:
        """Filter and sort the rows again."""
        order, rows = self.order, self._jobs if self._jobs is not None else self.rows
        order.columns = SORTED_COLUMNS if self._jobs is None else self._jobs.sorted_columns
        self.table.columns.show_order(order.column, reverse=order.reverse)
        keys = rows.keys(self.filter.search_text, order.by, reverse=order.reverse)
        if self._jobs is None:
            self.table.columns.show_needs(self.rows.needs())
        self.position.total = rows.count
        self.table.show_keys(keys, rows.marks(keys))
        totals = (*rows.totals(), *self.row_marks.total())
        self.heading.show(totals, (Span(str(order), "dim"),), optional=order.is_usual)

    def action_enable(self, enabled: bool) -> None:
        """Request to enable or disable the selected automation, or those that are marked."""
        if self._jobs is not None and self.table.selected is not None:
            self.table.cursor.hold()
            self.post_message(self.JobAsked(self.table.selected, _ACTS[enabled]))
            return
        marked = self.row_marks.automations
        automation = self._shown.automations.get(self.table.selected or "")
        if marked:
            self.post_message(self.EnableAsked(marked, enabled))
            return
        if automation is None:
            self.notify("There is no automation to choose here.", severity="warning", markup=False)
            return
        self.table.cursor.hold()
        self.post_message(self.EnableAsked((automation,), enabled))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Disable the key of marks if the gateway is a stock one."""
        if action == "mark" and self._jobs is not None:
            return False
        return super().check_action(action, parameters)

    def action_mark(self) -> None:
        """Mark the selected automation, or remove its mark, and move to the next row."""
        key = self.table.selected
        if key is None or key not in self._shown.automations:
            return
        self.row_marks.toggle(key)
        self.table.move_to(min(self.table.cursor.row + 1, len(self.table.cursor.keys) - 1))

    def action_next_failed(self) -> None:
        """Move to the next row that failed or cannot be read, and continue from the top after the last row."""
        keys, row = self.table.cursor.keys, self.table.cursor.row
        rows = self._jobs if self._jobs is not None else self.rows
        for at in (*range(row + 1, len(keys)), *range(row + 1)):
            if at < len(keys) and rows.has_failed(keys[at]):
                self.table.move_to(at)
                if (started := rows.earlier_failure(keys[at])) is not None:
                    self.post_message(self.FailureFound(started))
                return
        hidden = rows.count_failed()
        none = "None has failed." if not hidden else f"The filter hides {hidden} that failed; Esc clears it."
        self.notify(none, markup=False)


def _cells(pane: AutomationsPane, key: str) -> Sequence[Line]:
    if pane._jobs is not None:
        return pane._jobs.cells(key, pane.now or EPOCH)
    shown, automation = pane._shown, pane._shown.automations[key]
    layout = pane.table.columns
    row = pane._cells.cells(
        key,
        automation,
        shown.workspaces.get(automation.id),
        shown.skips.get(automation.id),
        pane.now or EPOCH,
        shown.going.get(automation.id),
        CellRoom(layout.width_of(_NOW), layout.width_of(_RUNS)),
    )
    return pane.row_marks.shown_in(key, row)

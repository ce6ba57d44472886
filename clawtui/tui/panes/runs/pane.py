"""The pane with all runs of one automation: their results, durations, logs and artifacts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import ClassVar, Final

from textual.app import ComposeResult

from clawtui.model.documents.base import EPOCH
from clawtui.model.runs.judgement import BAD
from clawtui.model.runs.run import Run
from clawtui.presentation.roles import RUN_ROLE
from clawtui.tui.panes.runs.view_model import SORTED_COLUMN, SORTS, RunsViewModel, run_key, sort_runs
from clawtui.tui.panes.table_pane import TablePane
from clawtui.tui.widgets.charts import sparkline
from clawtui.tui.widgets.line import Line, Span, fit
from clawtui.tui.widgets.line_content import OneLine
from clawtui.tui.widgets.line_table import LineTable
from clawtui.tui.widgets.line_view import LineView
from clawtui.tui.widgets.table_layout import Column

_COLUMNS: Final = (
    Column("STARTED", 15),
    Column("AGO", 4, align="right"),
    Column("STATUS", 11),
    Column("TOOK", 6, align="right"),
    Column("×USUAL", 6, align="right", needs=66),
    Column("SUMMARY", 16, share=1),
    Column("LOG", 4, needs=76),
    Column("ARTIFACTS", 9, align="right", needs=90),
)


class DurationChart(LineView, can_focus=False):
    """Row of marks of the newest runs that fit into the width, the newest at the right."""

    def __init__(self) -> None:
        super().__init__(OneLine(self._line), id="durations")
        self._runs: Sequence[Run] = ()

    def show(self, runs: Sequence[Run]) -> None:
        """Show `runs`, which are newest first."""
        self._runs = runs
        self.sync()

    def _line(self, width: int) -> Line:
        caption = " durations, oldest to newest  "
        runs = self._runs[: max(0, width - len(caption) - 1)]
        return fit((Span(caption, "dim"), *sparkline([(run.status, run.took) for run in reversed(runs)])), width)


class RunsPane(TablePane):
    """Pane with the runs of one automation as a table; a row must contain every word of a filter."""

    number: ClassVar[int] = 0
    title: ClassVar[str] = "Runs"

    def __init__(self, zone: tzinfo | None = None) -> None:
        super().__init__(LineTable(_COLUMNS, self._cells), SORTS)
        self._zone = zone
        self._shown = RunsViewModel()
        self._by_key: dict[str, Run] = {}
        self._durations = DurationChart()
        self.table.cursor.hold()
        self.position.word = "failed"

    def compose(self) -> ComposeResult:
        """Yield title, durations, filter and table."""
        yield self.heading
        yield self._durations
        yield self.filter
        yield self.table

    @property
    def chosen(self) -> Run | None:
        """The run that the cursor is on."""
        return self._by_key.get(self.table.selected or "")

    def show(self, shown: RunsViewModel, now: datetime) -> None:
        """Show a new state of the runs."""
        self._shown, self.now = shown, now
        self._by_key = {run_key(run): run for run in shown.runs}
        self._durations.show(shown.runs)
        self.rearrange()

    def go_to(self, run: Run) -> None:
        """Put the cursor on `run`, if its row is visible."""
        keys = self.table.cursor.keys
        if (key := run_key(run)) in keys:
            self.table.move_to(keys.index(key))

    def rearrange(self) -> None:
        """Filter and sort the rows again."""
        order = self.order
        self.table.columns.show_order(SORTED_COLUMN[order.by], reverse=order.reverse)
        runs = self._shown.filtered(self.filter.wanted, self._zone)
        sort_runs(runs, order.by, reverse=order.reverse)
        self.position.total = len(self._by_key)
        failed = [(row, RUN_ROLE["failed"]) for row, run in enumerate(runs) if run.status in BAD]
        self.table.show_keys([run_key(run) for run in runs], failed)
        self.heading.show(self._shown.totals(), (Span(str(order), "dim"),))

    def _cells(self, key: str) -> Sequence[Line]:
        return self._shown.cells(self._by_key[key], self.now or EPOCH, self._zone)

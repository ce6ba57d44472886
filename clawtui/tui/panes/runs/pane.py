"""The pane with all runs of one automation: a chart, and their results, durations, logs and artifacts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import ClassVar, Final

from textual.app import ComposeResult

from clawtui.model.documents.base import EPOCH
from clawtui.model.runs.judgement import BAD
from clawtui.model.runs.run import Run
from clawtui.model.runs.run_stats import RunStats, run_stats
from clawtui.presentation.roles import RUN_ROLE
from clawtui.tui.panes.runs.chart import chart_lines
from clawtui.tui.panes.runs.view_model import SORTED_COLUMNS, SORTS, RunsViewModel, run_key, sort_runs
from clawtui.tui.panes.table_pane import TablePane
from clawtui.tui.widgets.line import Line, Span
from clawtui.tui.widgets.line_content import FixedLines
from clawtui.tui.widgets.line_table import LineTable
from clawtui.tui.widgets.line_view import LineView
from clawtui.tui.widgets.table_layout import Column

_LEAST_HEIGHT: Final = 24
_LEAST_WIDTH: Final = 60
_COLUMNS: Final = (
    Column("STARTED", 15),
    Column("AGO", 4, align="right"),
    Column("STATUS", 11),
    Column("TOOK", 6, align="right"),
    Column("×USUAL", 6, align="right", needs=88),
    Column("LOG", 4, needs=96),
    Column("SUMMARY", 12, share=1),
    Column("ARTIFACTS", 9, align="right", needs=90),
)


class RunsChart(LineView, can_focus=False):
    """View of the chart of the runs: nine lines where the terminal has room, else one."""

    def __init__(self, zone: tzinfo | None) -> None:
        self._lines = FixedLines()
        super().__init__(self._lines, id="runs-chart")
        self._zone = zone
        self._runs: Sequence[Run] = ()
        self._stats = RunStats()

    def show(self, runs: Sequence[Run]) -> None:
        """Show `runs`, which are newest first."""
        if runs != self._runs:
            self._runs, self._stats = runs, run_stats(runs, self._zone)
        self.fit()

    def fit(self) -> None:
        """Make the lines for the size of the terminal."""
        size = self.app.size
        whole = size.height >= _LEAST_HEIGHT and size.width >= _LEAST_WIDTH
        self._lines.lines = chart_lines(self._runs, self._stats, self.size.width or size.width, whole=whole)
        height = len(self._lines.lines)
        if self.styles.height is None or self.styles.height.value != height:
            self.styles.height = height
        self.sync()

    def on_resize(self) -> None:
        """Make the lines for the new width."""
        super().on_resize()
        self.fit()


class RunsPane(TablePane):
    """Pane with the runs of one automation as a table; a row must contain every word of a filter."""

    number: ClassVar[int] = 0
    title: ClassVar[str] = "Runs"

    def __init__(self, zone: tzinfo | None = None) -> None:
        def cells(key: str) -> Sequence[Line]:
            return self._shown.cells(self._by_key[key], self.now or EPOCH, zone)

        super().__init__(LineTable(_COLUMNS, cells), SORTS, SORTED_COLUMNS)
        self._zone = zone
        self._shown = RunsViewModel()
        self._by_key: dict[str, Run] = {}
        self._chart = RunsChart(zone)
        self.table.cursor.hold()
        self.table.rows.why_empty = "It has no run on record."
        self.position.word = "failed"

    def compose(self) -> ComposeResult:
        """Yield title, chart, filter and table."""
        yield self.heading
        yield self._chart
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
        self._chart.show(shown.runs)
        self.rearrange()

    def on_resize(self) -> None:
        """Give the chart the lines that the terminal has room for."""
        self._chart.fit()

    def go_to(self, run: Run) -> None:
        """Put the cursor on `run`, if its row is visible."""
        keys = self.table.cursor.keys
        if (key := run_key(run)) in keys:
            self.table.move_to(keys.index(key))

    def rearrange(self) -> None:
        """Filter and sort the rows again."""
        order = self.order
        self.table.columns.show_order(order.column, reverse=order.reverse)
        runs = self._shown.filtered(self.filter.search_text, self._zone)
        sort_runs(runs, order.by, reverse=order.reverse)
        self.position.total = len(self._by_key)
        failed = [(row, RUN_ROLE["failed"]) for row, run in enumerate(runs) if run.status in BAD]
        self.table.show_keys([run_key(run) for run in runs], failed)
        self.heading.show(self._shown.totals(), (Span(str(order), "dim"),), optional=order.is_usual)

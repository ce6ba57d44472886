"""All runs of one automation: how each ended, how long it took against what is usual, and what is left of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import ClassVar

from textual.app import ComposeResult

from clawtui.model.documents.base import EPOCH
from clawtui.model.runs.durations import DurationStats, range_text
from clawtui.model.runs.run import Run
from clawtui.model.text.units import format_timestamp
from clawtui.tui.panes.runs.cells import cells, haystack
from clawtui.tui.panes.table_pane import TablePane
from clawtui.tui.widgets.line import Line, Span, fit
from clawtui.tui.widgets.line_table import Column, LineTable
from clawtui.tui.widgets.line_view import LineView
from clawtui.tui.widgets.sparkline import sparkline


@dataclass(frozen=True, slots=True)
class RunsViewModel:
    """What the pane shows."""

    name: str = ""
    """The automation's."""
    runs: tuple[Run, ...] = ()
    """Newest first."""
    usual: DurationStats = field(default_factory=DurationStats)
    artifacts: Mapping[tuple[datetime, str], int] | None = None
    """How many are left of each run; None until that is known."""
    problem: str | None = None
    """Why something cannot be told."""


_COLUMNS = (
    Column("STARTED", 15),
    Column("AGO", 4, align="right"),
    Column("STATUS", 11),
    Column("TOOK", 6, align="right"),
    Column("×USUAL", 6, align="right", needs=66),
    Column("SUMMARY", 16, share=1),
    Column("LOG", 4, needs=76),
    Column("ARTIFACTS", 9, align="right", needs=90),
)
_SORTS = ("newest", "duration", "status")
_SORTED_COLUMN = {"newest": 0, "duration": 3, "status": 2}


class _Table(LineTable):
    def __init__(self, pane: RunsPane) -> None:
        super().__init__(_COLUMNS)
        self._pane = pane

    def make_cells(self, key: str) -> Sequence[Line]:
        return self._pane.cells_of(key)


class _Durations(LineView, can_focus=False):
    """One row of marks, as many as there is room for, the newest at the right."""

    def __init__(self) -> None:
        super().__init__(id="durations")
        self._runs: tuple[Run, ...] = ()

    def show(self, runs: tuple[Run, ...]) -> None:
        self._runs = runs
        self.sync()

    def line_count(self) -> int:
        return 1

    def make_line(self, index: int, width: int) -> Line:
        caption = " durations, oldest to newest  "
        runs = self._runs[: max(0, width - len(caption) - 1)]
        return fit((Span(caption, "dim"), *sparkline([(run.status, run.took) for run in reversed(runs)])), width)


class RunsPane(TablePane):
    """The history as a table; a filter's words may stand anywhere in a row."""

    number: ClassVar[int] = 0
    title: ClassVar[str] = "Runs"

    def __init__(self, zone: tzinfo | None = None) -> None:
        super().__init__()
        self._zone = zone
        self._slice = RunsViewModel()
        self._by_key: dict[str, Run] = {}
        self._durations = _Durations()
        self.table = _Table(self)
        self.table.hold()

    def compose(self) -> ComposeResult:
        """Title, durations, filter, table."""
        yield self.heading
        yield self._durations
        yield self._input
        yield self.table

    @property
    def sort_names(self) -> tuple[str, ...]:
        """What the runs can be sorted by."""
        return _SORTS

    @property
    def chosen(self) -> Run | None:
        """The run that the cursor is on."""
        return self._by_key.get(self.table.selected or "")

    def show(self, shown: RunsViewModel, now: datetime) -> None:
        """Shows another state of the history."""
        self._slice, self.now = shown, now
        self._by_key = {_key(run): run for run in shown.runs}
        self._durations.show(shown.runs)
        self.rearrange()

    def go_to(self, run: Run) -> None:
        """Puts the cursor on a run."""
        self.table.select(_key(run))

    def rearrange(self) -> None:
        """Sorts and filters anew; newest first unless asked otherwise."""
        name = _SORTS[self.sort_by]
        self.table.sorted_column = _SORTED_COLUMN[name]
        self.table.reverse = self.reverse
        words = self.wanted.split()
        runs = [run for run in self._slice.runs if _matches(words, haystack(run, self._zone))]
        if name == "duration":
            runs.sort(key=lambda run: run.duration or 0, reverse=True)
        elif name == "status":
            runs.sort(key=lambda run: run.status or "")
        if self.reverse:
            runs.reverse()
        self.table.show_keys([_key(run) for run in runs])
        self._show_totals(len(runs))

    def cells_of(self, key: str) -> Sequence[Line]:
        """The row of one run."""
        run, shown = self._by_key[key], self._slice
        left = None if shown.artifacts is None else shown.artifacts.get(run.identity, 0)
        return cells(run, shown.usual.whole, left, self.now or EPOCH, self._zone)

    def _show_totals(self, count: int) -> None:
        shown = self._slice
        total = len(shown.runs)
        facts = [Span(f"{shown.name} · "), Span(f"{count} of {total}" if count != total else f"{total}")]
        failed = sum(run.status == "failed" for run in shown.runs)
        facts += [Span(f" · {failed} failed", "bad")] if failed else []
        usual = shown.usual.whole.usual
        facts += [Span(f" · usually {range_text(usual)}", "dim")] if usual is not None else []
        facts += [Span(f" · {shown.problem}", "bad")] if shown.problem is not None else []
        order = f"by {_SORTS[self.sort_by]}" + (", reversed" if self.reverse else "")
        self.heading.show(tuple(facts), (Span(order, "dim"),))


def _key(run: Run) -> str:
    started, log = run.identity
    return f"{format_timestamp(started)} {log}"


def _matches(words: Sequence[str], text: str) -> bool:
    return all(word in text for word in words)

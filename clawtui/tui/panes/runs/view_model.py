"""The view model of the runs pane: the runs of an automation as rows, filtered and sorted, and their totals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Final

from msgspec import Struct, field

from clawtui.model.runs.durations import DurationStats, range_text
from clawtui.model.runs.judgement import BAD
from clawtui.model.runs.run import Run
from clawtui.model.text.units import format_timestamp
from clawtui.tui.panes.runs.cells import cells, searched_text
from clawtui.tui.widgets.line import Line, Span

SORTS: Final = ("newest", "duration", "status")
SORTED_COLUMNS: Final[Mapping[str, Sequence[int]]] = {"newest": (0, 1), "duration": (3,), "status": (2,)}


class RunsViewModel(Struct, frozen=True):
    """Runs of one automation, and their usual durations."""

    name: str = ""
    """The name of the automation."""
    runs: tuple[Run, ...] = ()
    """Newest first."""
    usual: DurationStats = field(default_factory=DurationStats)
    artifacts: Mapping[tuple[datetime, str], int] | None = None
    """The number of artifacts of each run; None until they are counted."""
    problem: str | None = None
    """The reason why something cannot be read."""

    def filtered(self, query: str, zone: tzinfo | None) -> list[Run]:
        """Return the runs whose row contains every word of `query`, newest first."""
        words = query.split()
        return [run for run in self.runs if all(word in searched_text(run, zone) for word in words)]

    def cells(self, run: Run, now: datetime, zone: tzinfo | None) -> Sequence[Line]:
        """Return the row of one run."""
        left = None if self.artifacts is None else self.artifacts.get(run.identity, 0)
        return cells(run, self.usual.whole, left, now, zone)

    def totals(self) -> Line:
        """Return the automation, the number of its failed runs, and the usual duration."""
        facts = [Span(f" · {self.name}")]
        failed = sum(run.status in BAD for run in self.runs)
        facts += [Span(f" · {failed} failed", "bad", click="go_to_row('next')")] if failed else []
        usual = self.usual.whole.usual
        facts += [Span(f" · usually {range_text(usual)}", "dim")] if usual is not None else []
        facts += [Span(f" · {self.problem}", "bad")] if self.problem is not None else []
        return tuple(facts)


def sort_runs(runs: list[Run], sort: str, *, reverse: bool) -> None:
    """Sort `runs` in place by one of `SORTS`; they must be newest first."""
    if sort == "duration":
        runs.sort(key=lambda run: run.duration or 0, reverse=True)
    elif sort == "status":
        runs.sort(key=lambda run: run.status or "")
    if reverse:
        runs.reverse()


def run_key(run: Run) -> str:
    """Return the key of a run's row."""
    started, log = run.identity
    return f"{format_timestamp(started)} {log}"

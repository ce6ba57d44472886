"""What the runs of one automation left behind for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import ClassVar

from clawtui.model.documents.artifact import Artifact, made_by
from clawtui.model.documents.base import EPOCH
from clawtui.model.runs.run import Run
from clawtui.model.text.units import format_bytes, rough_span
from clawtui.presentation.roles import RUN_ROLE
from clawtui.tui.panes.table_pane import TablePane
from clawtui.tui.terminal.glyphs import RUN_MARK
from clawtui.tui.widgets.line import BLANK, Line, Span
from clawtui.tui.widgets.line_table import Column, LineTable


@dataclass(frozen=True, slots=True)
class ArtifactsViewModel:
    """What the pane shows."""

    name: str = ""
    """The automation's."""
    artifacts: tuple[Artifact, ...] | None = None
    """None until they have been looked for."""
    runs: tuple[Run, ...] = ()
    """Newest first."""
    problem: str | None = None
    """Why they cannot be listed."""


_COLUMNS = (
    Column("ARTIFACT", 24, share=1),
    Column("KIND", 7),
    Column("SIZE", 9, align="right"),
    Column("AGE", 4, align="right"),
    Column("OF THE RUN", 22, needs=76),
)
_SORTS = ("newest", "name", "size")
_SORTED_COLUMN = {"newest": 3, "name": 0, "size": 2}


class _Table(LineTable):
    def __init__(self, pane: ArtifactsPane) -> None:
        super().__init__(_COLUMNS)
        self._pane = pane

    def make_cells(self, key: str) -> Sequence[Line]:
        return self._pane.cells_of(key)


class ArtifactsPane(TablePane):
    """The newest first."""

    number: ClassVar[int] = 0
    title: ClassVar[str] = "Artifacts"

    def __init__(self, zone: tzinfo | None = None) -> None:
        super().__init__()
        self._zone = zone
        self._slice = ArtifactsViewModel()
        self._by_name: dict[str, Artifact] = {}
        self.table = _Table(self)
        self.table.hold()

    @property
    def sort_names(self) -> tuple[str, ...]:
        """What the artifacts can be sorted by."""
        return _SORTS

    @property
    def chosen(self) -> Artifact | None:
        """The artifact that the cursor is on."""
        return self._by_name.get(self.table.selected or "")

    def show(self, shown: ArtifactsViewModel, now: datetime) -> None:
        """Shows another state."""
        self._slice, self.now = shown, now
        self._by_name = {artifact.name: artifact for artifact in shown.artifacts or ()}
        self.rearrange()

    def rearrange(self) -> None:
        """Sorts and filters anew."""
        name = _SORTS[self.sort_by]
        self.table.sorted_column = _SORTED_COLUMN[name]
        self.table.reverse = self.reverse
        found = [one for one in self._by_name.values() if self.wanted in f"{one.name} {one.kind}".casefold()]
        found.sort(key=lambda artifact: artifact.name)
        if name == "newest":
            found.sort(key=lambda artifact: artifact.made, reverse=True)
        elif name == "size":
            found.sort(key=lambda artifact: artifact.size, reverse=True)
        if self.reverse:
            found.reverse()
        self.table.show_keys([artifact.name for artifact in found])
        self._show_totals(len(found))

    def cells_of(self, key: str) -> Sequence[Line]:
        """The row of one artifact."""
        artifact = self._by_name[key]
        run = made_by(artifact, self._slice.runs)
        return (
            (Span(artifact.name),),
            (Span(artifact.kind, "dim"),),
            (Span(format_bytes(artifact.size)),),
            (Span(rough_span((self.now or EPOCH) - artifact.made), "dim"),),
            BLANK if run is None else self._run(run),
        )

    def _run(self, run: Run) -> Line:
        started = Span(f"{run.started.astimezone(self._zone):%d %b %H:%M} ", "dim")
        if run.status is None or run.status == "running":
            return (started, Span(run.status or "", "dim"))
        return (started, Span(f"{RUN_MARK[run.status]} {run.status}", RUN_ROLE[run.status]))

    def _show_totals(self, count: int) -> None:
        shown = self._slice
        facts = [Span(f"{shown.name} · ")]
        if shown.problem is not None:
            facts.append(Span(shown.problem, "bad"))
        elif shown.artifacts is None:
            facts.append(Span("looking", "dim"))
        else:
            total = len(shown.artifacts)
            facts.append(Span(f"{count} of {total}" if count != total else f"{total}" if total else "none"))
        self.heading.show(tuple(facts), (Span(f"by {_SORTS[self.sort_by]}", "dim"),))

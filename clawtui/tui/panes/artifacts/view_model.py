"""The view model of the artifacts pane: a row for each artifact, filtered and sorted, and their totals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Final

from msgspec import Struct

from clawtui.model.documents.artifact import Artifact, made_by
from clawtui.model.runs.run import Run
from clawtui.model.text.units import format_bytes, rough_span
from clawtui.presentation.roles import RUN_ROLE
from clawtui.tui.terminal.glyphs import RUN_MARK
from clawtui.tui.widgets.line import BLANK, Line, Span

SORTS: Final = ("newest", "name", "size")
SORTED_COLUMNS: Final[Mapping[str, Sequence[int]]] = {"newest": (3,), "name": (0,), "size": (2,)}


class ArtifactsViewModel(Struct, frozen=True):
    """Artifacts of one automation, and the runs that made them."""

    name: str = ""
    """The name of the automation."""
    artifacts: tuple[Artifact, ...] | None = None
    """None until they are listed."""
    runs: tuple[Run, ...] = ()
    """Newest first."""
    problem: str | None = None
    """The reason why the artifacts cannot be listed."""

    @property
    def why_empty(self) -> str:
        """The sentence in the place of the artifacts; empty while it is not known whether there are any."""
        return "Its runs have left no artifacts." if self.artifacts == () and self.problem is None else ""

    def in_order(self, query: str, sort: str, *, reverse: bool) -> list[Artifact]:
        """Return the artifacts whose name or kind contains `query`, sorted by one of `SORTS`."""
        found = [each for each in self.artifacts or () if query in f"{each.name} {each.kind}".casefold()]
        found.sort(key=lambda artifact: artifact.name)
        if sort == "newest":
            found.sort(key=lambda artifact: artifact.made, reverse=True)
        elif sort == "size":
            found.sort(key=lambda artifact: artifact.size, reverse=True)
        if reverse:
            found.reverse()
        return found

    def cells(self, artifact: Artifact, now: datetime, zone: tzinfo | None) -> Sequence[Line]:
        """Return the row of one artifact."""
        run = made_by(artifact, self.runs)
        return (
            (Span(artifact.name),),
            (Span(artifact.kind, "dim"),),
            (Span(format_bytes(artifact.size)),),
            (Span(rough_span(now - artifact.made), "dim"),),
            BLANK if run is None else _run_cell(run, zone),
        )

    def totals(self) -> Line:
        """Return the automation, and whether its artifacts are being listed or cannot be."""
        facts = [Span(f" · {self.name}")]
        if self.problem is not None:
            facts.append(Span(f" · {self.problem}", "bad"))
        elif self.artifacts is None:
            facts.append(Span(" · looking", "dim"))
        elif not self.artifacts:
            facts.append(Span(" · none"))
        return tuple(facts)


def _run_cell(run: Run, zone: tzinfo | None) -> Line:
    started = Span(f"{run.started.astimezone(zone):%d %b %H:%M} ", "dim")
    if run.status is None or run.running:
        return (started, Span(run.status or "", "dim"))
    return (started, Span(f"{RUN_MARK[run.status]} {run.label}", RUN_ROLE[run.status]))

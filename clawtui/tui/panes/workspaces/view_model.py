"""The view model of the workspaces pane: a row for each workspace, filtered and sorted, and their totals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct, field

from clawtui.model.documents.base import EPOCH
from clawtui.model.fleet import Workspace
from clawtui.model.text.units import format_bytes, rough_span
from clawtui.presentation.roles import RUN_ROLE
from clawtui.tui.widgets.line import BLANK, Line, Span

SORTS: Final = ("name", "updated", "size")
SORTED_COLUMNS: Final[Mapping[str, Sequence[int]]] = {"name": (0,), "updated": (2,), "size": (3,)}


class WorkspacesViewModel(Struct, frozen=True):
    """All workspaces of the state directory."""

    workspaces: Mapping[str, Workspace] = field(default_factory=dict)
    """By id, each with its run as it was judged."""
    sizes: Mapping[str, int | None] | None = None
    """Bytes by id, None for one that cannot be measured; None until they are measured."""
    problem: str | None = None
    """The reason why the sizes cannot be measured."""

    def in_order(self, query: str, sort: str, *, reverse: bool) -> list[str]:
        """Return the ids of the workspaces whose id or status contains `query`, sorted by one of `SORTS`."""
        found = [id for id in sorted(self.workspaces) if query in f"{id} {self._status(id)}".casefold()]
        if sort == "updated":
            found.sort(key=lambda id: updated(self.workspaces[id]) or EPOCH, reverse=True)
        elif sort == "size":
            found.sort(key=lambda id: (self.sizes or {}).get(id) or 0, reverse=True)
        if reverse:
            found.reverse()
        return found

    def cells(self, id: str, now: datetime) -> Sequence[Line]:
        """Return the row of one workspace."""
        workspace, at = self.workspaces[id], updated(self.workspaces[id])
        run = workspace.run
        size = (self.sizes or {}).get(id)
        return (
            (Span(id),),
            (Span(self._status(id), RUN_ROLE[run.state] if run is not None else "dim"),),
            BLANK if at is None else (Span(rough_span(now - at), "dim"),),
            BLANK if size is None else (Span(format_bytes(size)),),
            _remark(workspace),
        )

    def totals(self) -> Line:
        """Return the size of all workspaces, or that they are being measured or cannot be."""
        if self.problem is not None:
            return (Span(f" · {self.problem}", "bad"),)
        if not self.workspaces:
            return (Span(" · none"),)
        if self.sizes is None:
            return (Span(" · measuring", "dim"),)
        return (Span(f" · {format_bytes(sum(size or 0 for size in self.sizes.values()))}", "dim"),)

    def _status(self, id: str) -> str:
        workspace = self.workspaces[id]
        if workspace.run is not None:
            return workspace.run.state
        info = workspace.info.value if workspace.info else None
        return (info.status if info is not None else None) or "unknown"


def updated(workspace: Workspace) -> datetime | None:
    """Return the time of the last update that its documents contain."""
    info = workspace.info.value if workspace.info else None
    state = workspace.state.value if workspace.state else None
    times = (info.last_updated if info else None, state.last_update if state else None)
    return max((at for at in times if at is not None), default=None)


def _remark(workspace: Workspace) -> Line:
    for reading in (workspace.info, workspace.state, workspace.progress):
        if reading is not None and reading.problem is not None:
            return (Span(f"{reading.path.rpartition('/')[2]} {reading.problem.message}", "bad"),)
    info = workspace.info.value if workspace.info else None
    return (Span("preserved", "warn"),) if info is not None and info.preserve else BLANK

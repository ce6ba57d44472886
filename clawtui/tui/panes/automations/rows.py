"""The automations as rows of a table: how each is sorted and filtered, kept until its files change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from clawtui.model.documents.base import EPOCH
from clawtui.model.fleet import Automation, Workspace
from clawtui.model.run_state import Status, status_of, urgency
from clawtui.presentation.roles import STATUS_ROLE
from clawtui.tui.widgets.line import Line, Span

SORTS: Final = ("urgency", "name", "due", "last run")
SORTED_COLUMN: Final = {"name": 1, "due": 2, "last run": 4}


@dataclass(frozen=True, slots=True)
class _Row:
    """How one automation is sorted and filtered, and the values that this was computed from."""

    automation: Automation
    workspace: Workspace | None
    status: Status
    orders: tuple[tuple[object, ...], ...]
    """The sort key for each of `SORTS`."""
    searched_text: str
    """What a filter looks into."""


class AutomationRows:
    """The rows by key. Only those that changed are computed again: there may be thousands."""

    def __init__(self) -> None:
        self._rows: dict[str, _Row] = {}

    def update(self, automations: Mapping[str, Automation], workspaces: Mapping[str, Workspace]) -> bool:
        """Compute the rows of what is new or changed; return whether the table must be filtered and sorted again."""
        moved = False
        for key, automation in automations.items():
            workspace = workspaces.get(automation.id)
            known = self._rows.get(key)
            if known is not None and known.automation is automation and known.workspace is workspace:
                continue
            row = _make_row(automation, workspace)
            moved = moved or known is None or known.orders != row.orders or known.searched_text != row.searched_text
            self._rows[key] = row
        for key in self._rows.keys() - automations.keys():
            del self._rows[key]
            moved = True
        return moved

    def keys(self, wanted: str, sort: str, *, reverse: bool) -> list[str]:
        """Return the keys of the rows that contain `wanted`, sorted by one of `SORTS`."""
        rows, position = self._rows, SORTS.index(sort)
        keys = [key for key, row in rows.items() if wanted in row.searched_text]
        keys.sort(key=lambda key: rows[key].orders[position], reverse=reverse)
        return keys

    def has_failed(self, key: str) -> bool:
        """Return whether the last run of the automation failed, or its configuration cannot be read."""
        return self._rows[key].status in ("failed", "invalid")

    def totals(self, shown: int) -> Line:
        """Return how many automations there are, of which `shown` are shown, and how many need a look."""
        total = len(self._rows)
        counts = Counter(row.status for row in self._rows.values())
        facts = [Span(f"{shown} of {total}" if shown != total else str(total))]
        statuses: tuple[Status, ...] = ("running", "failed", "invalid")
        for status in statuses:
            if counts[status]:
                facts += [Span(" · ", "dim"), Span(f"{counts[status]} {status}", STATUS_ROLE[status])]
        return tuple(facts)


def _make_row(automation: Automation, workspace: Workspace | None) -> _Row:
    config = automation.config.value
    latest = config.latest_run if config else None
    due = (config.due if config else None) or EPOCH.replace(year=9999)
    name = automation.name.casefold()
    ended = -(latest.timestamp - EPOCH).total_seconds() if latest else 0.0
    status = status_of(automation, workspace)
    orders = (urgency(automation, workspace), (name,), (due, name), (ended, name))
    return _Row(automation, workspace, status, orders, f"{name} {automation.id} {automation.type} {status}".casefold())

"""The automations as rows of a table, with their sort keys and filter texts, updated after changes of their files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct

from clawtui.model.documents.automation import AutomationConfig
from clawtui.model.documents.base import EPOCH
from clawtui.model.fleet import Automation, Workspace
from clawtui.model.run_state import Status, last_run, status_of, urgency
from clawtui.model.text.cleaning import displayable
from clawtui.model.text.units import natural_key
from clawtui.model.text.width import cell_width
from clawtui.model.versioned_map import changed_keys
from clawtui.presentation.roles import STATUS_ROLE
from clawtui.tui.widgets.line import Line, Role, Span

SORTS: Final = ("urgency", "name", "due", "last run")
_NAME_COLUMN: Final = 1
_RUNS_COLUMN: Final = 6
_AT_REST: Final = ("idle", "disabled", "paused")
_BAD: Final = ("failed", "lost", "invalid")
SORTED_COLUMNS: Final[Mapping[str, Sequence[int]]] = {"name": (1,), "due": (2,), "last run": (4, 3)}


class _Row(Struct, frozen=True):
    """Sort keys and filter text of one automation."""

    id: str
    status: Status
    orders: tuple[tuple[object, ...], ...]
    """The sort key for each of `SORTS`."""
    searched_text: str
    """The text that a filter searches."""
    name_width: int
    """The cells of the name."""
    history: int
    """The number of runs on record."""
    failure: datetime | None = None
    """The start of the newest failed run that no success followed; None if there is none."""


class AutomationRows:
    """The rows by key. Only rows whose values changed are computed again, because there may be thousands."""

    def __init__(self) -> None:
        self._rows: dict[str, _Row] = {}
        self._keys_by_id: dict[str, set[str]] = {}
        self._automations: Mapping[str, Automation] = {}
        self._workspaces: Mapping[str, Workspace] = {}
        self._seen: set[tuple[str, datetime]] = set()
        """The automation ids and starts of the failed runs that the operator has seen."""

    def update(self, automations: Mapping[str, Automation], workspaces: Mapping[str, Workspace]) -> bool:
        """Compute the new and changed rows; return whether the table must be filtered and sorted again.

        `automations` is by key, `workspaces` by automation id.
        """
        changed = dict.fromkeys(changed_keys(automations, self._automations))
        for automation_id in changed_keys(workspaces, self._workspaces):
            changed.update(dict.fromkeys(self._keys_by_id.get(automation_id, ())))
        moved = False
        for key in changed:
            known, automation = self._rows.get(key), automations.get(key)
            if known is not None and (automation is None or automation.id != known.id):
                self._keys_by_id[known.id].discard(key)
            if automation is None:
                moved = self._rows.pop(key, None) is not None or moved
                continue
            row = _make_row(automation, workspaces.get(automation.id))
            moved = moved or known is None or known != row
            self._rows[key] = row
            self._keys_by_id.setdefault(automation.id, set()).add(key)
        self._automations, self._workspaces = automations, workspaces
        return moved

    def keys(self, wanted: str, sort: str, *, reverse: bool) -> list[str]:
        """Return the keys of the rows whose text contains `wanted`, sorted by one of `SORTS`."""
        rows, position = self._rows, SORTS.index(sort)
        keys = [key for key, row in rows.items() if wanted in row.searched_text]
        keys.sort(key=lambda key: rows[key].orders[position], reverse=reverse)
        return keys

    def order_of(self, key: str, sort: str) -> tuple[object, ...]:
        """Return the sort key of a row for one of `SORTS`."""
        return self._rows[key].orders[SORTS.index(sort)]

    @property
    def count(self) -> int:
        """The number of automations."""
        return len(self._rows)

    def has_failed(self, key: str) -> bool:
        """Return whether the last run of the automation failed or is lost, or its configuration cannot be read.

        A failed run that was followed by others, none of which succeeded, counts until the operator has seen it.
        """
        row = self._rows[key]
        return row.status in _BAD or self.earlier_failure(key) is not None

    def earlier_failure(self, key: str) -> datetime | None:
        """Return the start of a failed run that is not seen yet and is not the last run; None if there is none."""
        row = self._rows[key]
        if row.status in _BAD or row.failure is None or (row.id, row.failure) in self._seen:
            return None
        return row.failure

    def mark_seen(self, automation_id: str, started: datetime) -> bool:
        """Note that the operator has seen a failed run; return whether that was not known."""
        known = len(self._seen)
        self._seen.add((automation_id, started))
        return len(self._seen) != known

    def count_failed(self) -> int:
        """Return the number of automations that have failed, also of those that the filter hides."""
        return sum(map(self.has_failed, self._rows))

    def count_running(self) -> int:
        """Return the number of automations that run."""
        return sum(row.status == "running" for row in self._rows.values())

    def marks(self, keys: Sequence[str]) -> list[tuple[int, Role]]:
        """Return the positions in `keys` of the rows that are urgent, each with the role of its mark."""
        marks: list[tuple[int, Role]] = []
        for position, key in enumerate(keys):
            if self.has_failed(key):
                marks.append((position, "bad"))
            elif (status := self._rows[key].status) not in _AT_REST:
                marks.append((position, STATUS_ROLE[status]))
        return marks

    def needs(self) -> Mapping[int, int]:
        """Return the cells that the columns of names and of past runs need."""
        rows = self._rows.values()
        names, history = (row.name_width for row in rows), (row.history for row in rows)
        return {_NAME_COLUMN: max(names, default=0), _RUNS_COLUMN: max(history, default=0)}

    def totals(self) -> Line:
        """Return the numbers of automations of each status that is worth a look."""
        counts = Counter(row.status for row in self._rows.values())
        counts["failed"] = self.count_failed() - counts["invalid"] - counts["lost"]
        facts: list[Span] = []
        statuses: tuple[Status, ...] = ("running", "paused", "lost", "failed", "invalid")
        for status in statuses:
            if counts[status]:
                click = "next_failed" if status in _BAD else ""
                facts += [Span(" · ", "dim"), Span(f"{counts[status]} {status}", STATUS_ROLE[status], click=click)]
        return tuple(facts)


def _make_row(automation: Automation, workspace: Workspace | None) -> _Row:
    config = automation.config.value
    latest = last_run(config, workspace.run if workspace is not None else None) if config else None
    due = automation.due or EPOCH.replace(year=9999)
    name = automation.name.casefold()
    ended = -(latest.started - EPOCH).total_seconds() if latest else 0.0
    status = status_of(automation, workspace)
    natural = natural_key(automation.name)
    orders = (urgency(automation, workspace), natural, (due, natural), (ended, natural))
    text = f"{name} {automation.id} {automation.type} {status}".casefold()
    failure = None if config is None or status == "disabled" else _unresolved(config)
    history = len(config.run_history) if config is not None else 0
    return _Row(automation.id, status, orders, text, cell_width(displayable(automation.name)), history, failure)


def _unresolved(config: AutomationConfig) -> datetime | None:
    """Return the start of the newest failed run that no success followed."""
    newest = (config.last_run,) if config.last_run is not None else ()
    for run in (*newest, *config.run_history):
        if run.status in ("failed", "success"):
            return run.timestamp if run.status == "failed" else None
    return None

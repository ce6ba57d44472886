"""The automations as rows of a table, with their sort keys and filter texts, updated after changes of their files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from clawtui.model.fleet import Automation, Workspace
from clawtui.model.run_state import Status
from clawtui.model.versioned_map import changed_keys
from clawtui.presentation.roles import STATUS_ROLE
from clawtui.tui.panes.automations.row_values import BAD, SORTS, Row, RowCounts, make_row
from clawtui.tui.panes.automations.sorted_rows import Arranged, SortedRows
from clawtui.tui.widgets.line import Line, Role, Span

_AT_REST: Final = ("idle", "disabled", "paused")
SORTED_COLUMNS: Final[Mapping[str, Sequence[int]]] = {"name": (1,), "due": (2,), "last run": (4, 3)}
_MOST_SINGLE: Final = 32
"""From this number of changed rows on, sorting all rows can cost less than moving each of them."""
_MOST_SINGLE_PART: Final = 16
"""The same as a fraction of all rows."""


class _Order(NamedTuple):
    """The filter and the order of a table."""

    query: str
    sort: int
    """The position in `SORTS`."""
    reverse: bool


class AutomationRows:
    """The rows by key. Only rows whose values changed are computed and moved again, because there may be thousands."""

    def __init__(self) -> None:
        self._rows: dict[str, Row] = {}
        self._keys_by_id: dict[str, set[str]] = {}
        self._automations: Mapping[str, Automation] = {}
        self._workspaces: Mapping[str, Workspace] = {}
        self._seen: set[tuple[str, datetime]] = set()
        """The automation ids and starts of the failed runs that the operator has seen."""
        self._counts = RowCounts()
        self._order: _Order | None = None
        self._sorted: SortedRows | None = None
        """The rows that were asked for last, in `_order`; None if they are to be sorted again."""
        self._shown: Sequence[str] = ()
        """The keys that were returned last."""

    def update(self, automations: Mapping[str, Automation], workspaces: Mapping[str, Workspace]) -> bool:
        """Compute the new and changed rows; return whether the table must be filtered and sorted again.

        `automations` is by key, `workspaces` by automation id.
        """
        changed = dict.fromkeys(changed_keys(automations, self._automations))
        for automation_id in changed_keys(workspaces, self._workspaces):
            changed.update(dict.fromkeys(self._keys_by_id.get(automation_id, ())))
        if len(changed) > max(_MOST_SINGLE, len(self._rows) // _MOST_SINGLE_PART):
            self._sorted = None
        moved = False
        for key in changed:
            automation = automations.get(key)
            row = None if automation is None else make_row(automation, workspaces.get(automation.id))
            if row != self._rows.get(key):
                self._put(key, row)
                moved = True
        self._automations, self._workspaces = automations, workspaces
        return moved

    def _put(self, key: str, row: Row | None) -> None:
        """Set the row of `key`, or remove it."""
        if (known := self._rows.pop(key, None)) is not None:
            self._keys_by_id[known.id].discard(key)
            self._leave(key, known)
        if row is not None:
            self._rows[key] = row
            self._keys_by_id.setdefault(row.id, set()).add(key)
            self._enter(key, row)

    def _enter(self, key: str, row: Row) -> None:
        self._counts.add(row, failed=self._has_failed(row))
        if self._sorted is not None and self._order is not None and self._order.query in row.searched_text:
            self._sorted.add(key, self._arranged(row, self._order.sort))

    def _leave(self, key: str, row: Row) -> None:
        self._counts.remove(row, failed=self._has_failed(row))
        if self._sorted is not None and self._order is not None and self._order.query in row.searched_text:
            self._sorted.remove(key, row.orders[self._order.sort])

    def _arranged(self, row: Row, sort: int) -> Arranged:
        return Arranged(row.orders[sort], self._mark(row))

    def keys(self, query: str, sort: str, *, reverse: bool) -> list[str]:
        """Return the keys of the rows whose text contains `query`, sorted by one of `SORTS`, then by key."""
        order = _Order(query, SORTS.index(sort), reverse)
        if self._sorted is None or self._order != order:
            self._order = order
            found = ((key, row) for key, row in self._rows.items() if query in row.searched_text)
            self._sorted = SortedRows(((key, self._arranged(row, order.sort)) for key, row in found), reverse=reverse)
        self._shown = keys = self._sorted.keys()
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
        return self._has_failed(self._rows[key])

    def _has_failed(self, row: Row) -> bool:
        return row.status in BAD or self._earlier_failure(row) is not None

    def earlier_failure(self, key: str) -> datetime | None:
        """Return the start of a failed run that is not seen yet and is not the last run; None if there is none."""
        return self._earlier_failure(self._rows[key])

    def _earlier_failure(self, row: Row) -> datetime | None:
        if row.status in BAD or row.failure is None or (row.id, row.failure) in self._seen:
            return None
        return row.failure

    def mark_seen(self, automation_id: str, started: datetime) -> bool:
        """Record that the operator has seen a failed run; return whether that is new."""
        if (automation_id, started) in self._seen:
            return False
        rows = [(key, self._rows[key]) for key in self._keys_by_id.get(automation_id, ())]
        for key, row in rows:
            self._leave(key, row)
        self._seen.add((automation_id, started))
        for key, row in rows:
            self._enter(key, row)
        return True

    def count_failed(self) -> int:
        """Return the number of automations that have failed, also of those that the filter hides."""
        return self._counts.failed

    def count_running(self) -> int:
        """Return the number of automations that run."""
        return self._counts.statuses["running"]

    def marks(self, keys: Sequence[str]) -> list[tuple[int, Role]]:
        """Return the positions in `keys` of the rows that are urgent, each with the role of its mark."""
        if keys is self._shown and self._sorted is not None:
            return self._sorted.marks()
        roles = ((position, self._mark(self._rows[key])) for position, key in enumerate(keys))
        return [(position, role) for position, role in roles if role is not None]

    def _mark(self, row: Row) -> Role | None:
        """Return the role of the mark of a row; None if it is not urgent."""
        if self._has_failed(row):
            return "bad"
        return STATUS_ROLE[row.status] if row.status not in _AT_REST else None

    def needs(self) -> Mapping[int, int]:
        """Return the cells that the columns of names and of past runs need."""
        return self._counts.needs()

    def totals(self) -> Line:
        """Return the numbers of automations of each status that needs attention."""
        counts = Counter(self._counts.statuses)
        counts["failed"] = self.count_failed() - counts["invalid"] - counts["lost"]
        facts: list[Span] = []
        statuses: tuple[Status, ...] = ("running", "paused", "lost", "failed", "invalid")
        for status in statuses:
            if counts[status]:
                click = "next_failed" if status in BAD else ""
                facts += [Span(" · ", "dim"), Span(f"{counts[status]} {status}", STATUS_ROLE[status], click=click)]
        return tuple(facts)

"""The automations as rows of a table, with their sort keys and filter texts, updated after changes of their files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import compress
from operator import eq, is_not
from typing import Final

from clawtui.model.documents.base import EPOCH
from clawtui.model.fleet import Automation, Workspace
from clawtui.model.run_state import Status, last_run, status_of, urgency
from clawtui.presentation.roles import STATUS_ROLE
from clawtui.tui.widgets.line import Line, Span

SORTS: Final = ("urgency", "name", "due", "last run")
SORTED_COLUMN: Final = {"name": 1, "due": 2, "last run": 4}


@dataclass(frozen=True, slots=True)
class _Row:
    """Sort keys and filter text of one automation."""

    id: str
    status: Status
    orders: tuple[tuple[object, ...], ...]
    """The sort key for each of `SORTS`."""
    searched_text: str
    """The text that a filter searches."""


class AutomationRows:
    """The rows by key. Only rows whose values changed are computed again, because there may be thousands."""

    def __init__(self) -> None:
        self._rows: dict[str, _Row] = {}
        self._keys_by_id: dict[str, set[str]] = {}
        self._automations: Mapping[str, Automation] = {}
        self._workspaces: Mapping[str, Workspace] = {}

    def update(self, automations: Mapping[str, Automation], workspaces: Mapping[str, Workspace]) -> bool:
        """Compute the new and changed rows; return whether the table must be filtered and sorted again.

        `automations` is by key, `workspaces` by automation id.
        """
        changed = dict.fromkeys(_changed(automations, self._automations))
        for automation_id in _changed(workspaces, self._workspaces):
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
            moved = moved or known is None or known.orders != row.orders or known.searched_text != row.searched_text
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

    def has_failed(self, key: str) -> bool:
        """Return whether the last run of the automation failed or is lost, or its configuration cannot be read."""
        return self._rows[key].status in ("failed", "lost", "invalid")

    def totals(self, shown: int) -> Line:
        """Return the numbers of automations, of the `shown` ones, and of each status that is worth a look."""
        total = len(self._rows)
        counts = Counter(row.status for row in self._rows.values())
        facts = [Span(f"{shown} of {total}" if shown != total else str(total))]
        statuses: tuple[Status, ...] = ("running", "paused", "lost", "failed", "invalid")
        for status in statuses:
            if counts[status]:
                facts += [Span(" · ", "dim"), Span(f"{counts[status]} {status}", STATUS_ROLE[status])]
        return tuple(facts)


def _make_row(automation: Automation, workspace: Workspace | None) -> _Row:
    config = automation.config.value
    latest = last_run(config, workspace.run if workspace is not None else None) if config else None
    due = automation.due or EPOCH.replace(year=9999)
    name = automation.name.casefold()
    ended = -(latest.started - EPOCH).total_seconds() if latest else 0.0
    status = status_of(automation, workspace)
    orders = (urgency(automation, workspace), (name,), (due, name), (ended, name))
    text = f"{name} {automation.id} {automation.type} {status}".casefold()
    return _Row(automation.id, status, orders, text)


def _changed(now: Mapping[str, object], last: Mapping[str, object]) -> Iterable[str]:
    """Return the keys whose value is another object than in `last`, or that are in only one of the two mappings.

    A fleet shares unchanged objects with the last one. Where the keys are equal, no Python code runs for each key.
    """
    if len(now) == len(last) and all(map(eq, now, last)):
        return compress(now, map(is_not, now.values(), last.values()))
    return [key for key in (*now, *(last.keys() - now.keys())) if now.get(key) is not last.get(key)]

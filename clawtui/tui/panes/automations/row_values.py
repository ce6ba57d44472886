"""The values of one row of the automations: its sort keys and filter text, and the counts over all rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from itertools import chain
from typing import Final, TypeVar

from msgspec import Struct

from clawtui.model.documents.automation import AutomationConfig
from clawtui.model.documents.base import EPOCH
from clawtui.model.fleet import Automation, Workspace
from clawtui.model.run_state import Status, last_run, status_of, urgency
from clawtui.model.text.cleaning import displayable
from clawtui.model.text.units import natural_key
from clawtui.model.text.width import cell_width

T = TypeVar("T")

SORTS: Final = ("urgency", "name", "due", "last run")
BAD: Final = ("failed", "lost", "invalid")
"""The statuses that count as failed."""
_NEVER: Final = EPOCH.replace(year=9999)
_NAME_COLUMN: Final = 1
_RUNS_COLUMN: Final = 6


class Row(Struct, frozen=True):
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


def make_row(automation: Automation, workspace: Workspace | None) -> Row:
    """Return the row of an automation with the given workspace."""
    config = automation.config.value
    latest = last_run(config, workspace.run if workspace is not None else None) if config else None
    due, name, status = automation.due, automation.name, status_of(automation, workspace)
    ended = -(latest.started - EPOCH).total_seconds() if latest else 0.0
    natural = natural_key(name)
    orders = (urgency(status, due, automation.id), natural, (due or _NEVER, natural), (ended, natural))
    text = f"{name} {automation.id} {automation.type} {status}".casefold()
    failure = None if config is None or status == "disabled" else _unresolved(config)
    history = len(config.run_history) if config is not None else 0
    return Row(automation.id, status, orders, text, cell_width(displayable(name)), history, failure)


def _unresolved(config: AutomationConfig) -> datetime | None:
    """Return the start of the newest failed run that no success followed."""
    newest = (config.last_run,) if config.last_run is not None else ()
    for run in chain(newest, config.run_history):
        if run.status in ("failed", "success"):
            return run.timestamp if run.status == "failed" else None
    return None


class RowCounts:
    """Numbers over all rows, updated at the cost of the rows that change."""

    def __init__(self) -> None:
        self.statuses: Counter[str] = Counter()
        """The number of rows of each status."""
        self.failed = 0
        """The number of rows that have failed."""
        self._name_widths: Counter[int] = Counter()
        self._histories: Counter[int] = Counter()

    def add(self, row: Row, *, failed: bool) -> None:
        """Count a row."""
        self._count(row, failed, 1)

    def remove(self, row: Row, *, failed: bool) -> None:
        """Subtract a row; the arguments are those with which it was added."""
        self._count(row, failed, -1)

    def needs(self) -> Mapping[int, int]:
        """Return the cells that the columns of names and of past runs need."""
        return {_NAME_COLUMN: max(self._name_widths, default=0), _RUNS_COLUMN: max(self._histories, default=0)}

    def _count(self, row: Row, failed: bool, step: int) -> None:
        self.failed += step * failed
        _change(self.statuses, row.status, step)
        _change(self._name_widths, row.name_width, step)
        _change(self._histories, row.history, step)


def _change(counter: Counter[T], value: T, step: int) -> None:
    """Add `step` to the number of `value`; a number that becomes zero is removed."""
    counter[value] += step
    if not counter[value]:
        del counter[value]

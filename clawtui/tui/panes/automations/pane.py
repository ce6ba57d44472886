"""The automations: what each is doing or when it is due, and how its runs ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from clawtui.model.documents.base import EPOCH
from clawtui.model.fleet import Automation, Workspace
from clawtui.model.run_state import Skip, Status, status_of, urgency
from clawtui.model.runs.report import RunReport
from clawtui.presentation.roles import STATUS_ROLE
from clawtui.tui.panes.automations import cells as automation_cells
from clawtui.tui.panes.table_pane import TablePane
from clawtui.tui.widgets.line import Line, Span
from clawtui.tui.widgets.line_table import Column, LineTable


@dataclass(frozen=True, slots=True)
class AutomationsViewModel:
    """What the pane shows."""

    automations: Mapping[str, Automation] = field(default_factory=dict)
    workspaces: Mapping[str, Workspace] = field(default_factory=dict)
    skips: Mapping[str, Skip] = field(default_factory=dict)
    loaded: bool = False
    going: Mapping[str, RunReport] = field(default_factory=dict)
    """What is known of the runs that go on, by the automations' ids."""


_COLUMNS = (
    Column("", 1),
    Column("AUTOMATION", 16, share=1),
    Column("NOW", 22, share=1),
    Column("LAST RUN", 11),
    Column("AGO", 4, align="right", needs=62),
    Column("TOOK", 6, align="right", needs=86),
    Column("RUNS", 12, align="right", needs=94),
)

_SORTS = ("urgency", "name", "due", "last run")
_SORTED_COLUMN = {"name": 1, "due": 2, "last run": 4}


class _Table(LineTable):
    def __init__(self, pane: AutomationsPane) -> None:
        super().__init__(_COLUMNS)
        self._pane = pane

    def make_cells(self, key: str) -> Sequence[Line]:
        return self._pane.cells_of(key)


class AutomationsPane(TablePane):
    """Running first, then what failed or cannot be read, then what is due next."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("plus", "enable(True)", "enable, disable", tooltip="enable the automation", id="automations.enable"),
        Binding(
            "minus", "enable(False)", "enable, disable", tooltip="disable the automation", id="automations.disable"
        ),
        Binding("F", "next_failed", "failed", tooltip="to the next one that failed", id="automations.failed"),
    ]

    number = 1
    title = "Automations"

    class EnableAsked(Message):
        """The operator wants the automation enabled, or disabled."""

        def __init__(self, automation: Automation, enabled: bool) -> None:
            super().__init__()
            self.automation = automation
            self.enabled = enabled

    def __init__(self) -> None:
        super().__init__()
        self.table = _Table(self)
        self._slice = AutomationsViewModel()
        self._ranks: dict[str, _Rank] = {}

    @property
    def sort_names(self) -> tuple[str, ...]:
        """What the table can be sorted by."""
        return _SORTS

    def show(self, shown: AutomationsViewModel, now: datetime) -> None:
        """Shows another state of the automations."""
        last, self._slice, self.now = self._slice, shown, now
        if self._update_ranks(last):
            self.rearrange()
        else:
            self.table.sync()
        if not shown.automations:
            self.table.let_go()
        elif shown.loaded:
            self.table.hold()

    def rearrange(self) -> None:
        """Sorts and filters anew."""
        name = _SORTS[self.sort_by]
        self.table.sorted_column = _SORTED_COLUMN.get(name)
        self.table.reverse = self.reverse
        ranks = self._ranks
        keys = [key for key, rank in ranks.items() if self.wanted in rank.haystack]
        keys.sort(key=lambda key: ranks[key].orders[self.sort_by], reverse=self.reverse)
        self.table.show_keys(keys)
        self._show_totals()

    def cells_of(self, key: str) -> Sequence[Line]:
        """The row of one automation."""
        automation = self._slice.automations[key]
        workspace = self._slice.workspaces.get(automation.id)
        now = self.now or EPOCH
        skip, page = self._slice.skips.get(automation.id), self._slice.going.get(automation.id)
        return automation_cells.cells(automation, workspace, skip, now, page)

    def action_enable(self, enabled: bool) -> None:
        """Asks for the chosen automation to be enabled, or disabled."""
        automation = self._slice.automations.get(self.table.selected or "")
        if automation is None:
            self.notify("There is no automation to choose here.", severity="warning", markup=False)
            return
        self.post_message(self.EnableAsked(automation, enabled))

    def action_next_failed(self) -> None:
        """To the next one below that failed or cannot be read, and round again at the end."""
        keys, row = self.table.keys_in_order, self.table.cursor_row
        for at in (*range(row + 1, len(keys)), *range(row)):
            if self._ranks[keys[at]].status in ("failed", "invalid"):
                self.table.move_to(at)
                return
        if not keys or self._ranks[keys[row]].status not in ("failed", "invalid"):
            self.notify("None has failed.", markup=False)

    def _update_ranks(self, last: AutomationsViewModel) -> bool:
        """Ranks what is new or changed; whether anything is to be sorted anew."""
        shown = self._slice
        if shown.automations is last.automations and shown.workspaces is last.workspaces:
            return False
        moved = False
        for key, automation in shown.automations.items():
            workspace = shown.workspaces.get(automation.id)
            known = self._ranks.get(key)
            if known is not None and known.automation is automation and known.workspace is workspace:
                continue
            rank = _rank(automation, workspace)
            moved = moved or known is None or known.orders != rank.orders or known.haystack != rank.haystack
            self._ranks[key] = rank
        for key in self._ranks.keys() - shown.automations.keys():
            del self._ranks[key]
            moved = True
        return moved

    def _show_totals(self) -> None:
        counts: dict[Status, int] = {}
        for rank in self._ranks.values():
            counts[rank.status] = counts.get(rank.status, 0) + 1
        total, shown = len(self._ranks), len(self.table.keys_in_order)
        facts = [Span(f"{shown} of {total}" if shown != total else str(total))]
        for status in ("running", "failed", "invalid"):
            if counts.get(status):
                facts += [Span(" · ", "dim"), Span(f"{counts[status]} {status}", STATUS_ROLE[status])]
        name = ("by " + _SORTS[self.sort_by]) + (", reversed" if self.reverse else "")
        self.heading.show(tuple(facts), (Span(name, "dim"),))


@dataclass(frozen=True, slots=True)
class _Rank:
    """Where an automation belongs, and what it was made from."""

    automation: Automation
    workspace: Workspace | None
    status: Status
    orders: tuple[tuple[object, ...], ...]
    """The sort key for each of ``_SORTS``."""
    haystack: str
    """What a filter looks into."""


def _rank(automation: Automation, workspace: Workspace | None) -> _Rank:
    config = automation.config.value
    latest = config.latest_run if config else None
    due = (config.due if config else None) or EPOCH.replace(year=9999)
    name = automation.name.casefold()
    ended = -(latest.timestamp - EPOCH).total_seconds() if latest else 0.0
    status = status_of(automation, workspace)
    orders = (urgency(automation, workspace), (name,), (due, name), (ended, name))
    return _Rank(automation, workspace, status, orders, f"{name} {automation.id} {automation.type} {status}".casefold())

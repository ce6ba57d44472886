"""The automation that timeline and log show: that of the row in the table with the lead, or one that is pinned."""

from __future__ import annotations

from clawtui.model.fleet import Automation, Fleet
from clawtui.tui.panes.automations.pane import AutomationsPane
from clawtui.tui.panes.locks.pane import LocksPane
from clawtui.tui.panes.pane import Pane
from clawtui.tui.panes.table_pane import TablePane


class ShownAutomation:
    """Choice of the automation that timeline, log and keys are about.

    Of the panes with automations and with locks, that which was current last has the lead. An automation is pinned
    while the operator reads its timeline or log.
    """

    def __init__(self, automations: AutomationsPane, locks: LocksPane) -> None:
        self._automations = automations
        self._locks = locks
        self._lead: TablePane = automations
        self._pinned: str | None = None

    @property
    def lead(self) -> TablePane:
        """The pane whose row is shown."""
        return self._lead

    def find(self, fleet: Fleet) -> Automation | None:
        """Return the automation in `fleet`; None if there is no row, or if the row's lock has no holder in `fleet`."""
        pinned = fleet.automations.get(self._pinned) if self._pinned is not None else None
        if pinned is not None:
            return pinned
        selected = self._lead.table.selected or ""
        return holder(fleet, selected) if self._lead is self._locks else fleet.automations.get(selected)

    def why_none(self, fleet: Fleet) -> str:
        """Return the reason why `find` returns None."""
        if self._lead is not self._locks:
            return "There is no automation to choose here."
        reading = fleet.locks.get(self._locks.table.selected or "")
        if reading is None:
            return "There is no lock to choose here."
        if reading.value is None:
            return "The lock cannot be read, so that its holder is unknown."
        return f"{reading.value.field_text('automation_id')}, which holds the lock, is not an automation here."

    def lead_with(self, pane: Pane) -> None:
        """Show the automation of the row of `pane`, if it is a pane that can have the lead."""
        if pane is self._automations or pane is self._locks:
            if pane is not self._lead:
                self._pinned = None
            self._lead = self._locks if pane is self._locks else self._automations

    def pin(self, automation: Automation | None) -> None:
        """Keep `automation`, and the cursor of the table on its row."""
        self._pinned = automation.config.path if automation is not None else None
        self._lead.table.cursor.hold()

    def unpin(self) -> None:
        """Follow the row of the table again."""
        self._pinned = None


def holder(fleet: Fleet, lock: str) -> Automation | None:
    """Return the automation that holds the lock at the path `lock`; None if that is unknown or not in `fleet`."""
    reading = fleet.locks.get(lock)
    if reading is None or reading.value is None:
        return None
    return next(iter(fleet.automations_with(reading.value.automation_id)), None)

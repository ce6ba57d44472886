"""What is chosen on the dashboard, for what is done with it."""

from __future__ import annotations

from collections.abc import Sequence

from clawtui.storage.paths import StatePaths
from clawtui.tui.screens import clipboard_items as copyable
from clawtui.tui.screens.clipboard_items import ClipboardItems
from clawtui.tui.screens.dashboard import Dashboard


def copyable_on(dashboard: Dashboard, paths: StatePaths) -> tuple[str, Sequence[ClipboardItems]]:
    """What the chosen thing is called, and what can be copied of it."""
    base = str(paths.automations)
    current, log = dashboard.panes.current, dashboard.log_pane
    if current is dashboard.locks:
        key = dashboard.locks.table.selected or ""
        return key.removeprefix("locks/"), tuple(copyable.of_lock(dashboard.fleet, key, base))
    if current is log and log.chosen is not None and log.shown.path is not None:
        return "the entry", tuple(copyable.of_log_line(log.chosen.decoded(), f"{base}/{log.shown.path}"))
    chosen = dashboard.chosen
    return (chosen.name, tuple(copyable.of_automation(dashboard.fleet, chosen, base))) if chosen else ("", ())


def file_on(dashboard: Dashboard) -> str | None:
    """The file of the chosen thing in the current pane, relative to ``automations/``; None where there is none."""
    current = dashboard.panes.current
    if current is dashboard.locks:
        return dashboard.locks.table.selected
    if current is dashboard.log_pane:
        return dashboard.log_pane.shown.path
    chosen = dashboard.chosen
    if chosen is None:
        return None
    workspace = dashboard.fleet.workspaces.get(chosen.id)
    if current is dashboard.timeline and workspace is not None and workspace.progress is not None:
        return workspace.progress.path
    return chosen.config.path

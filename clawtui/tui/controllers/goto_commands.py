"""The commands of the palette that go to an automation or a lock by its name."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from textual.app import App, SystemCommand

from clawtui.model.text.cleaning import displayable
from clawtui.tui.controllers.finding_acts import show_row
from clawtui.tui.panes.table_pane import TablePane
from clawtui.tui.screens.dashboard import Dashboard
from clawtui.tui.screens.pane_screen import PaneScreen

if TYPE_CHECKING:
    from clawtui.tui.controllers.commands import CommandContext

_MOST: Final = 500
"""The most automations that are offered, because the palette lists them all before a text is typed."""


def keyless_commands(context: CommandContext) -> Iterator[SystemCommand]:
    """Yield the commands of the palette that have no key: those that go to a row, and those of maintenance."""
    from clawtui.tui.controllers.maintenance import Maintenance

    yield from place_commands(context.app, context.dashboard)
    yield from Maintenance(context).palette_commands()


def place_commands(app: App[Any], dashboard: Dashboard) -> Iterator[SystemCommand]:
    """Yield a command for each automation, then for each lock, that puts the cursor of its pane on it."""
    view = dashboard.view
    if view.gateway is not None:
        jobs = [(key, job.name) for key, job in view.gateway.report.state.jobs.items()]
    else:
        jobs = [(key, automation.name) for key, automation in view.fleet.automations.items()]
    for key, name in islice(jobs, _MOST):
        yield SystemCommand(
            f"Go to {displayable(name)}", "its row, 1", partial(_go, app, dashboard, view.automations, key)
        )
    for path, reading in view.fleet.locks.items():
        name = reading.value.repo_key if reading.value is not None else path
        yield SystemCommand(f"Lock {displayable(name)}", "its row, 4", partial(_go, app, dashboard, view.locks, path))


def _go(app: App[Any], dashboard: Dashboard, pane: TablePane, key: str) -> None:
    if isinstance(app.screen, PaneScreen):
        app.screen.dismiss()
    if show_row(pane, key):
        dashboard.panes.go_to(pane)
    else:
        app.notify("It is gone by now.", markup=False)

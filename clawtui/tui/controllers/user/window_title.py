"""The title of the terminal's window: the numbers of automations that need attention and of runs in progress."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from textual.app import App
from textual.timer import Timer

from clawtui.model.fleet import Fleet
from clawtui.model.run_state import StatusCounter
from clawtui.tui.terminal.escapes import POP_TITLE, PUSH_TITLE, window_title
from clawtui.tui.terminal.textual_private import write_to_terminal

if TYPE_CHECKING:
    from clawtui.model.gateway.owner import OwnerJudgement
    from clawtui.tui.screens.gateway_view import Judged

GAP: Final = 1.0
"""Seconds between two looks at all automations, of which there may be thousands."""

_FIRST: Final = 0.05
"""Seconds until the first title."""
_NEED_A_LOOK: Final = frozenset({"failed", "lost", "invalid"})
_WITHOUT_TITLE: Final = frozenset({"", "linux", "dumb", "unknown"})
"""Values of TERM of terminals without a window title; an empty one is a browser."""


class WindowTitle:
    """Observer of the fleet that sets the title, as ``clawtui ✗3 ▸2``."""

    def __init__(self, app: App[None], environment: Mapping[str, str]) -> None:
        self._app = app
        self._has_title = environment.get("TERM", "") not in _WITHOUT_TITLE
        self._fleet = Fleet("")
        self._statuses = StatusCounter()
        self._owners: Mapping[str, OwnerJudgement] = {}
        self._timer: Timer | None = None
        self._shown: str | None = None

    def observe(self, fleet: Fleet) -> None:
        """Set the title within `GAP` seconds, if it changes."""
        self._fleet = fleet
        self._plan()

    def show_gateway(self, judged: Judged) -> None:
        """Set the verdicts on a stock gateway's runs: one whose owner cannot be alive needs attention."""
        self._owners = judged.report.owners
        self._plan()

    def _plan(self) -> None:
        if self._has_title and self._fleet.loaded and self._timer is None:
            self._timer = self._app.set_timer(GAP if self._shown is not None else _FIRST, self._show)

    def restore(self) -> None:
        """Set the title as it was before the dashboard began."""
        if self._shown is not None:
            self._shown, self._has_title = None, False
            write_to_terminal(self._app, POP_TITLE)

    def _title(self) -> str:
        """Return the title: the automations whose last run failed or is lost, or that cannot be read; then those that
        run.

        A number that is zero is left out.
        """
        fleet = self._fleet
        if fleet.gateway is not None:
            from clawtui.model.gateway.report import job_status

            jobs = fleet.gateway.jobs.values()
            counts = Counter[str](job_status(fleet.gateway, job, self._owners) for job in jobs)
        else:
            counts = Counter(self._statuses.count(fleet.automations, fleet.workspaces))
        look, going = sum(counts[status] for status in _NEED_A_LOOK), counts["running"]
        return "clawtui" + (f" ✗{look}" if look else "") + (f" ▸{going}" if going else "")

    def _show(self) -> None:
        self._timer = None
        if not self._has_title:
            return
        title = self._title()
        if title != self._shown:
            save = PUSH_TITLE if self._shown is None else ""
            self._shown = title
            write_to_terminal(self._app, save + window_title(title))

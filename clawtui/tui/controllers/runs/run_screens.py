"""Opening what lies beside the dashboard: an automation's runs and artifacts, and the dispatcher's last hours."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo

from textual.app import App

from clawtui.storage.paths import StatePaths
from clawtui.tui.screens.dashboard import Dashboard


class RunScreens:
    """Opens each by its name; what is shown there follows the fleet of the dashboard."""

    def __init__(
        self,
        app: App[None],
        dashboard: Dashboard,
        paths: StatePaths,
        clock: Callable[[], datetime],
        zone: tzinfo | None,
    ) -> None:
        self._app = app
        self._dashboard = dashboard
        self._paths = paths
        self._clock = clock
        self._zone = zone

    def open(self, name: str) -> None:
        """``runs``, ``artifacts`` or ``activity``."""
        if name == "activity":
            from clawtui.tui.controllers.runs.shown_activity import ShownActivity

            ShownActivity(self._app, self._dashboard, self._paths, self._clock, self._zone).open()
            return
        if self._dashboard.chosen is None:
            self._app.notify("There is no automation to choose here.", severity="warning", markup=False)
        elif name == "runs":
            from clawtui.tui.controllers.runs.shown_runs import ShownRuns

            ShownRuns(self._app, self._dashboard, self._paths, self._clock, self._zone).open()
        else:
            from clawtui.tui.controllers.runs.shown_artifacts import ShownArtifacts

            ShownArtifacts(self._app, self._dashboard, self._paths, self._clock, self._zone).open()

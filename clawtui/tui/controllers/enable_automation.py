"""Enabling and disabling an automation from the dashboard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from textual.app import App

from clawtui.model.fleet import Automation
from clawtui.storage.paths import StatePaths
from clawtui.tui.controllers.background import in_background


class EnableController:
    """Controller that writes the flag `enabled` of a configuration. The screen shows the flag when it is on disk."""

    def __init__(self, app: App[None], paths: StatePaths, clock: Callable[[], datetime], *, read_only: bool) -> None:
        self._app = app
        self._paths = paths
        self._clock = clock
        self._read_only = read_only

    def set_enabled(self, automation: Automation, enabled: bool) -> None:
        """Enable or disable `automation` in the background, unless clawtui is read-only."""
        if self._read_only:
            self._app.notify("Read-only: nothing is changed.", severity="warning", markup=False)
            return
        what = "enabling or disabling an automation"
        in_background(self._app, what, partial(self._set_enabled, automation, enabled))

    def _set_enabled(self, automation: Automation, enabled: bool) -> None:
        """Write the flag; not on the event loop."""
        from clawtui.files.fs.atomic import ANY
        from clawtui.model.errors import ClawtuiError
        from clawtui.operations.state.automations import require_only_file, set_enabled

        try:
            require_only_file(self._paths, automation)
            expected = automation.config.stamp or ANY
            done = set_enabled(self._paths, automation, enabled, self._clock(), expected)
        except ClawtuiError as error:
            self._app.call_later(partial(self._app.notify, str(error), severity="error", markup=False))
        else:
            self._app.call_later(partial(self._app.notify, done, markup=False))

"""Enabling and disabling an automation of one of several roots."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from textual.app import App

from clawtui.storage.paths import StatePaths
from clawtui.tui.controllers.enable_automation import EnableController
from clawtui.tui.panes.roots.pane import RootsPane


class RootEnabling:
    """A controller for each root; a request goes to that of its own root, and messages begin with the root's name."""

    def __init__(self, app: App[None], clock: Callable[[], datetime]) -> None:
        self._app = app
        self._clock = clock
        self._controllers: dict[str, EnableController] = {}

    def ask(self, request: RootsPane.EnableAsked) -> None:
        """Enable or disable an automation, unless its root is read-only or on another host."""
        root = request.root
        if root.path is None:
            text = f"Only in the dashboard of {root.name}: Enter opens it."
            self._app.notify(text, severity="warning", markup=False)
            return
        controller = self._controllers.get(root.name)
        if controller is None:
            paths = StatePaths(Path(root.path))
            controller = EnableController(
                self._app, paths, self._clock, read_only=root.read_only, heading=f"{root.name}: "
            )
            self._controllers[root.name] = controller
        controller.set_enabled(request.automation, request.enabled)

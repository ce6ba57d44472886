"""Enabling and disabling an automation of one of several roots."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import App

from clawtui.model.listed_root import ListedRoot
from clawtui.model.liveness.evidence import QUIET_AFTER
from clawtui.roots.sources import RootSources
from clawtui.storage.paths import StatePaths
from clawtui.tui.controllers.enable_automation import EnableController
from clawtui.tui.controllers.root_acts import local_acts
from clawtui.tui.panes.roots.pane import RootsPane

if TYPE_CHECKING:
    from clawtui.operations.acts.protocol import RootActs


class RootEnabling:
    """One controller for each root, which gets the requests for it; messages begin with the root's name."""

    def __init__(self, app: App[None], clock: Callable[[], datetime], sources: RootSources) -> None:
        self._app = app
        self._clock = clock
        self._sources = sources
        self._controllers: dict[str, EnableController] = {}

    def ask(self, request: RootsPane.EnableAsked) -> None:
        """Enable or disable an automation, unless its root is read-only."""
        root = request.root
        controller = self._controllers.get(root.name)
        if controller is None:
            acts = self._acts_on(root)
            if acts is None:
                text = f"{root.name}: there is no connection yet; nothing is changed."
                self._app.notify(text, severity="warning", markup=False)
                return
            controller = EnableController(self._app, acts, read_only=root.read_only, heading=f"{root.name}: ")
            self._controllers[root.name] = controller
        controller.set_enabled(request.automation, request.enabled)

    def _acts_on(self, root: ListedRoot) -> Callable[[], RootActs] | None:
        """Return what makes the acts on a root; None for one on another host to which no connection was begun."""
        if root.path is not None:
            return local_acts(StatePaths(Path(root.path)), self._clock, QUIET_AFTER)
        from clawtui.remote.sources import acts_over

        source = self._sources.remote(root.name)
        return None if source is None else partial(acts_over, source)

"""The acts from the list of several roots: each is done in the root of the row or of the lock that is shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from functools import partial
from pathlib import Path

from textual.app import App

from clawtui.model.fleet import Fleet
from clawtui.roots.foreign_locks import ForeignLocks
from clawtui.roots.sources import RootSources
from clawtui.storage.paths import StatePaths
from clawtui.tui.controllers.root_acts import local_acts
from clawtui.tui.controllers.roots.root_controllers import RootControllers
from clawtui.tui.panes.locks.pane import LocksPane
from clawtui.tui.panes.roots.pane import RootsPane
from clawtui.tui.screens.roots.root_view import RootView
from clawtui.tui.screens.roots.roots_view import RootsView

Request = RootsPane.EnableAsked | RootsPane.JobAsked | LocksPane.ReleaseAsked | LocksPane.FreeAsked


class ListActs:
    """Controllers of each root that was acted on. A dialog stays that of its root, whatever the list shows then."""

    def __init__(
        self,
        app: App[None],
        view: RootsView,
        sources: RootSources,
        foreign: ForeignLocks,
        clock: Callable[[], datetime],
        zone: tzinfo | None,
        quiet_after: timedelta,
    ) -> None:
        """Act on the roots of `sources`; `foreign` judges locks on the hosts that they name, `clock` is that here."""
        self._app = app
        self._view = view
        self._sources = sources
        self._foreign = foreign
        self._clock = clock
        self._zone = zone
        self._quiet_after = quiet_after
        self._controllers: dict[str, RootControllers] = {}

    def ask(self, request: Request) -> None:
        """Do what is asked for: a row names its root; a lock is in the root that is shown beside the list."""
        match request:
            case RootsPane.EnableAsked():
                if (controllers := self._of(request.root.name)) is not None:
                    controllers.enable(request.automation, request.enabled)
            case RootsPane.JobAsked():
                if (controllers := self._of(request.root.name)) is not None:
                    controllers.act_on_job(request.job_id, request.act)
            case LocksPane.ReleaseAsked():
                if (controllers := self._beside()) is not None:
                    controllers.release(request.path)
            case LocksPane.FreeAsked():
                if (controllers := self._beside()) is not None:
                    controllers.free()

    def undo(self) -> None:
        """Ask whether to restore the lock that was released last in the root that is shown beside the list."""
        if (controllers := self._beside()) is not None:
            controllers.undo()

    def observe(self, name: str, fleet: Fleet) -> None:
        """Look again at what an open question is about, because the root ``name`` has a new fleet."""
        if name in self._controllers:
            self._controllers[name].observe(fleet)

    def stop(self) -> None:
        """End all dialogs and waits, because the list ends; the connections go on."""
        for controllers in self._controllers.values():
            controllers.stop()
        for root in self._sources.roots:
            if (source := self._sources.remote(root.name)) is not None:
                source.exchange.abandon()

    def _beside(self) -> RootControllers | None:
        """Return the controllers of the root that is shown beside the list; say why where there are none."""
        shown = self._view.beside.root
        return None if shown is None else self._of(shown.root.name)

    def _of(self, name: str) -> RootControllers | None:
        """Return the controllers of a root, or say why nothing can be done to it."""
        root = self._view.roots.get(name)
        if root is None:
            return None
        why_not = ""
        if root.trouble is not None:
            why_not = f"{name} cannot be reached: nothing is changed."
        elif name not in self._controllers and (made := self._make(root)) is not None:
            self._controllers[name] = made
        elif name not in self._controllers:
            why_not = f"{name}: there is no connection yet; nothing is changed."
        if why_not:
            self._app.notify(why_not, severity="warning", markup=False)
            return None
        return self._controllers[name]

    def _make(self, root: RootView) -> RootControllers | None:
        """Return the controllers of a root; None for one on another host to which no connection was begun."""
        listed, foreign = root.root, self._foreign.of(root.root.name)

        def clock_there() -> datetime:
            return root.time_there(self._clock()).astimezone(self._zone)

        if listed.path is not None:
            paths = StatePaths(Path(listed.path))
            acts = local_acts(paths, clock_there, self._quiet_after, foreign)
        else:
            from clawtui.remote.sources import acts_over

            source = self._sources.remote(listed.name)
            if source is None:
                return None
            paths, acts = StatePaths(source.place), partial(acts_over, source, foreign.judge)
        return RootControllers(self._app, root, acts, paths, clock_there, self._quiet_after)

"""The controllers of the acts on one of several roots: those of its own dashboard, whose messages name the root."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from textual.app import App

from clawtui.model.fleet import Automation, Fleet
from clawtui.storage.paths import StatePaths
from clawtui.tui.controllers.enable_automation import EnableController
from clawtui.tui.controllers.remote_commands import RemoteCommands
from clawtui.tui.screens.roots.root_view import RootView

if TYPE_CHECKING:
    from clawtui.operations.acts.protocol import RootActs
    from clawtui.tui.controllers.gateway.acts import GatewayActs
    from clawtui.tui.controllers.locks.lock_controllers import LockControllers


class RootControllers:
    """The controllers of one root, which are made at their first use."""

    def __init__(
        self,
        app: App[None],
        root: RootView,
        acts: Callable[[], RootActs],
        paths: StatePaths,
        clock: Callable[[], datetime],
        quiet_after: timedelta,
    ) -> None:
        """Act by `acts`, those on the root, wherever it is; `clock` returns the time there in the operator's zone."""
        self._app = app
        self._root = root
        self._acts = acts
        self._paths = paths
        self._clock = clock
        self._quiet_after = quiet_after
        self._is_read_only = root.root.read_only
        self._heading = f"{root.root.name}: "
        self._enable = EnableController(app, acts, read_only=self._is_read_only, heading=self._heading)
        self._remote = RemoteCommands(app, lambda: root.fleet, lambda: None)
        self._locks: LockControllers | None = None

    def enable(self, automation: Automation, enabled: bool) -> None:
        """Enable or disable an automation."""
        self._enable.set_enabled(automation, enabled)

    def act_on_job(self, job_id: str, act: str) -> None:
        """Ask whether to enable or disable a job of a stock gateway."""
        if self._root.gateway is not None:
            self._gateway_acts().ask_job(self._root.gateway.report, job_id, act)

    def release(self, path: str) -> None:
        """Ask whether to release the lock in the row `path` of the locks pane."""
        gateway = self._root.gateway
        if gateway is None:
            self.locks.release.ask(path)
        elif not self._gateway_acts().ask_row(gateway, path):
            self.locks.release_file.ask(path)

    def free(self) -> None:
        """Ask whether to free a slot."""
        if self._root.gateway is None and not self._remote.refuses_freeing():
            self.locks.free.ask()

    def undo(self) -> None:
        """Ask whether to restore the lock that was released last."""
        self.locks.restore.ask()

    @property
    def locks(self) -> LockControllers:
        """The controllers of the dialogs about locks and slots."""
        if self._locks is None:
            from clawtui.tui.controllers.locks.lock_controllers import make_lock_controllers

            self._locks = make_lock_controllers(
                self._app,
                self._acts(),
                self._paths,
                self._clock,
                self._quiet_after,
                read_only=self._is_read_only,
                heading=self._heading,
            )
            self.observe(self._root.fleet)
        return self._locks

    def observe(self, fleet: Fleet) -> None:
        """Look again at what an open question is about."""
        if self._locks is not None:
            self._locks.release.observe(fleet)
            self._locks.free.observe(fleet)

    def stop(self) -> None:
        """Stop looking and watching, because the list ends."""
        for controller in self._locks or ():
            controller.stop()

    def _gateway_acts(self) -> GatewayActs:
        from clawtui.tui.controllers.gateway.acts import GatewayActs
        from clawtui.tui.controllers.user.clipboard import ClipboardController

        return GatewayActs(
            self._app,
            self._paths.root,
            ClipboardController(self._app).copy,
            read_only=self._is_read_only,
            connection=self._root.fleet.connection,
            heading=self._heading,
        )

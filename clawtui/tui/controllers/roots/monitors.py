"""Judging the locks and runs of several roots in the background, each root for itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

from textual.app import App

from clawtui.model.fleet import Fleet
from clawtui.model.listed_root import ListedRoot
from clawtui.roots.foreign_locks import ForeignLocks
from clawtui.tui.controllers.gateway.monitor import GatewayMonitor
from clawtui.tui.controllers.locks.foreign_locks import ForeignLockMonitor
from clawtui.tui.controllers.locks.verdict_monitor import VerdictMonitor
from clawtui.tui.screens.roots.roots_view import RootsView

_OTHER_WORK: Final = 4
"""Threads for other work than judging roots."""


class RootMonitors:
    """A monitor of verdicts and one of a stock gateway for each root."""

    def __init__(
        self,
        app: App[None],
        view: RootsView,
        clock: Callable[[], datetime],
        foreign: ForeignLocks,
        quiet_after: timedelta,
    ) -> None:
        self._app = app
        self._view = view
        self._clock = clock
        self._foreign = foreign
        self._quiet_after = quiet_after
        self._monitors: dict[str, Sequence[VerdictMonitor | GatewayMonitor]] = {}

    def prepare(self, roots: int) -> None:
        """Allow a thread for each of ``roots`` roots, so that one whose file system hangs delays no other.

        It is called on the event loop.
        """
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(roots + _OTHER_WORK, "judging"))

    def observe(self, root: ListedRoot, fleet: Fleet) -> None:
        """Judge a root again if its new fleet differs in a part that verdicts depend on."""
        for monitor in self._monitors.get(root.name) or self._make(root):
            monitor.observe(fleet)

    def _time_at(self, name: str) -> datetime:
        """Return the time of the host of a root."""
        now, root = self._clock(), self._view.roots.get(name)
        return now if root is None else root.time_there(now)

    def _make(self, root: ListedRoot) -> Sequence[VerdictMonitor | GatewayMonitor]:
        show_verdicts = ForeignLockMonitor(
            self._app, self._foreign, root.name, partial(self._view.show_verdicts, root.name)
        ).take
        made: list[VerdictMonitor | GatewayMonitor]
        made = [VerdictMonitor(self._app, self._clock, self._quiet_after, show_verdicts)]
        show_gateway = partial(self._view.show_gateway, root.name)
        path, clock = Path(root.path or ""), partial(self._time_at, root.name)
        made.append(GatewayMonitor(self._app, path, clock, (show_gateway,), self._quiet_after))
        self._monitors[root.name] = made
        return made

"""The storage of the simulated gateway, and its clock."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec import Struct

from clawtui.storage.locks.manager import RepositoryLockManager
from clawtui.storage.paths import StatePaths
from clawtui.storage.stores.artifacts import ArtifactStore
from clawtui.storage.stores.configurations import AutomationConfigStore
from clawtui.storage.stores.dispatcher import ConcurrencyStore, DispatcherStore
from clawtui.storage.stores.logs import AutomationLogManager
from clawtui.storage.user.audit import Audit
from clawtui.storage.workspaces.manager import WorkspaceManager


class DemoClock(Struct, frozen=True):
    """The clock of the demo. Waits are divided by ``speed``; the time is always that of the wall clock."""

    speed: float = 1.0

    def now(self) -> datetime:
        """Return the current time, for documents and logs."""
        return datetime.now(UTC)

    def span(self, seconds: float) -> timedelta:
        """Return the real duration of ``seconds`` of demo time."""
        return timedelta(seconds=seconds / self.speed)

    async def pause(self, seconds: float) -> None:
        """Wait for ``seconds`` of demo time."""
        await asyncio.sleep(seconds / self.speed)


class GatewayStores:
    """The storage of one state directory."""

    def __init__(self, root: Path) -> None:
        paths = StatePaths(root)
        self.configs = AutomationConfigStore(paths)
        self.dispatcher = DispatcherStore(paths)
        self.slots = ConcurrencyStore(paths)
        self.workspaces = WorkspaceManager(paths)
        self.logs = AutomationLogManager(paths)
        self.locks = RepositoryLockManager(paths)
        self.artifacts = ArtifactStore(paths)
        self.audit = Audit(root / "demo-audit")
        """The audit in the demo's directory, because the user's own audit is about real gateways."""

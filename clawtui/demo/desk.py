"""Everything that the gateway writes with."""

from __future__ import annotations

from pathlib import Path

from clawtui.storage.artifact_store import ArtifactStore
from clawtui.storage.audit import Audit
from clawtui.storage.concurrency_store import ConcurrencyStore
from clawtui.storage.config_store import AutomationConfigStore
from clawtui.storage.dispatcher_store import DispatcherStore
from clawtui.storage.lock_manager import RepositoryLockManager
from clawtui.storage.log_manager import AutomationLogManager
from clawtui.storage.paths import StatePaths
from clawtui.storage.workspace_manager import WorkspaceManager


class Desk:
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
        """Not the user's own, which has what they did to gateways of theirs."""

"""The ids in a state directory, and the id that a part of one means."""

from __future__ import annotations

from contextlib import suppress

from clawtui.model.errors import ClawtuiError
from clawtui.model.paths import DISPATCHER_LOGS, is_plain_component
from clawtui.model.search.names import unique_part
from clawtui.storage.paths import StatePaths
from clawtui.storage.stores.artifacts import ArtifactStore
from clawtui.storage.stores.configuration_files import list_files
from clawtui.storage.stores.configurations import AutomationConfigStore
from clawtui.storage.stores.logs import AutomationLogManager
from clawtui.storage.workspaces.manager import WorkspaceManager


def full_id(paths: StatePaths, name: str) -> str:
    """Return the id of an automation that ``name`` means: itself, or the only id that contains it.

    A name of anything that exists is returned unchanged, also of an automation whose configuration is gone; so is a
    path, and a name that nothing contains. Raises Refused if several automations have ``name`` in their id; Unreadable.
    """
    if not is_plain_component(name):
        return name
    ids = automation_ids(paths)
    if name in ids or AutomationConfigStore(paths).files_of(name) or _has_left_something(paths, name):
        return name
    return unique_part(name, ids, "automations") or name


def automation_ids(paths: StatePaths) -> frozenset[str]:
    """Return the ids of all automations, by the names of their files. Raises Unreadable."""
    return frozenset(stem for _, stem in list_files(paths.automations))


def _has_left_something(paths: StatePaths, name: str) -> bool:
    """Return whether an automation without a configuration has a workspace, artifacts or logs."""
    with suppress(ClawtuiError):
        if WorkspaceManager(paths).exists(name) or name in ArtifactStore(paths).ids():
            return True
        logs = AutomationLogManager(paths)
        return any(name in logs.list_logs(kind) for kind in logs.types() if kind != DISPATCHER_LOGS)
    return False

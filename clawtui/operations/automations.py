"""What an operator can do to an automation."""

from __future__ import annotations

from datetime import datetime

from clawtui.model.fleet import Automation, Workspace
from clawtui.operations.outcome import Failed
from clawtui.storage.atomic import ANY
from clawtui.storage.config_store import AutomationConfigStore
from clawtui.storage.errors import Invalid, NoSuch, StorageError
from clawtui.storage.paths import StatePaths
from clawtui.storage.roots import command_line_for
from clawtui.storage.workspace_manager import WorkspaceManager


def find_automation(paths: StatePaths, automation_id: str) -> Automation:
    """The automation whose file bears the name. Raises NoSuch, Refused."""
    automation = AutomationConfigStore(paths).get(automation_id)
    if automation is None:
        listing = command_line_for(paths.root).hint("automation", "list")
        raise NoSuch(f"there is no automation “{automation_id}”\n{listing} names those that there are.")
    return automation


def workspace_of(paths: StatePaths, automation_id: str) -> Workspace | None:
    """What its run keeps, as far as it can be read; None where it keeps nothing. Raises Refused, Unreadable."""
    workspaces = WorkspaceManager(paths)
    if not workspaces.exists(automation_id):
        return None
    return Workspace(
        automation_id,
        workspaces.info(automation_id),
        workspaces.state(automation_id),
        workspaces.progress(automation_id),
    )


def require_readable(paths: StatePaths, automation_id: str) -> None:
    """Raises Invalid where its configuration is there and cannot be read, so that what was shown is not all."""
    automation = AutomationConfigStore(paths).get(automation_id)
    if automation is not None and automation.config.problem is not None:
        raise Invalid(f"{automation.config.path}: {automation.config.problem.message}")


def set_enabled(paths: StatePaths, automation_id: str, enabled: bool, now: datetime) -> str:
    """Enables or disables an automation and says so. Raises Failed where it could not be done."""
    try:
        AutomationConfigStore(paths).set_enabled(automation_id, enabled, now)
    except StorageError as error:
        raise Failed(error.told) from error
    return f"{automation_id} is {'enabled' if enabled else 'disabled'}"


def delete_automation(paths: StatePaths, automation: Automation) -> str:
    """Deletes the configuration as it was read, and says so. Logs, workspace and artifacts stay.

    Raises Failed where it changed since, is gone, or may not be removed.
    """
    try:
        AutomationConfigStore(paths).delete(automation.id, automation.config.stamp or ANY)
    except StorageError as error:
        raise Failed(error.told) from error
    return f"{automation.id} is deleted; its logs, workspace and artifacts are still there"

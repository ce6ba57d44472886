"""Reading and writing of a gateway's state directory; usable by itself, as a library.

Begin with ``StateDirectory``. ``__all__`` has every class, value and error that a caller needs; each is loaded when it
is first used, so that importing this package takes little time, and changes only ``sys.modules`` in the process. The
packages: ``locks`` (repository locks), ``stores`` (all other documents, logs, backup and migration), ``workspaces``,
and ``user`` (the operator's own files: settings, audit, copies). Storage uses ``files`` and ``model``; ``live``,
``operations`` and the layers above them may import it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clawtui.files.fs.atomic import ABSENT as ABSENT
    from clawtui.files.fs.atomic import ANY as ANY
    from clawtui.files.fs.atomic import Expected as Expected
    from clawtui.files.fs.attributes import NotKept as NotKept
    from clawtui.files.fs.renameat2 import NoWayBack as NoWayBack
    from clawtui.files.json5.document import Malformed as Malformed
    from clawtui.model.documents.artifact import Artifact as Artifact
    from clawtui.model.documents.audit import Actor as Actor
    from clawtui.model.documents.audit import AuditRecord as AuditRecord
    from clawtui.model.documents.automation import AutomationConfig as AutomationConfig
    from clawtui.model.documents.automation import RunResult as RunResult
    from clawtui.model.documents.automation import Schedule as Schedule
    from clawtui.model.documents.base import Problem as Problem
    from clawtui.model.documents.base import Stamp as Stamp
    from clawtui.model.documents.concurrency import ConcurrencyState as ConcurrencyState
    from clawtui.model.documents.concurrency import Slot as Slot
    from clawtui.model.documents.dispatcher import DispatcherConfig as DispatcherConfig
    from clawtui.model.documents.dispatcher import Notifications as Notifications
    from clawtui.model.documents.lock import RepositoryLock as RepositoryLock
    from clawtui.model.documents.log_entry import DispatcherLogEntry as DispatcherLogEntry
    from clawtui.model.documents.log_entry import LogLine as LogLine
    from clawtui.model.documents.log_entry import RunLogEntry as RunLogEntry
    from clawtui.model.documents.workspace import Milestone as Milestone
    from clawtui.model.documents.workspace import ProgressState as ProgressState
    from clawtui.model.documents.workspace import RuntimeState as RuntimeState
    from clawtui.model.documents.workspace import WorkspaceInfo as WorkspaceInfo
    from clawtui.model.errors import Changed as Changed
    from clawtui.model.errors import ClawtuiError as ClawtuiError
    from clawtui.model.errors import Invalid as Invalid
    from clawtui.model.errors import NoSuch as NoSuch
    from clawtui.model.errors import Refused as Refused
    from clawtui.model.errors import Replaced as Replaced
    from clawtui.model.errors import Unreadable as Unreadable
    from clawtui.model.errors import Unwritable as Unwritable
    from clawtui.model.fleet import Automation as Automation
    from clawtui.model.fleet import Reading as Reading
    from clawtui.model.fleet import Workspace as Workspace
    from clawtui.model.paths import LogName as LogName
    from clawtui.storage.locks.expired_lock import TakenBack as TakenBack
    from clawtui.storage.locks.lock_file import Overlap as Overlap
    from clawtui.storage.locks.manager import RepositoryLockManager as RepositoryLockManager
    from clawtui.storage.locks.released_locks import ReleasedLock as ReleasedLock
    from clawtui.storage.paths import StatePaths as StatePaths
    from clawtui.storage.paths import find_state_dir as find_state_dir
    from clawtui.storage.state_directory import StateDirectory as StateDirectory
    from clawtui.storage.stores.artifacts import ArtifactStore as ArtifactStore
    from clawtui.storage.stores.backup import Export as Export
    from clawtui.storage.stores.backup import ImportItem as ImportItem
    from clawtui.storage.stores.configurations import AutomationConfigStore as AutomationConfigStore
    from clawtui.storage.stores.dispatcher import ConcurrencyStore as ConcurrencyStore
    from clawtui.storage.stores.dispatcher import DispatcherStore as DispatcherStore
    from clawtui.storage.stores.dispatcher import SlotUsage as SlotUsage
    from clawtui.storage.stores.logs import AutomationLogManager as AutomationLogManager
    from clawtui.storage.stores.migration import MigrationItem as MigrationItem
    from clawtui.storage.user.audit import Audit as Audit
    from clawtui.storage.user.files import NoOwnPlace as NoOwnPlace
    from clawtui.storage.workspaces.manager import WorkspaceManager as WorkspaceManager

_MODULES = {
    "clawtui.files.fs.atomic": "ABSENT ANY Expected",
    "clawtui.files.fs.attributes": "NotKept",
    "clawtui.files.fs.renameat2": "NoWayBack",
    "clawtui.files.json5.document": "Malformed",
    "clawtui.model.documents.artifact": "Artifact",
    "clawtui.model.documents.audit": "Actor AuditRecord",
    "clawtui.model.documents.automation": "AutomationConfig RunResult Schedule",
    "clawtui.model.documents.base": "Problem Stamp",
    "clawtui.model.documents.concurrency": "ConcurrencyState Slot",
    "clawtui.model.documents.dispatcher": "DispatcherConfig Notifications",
    "clawtui.model.documents.lock": "RepositoryLock",
    "clawtui.model.documents.log_entry": "DispatcherLogEntry LogLine RunLogEntry",
    "clawtui.model.documents.workspace": "Milestone ProgressState RuntimeState WorkspaceInfo",
    "clawtui.model.errors": "Changed ClawtuiError Invalid NoSuch Refused Replaced Unreadable Unwritable",
    "clawtui.model.fleet": "Automation Reading Workspace",
    "clawtui.model.paths": "LogName",
    "clawtui.storage.locks.expired_lock": "TakenBack",
    "clawtui.storage.locks.lock_file": "Overlap",
    "clawtui.storage.locks.manager": "RepositoryLockManager",
    "clawtui.storage.locks.released_locks": "ReleasedLock",
    "clawtui.storage.paths": "StatePaths find_state_dir",
    "clawtui.storage.state_directory": "StateDirectory",
    "clawtui.storage.stores.artifacts": "ArtifactStore",
    "clawtui.storage.stores.backup": "Export ImportItem",
    "clawtui.storage.stores.configurations": "AutomationConfigStore",
    "clawtui.storage.stores.dispatcher": "ConcurrencyStore DispatcherStore SlotUsage",
    "clawtui.storage.stores.logs": "AutomationLogManager",
    "clawtui.storage.stores.migration": "MigrationItem",
    "clawtui.storage.user.audit": "Audit",
    "clawtui.storage.user.files": "NoOwnPlace",
    "clawtui.storage.workspaces.manager": "WorkspaceManager",
}
_HOME = {name: module for module, names in _MODULES.items() for name in names.split()}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> object:
    """Load a public name when it is first used."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*globals(), *__all__]

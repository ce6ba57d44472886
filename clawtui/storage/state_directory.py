"""A gateway's state directory with all its contents: the entry point for programs that use the library."""

from __future__ import annotations

import os
from datetime import datetime
from functools import cached_property

from clawtui.storage.locks.manager import RepositoryLockManager
from clawtui.storage.paths import StatePaths, expanded
from clawtui.storage.stores.artifacts import ArtifactStore
from clawtui.storage.stores.backup import (
    Export,
    ImportItem,
    OnConflict,
    Secrets,
    export_automations,
    import_automations,
    plan_import,
)
from clawtui.storage.stores.configurations import AutomationConfigStore
from clawtui.storage.stores.dispatcher import ConcurrencyStore, DispatcherStore
from clawtui.storage.stores.logs import AutomationLogManager
from clawtui.storage.stores.migration import MigrationItem, migrate, plan
from clawtui.storage.workspaces.manager import WorkspaceManager


class StateDirectory:
    """The state directory of one gateway.

    Every document is read from the disk at each call; nothing is cached. A write replaces its file in one step, keeps
    comments, order and unknown keys, and is refused where another program changed the file since it was read. Times are
    passed in, and have a time zone.

    Args:
        root: The state directory, such as ``~/.clawdbot``, or the ``automations`` directory in it. It need not exist.

    Raises:
        NoSuch: ``root`` begins with ``~`` and there is no such home directory.

    Example:
        >>> from datetime import UTC, datetime
        >>> from clawtui.storage import StateDirectory
        >>> state = StateDirectory(root)
        >>> [automation.id for automation in state.configs.list_automations()]
        ['sync-main']
        >>> changed = state.configs.set_enabled("sync-main", False, datetime.now(UTC))
        >>> changed.config.value.enabled
        False
    """

    def __init__(self, root: str | os.PathLike[str]) -> None:
        self.paths = StatePaths(expanded(os.fspath(root)))

    def __repr__(self) -> str:
        return f"StateDirectory({str(self.paths.root)!r})"

    @cached_property
    def configs(self) -> AutomationConfigStore:
        """The automations' configurations, ``config/<type>/<id>.json``."""
        return AutomationConfigStore(self.paths)

    @cached_property
    def dispatcher(self) -> DispatcherStore:
        """The dispatcher's configuration, ``config/dispatcher.json``."""
        return DispatcherStore(self.paths)

    @cached_property
    def slots(self) -> ConcurrencyStore:
        """Which runs hold a slot, ``config/concurrency-state.json``."""
        return ConcurrencyStore(self.paths)

    @cached_property
    def workspaces(self) -> WorkspaceManager:
        """The workspaces of runs, ``workspaces/<id>/``."""
        return WorkspaceManager(self.paths)

    @cached_property
    def logs(self) -> AutomationLogManager:
        """The logs of the dispatcher and of runs, ``logs/<type>/*.jsonl``."""
        return AutomationLogManager(self.paths)

    @cached_property
    def locks(self) -> RepositoryLockManager:
        """The repository locks, ``locks/*.lock``."""
        return RepositoryLockManager(self.paths)

    @cached_property
    def artifacts(self) -> ArtifactStore:
        """The files that runs make for people, ``artifacts/<id>/``."""
        return ArtifactStore(self.paths)

    def export(self, now: datetime, *, secrets: Secrets | None = None) -> Export:
        """Return all automations that can be read as one JSON document.

        Args:
            now: The time of the export, which is in it.
            secrets: ``"mask"`` leaves secrets out, ``"include"`` writes them; None refuses where there are any.

        Returns:
            The document, the ids that are in it, and the problems with automations that could not be read.

        Raises:
            Refused: There are secrets in the automations and ``secrets`` is None.
            Unreadable: ``config/`` cannot be listed.

        Example:
            >>> exported = state.export(datetime.now(UTC), secrets="mask")
            >>> exported.ids
            ('sync-main',)
        """
        return export_automations(self.paths, now, secrets=secrets)

    def import_(
        self, data: bytes, now: datetime, *, on_conflict: OnConflict = "fail", dry_run: bool = False
    ) -> tuple[ImportItem, ...]:
        """Save the automations of an export. All of it is validated before anything is written (errata 20).

        Args:
            data: The document, as ``export`` made it.
            now: The new value of ``modified`` of each automation.
            on_conflict: What to do with an automation whose id exists: ``"fail"``, ``"skip"`` or ``"overwrite"``.
            dry_run: Return what would be done, and write nothing.

        Returns:
            The outcome for each automation, in the order of the document.

        Raises:
            Invalid: The document is not an export of version 1, an entry does not fit the schema, or it has a masked
                secret whose value is not in the state directory.
            Refused: A name is not allowed, or with ``"fail"`` an id exists.

        Example:
            >>> [item.outcome for item in state.import_(exported.data, datetime.now(UTC), on_conflict="skip")]
            ['skip']
        """
        if dry_run:
            return plan_import(self.paths, data, on_conflict)
        return import_automations(self.paths, data, on_conflict, now)

    def migrate(self, now: datetime, *, dry_run: bool = False) -> tuple[MigrationItem, ...]:
        """Rewrite documents of an old version, and keep a copy of each in the user's own state directory.

        Args:
            now: The time of the migration, which is in the names of the copies.
            dry_run: Return what would be done, and write nothing.

        Returns:
            One item for each document; ``action`` says what was done, or why nothing was.

        Raises:
            Unreadable: ``config/`` cannot be listed.

        Example:
            >>> [(item.path, item.action) for item in state.migrate(datetime.now(UTC))]
            [('config/dispatcher.json', 'current'), ('config/smart-sync-fork/sync-main.json', 'current')]
        """
        return plan(self.paths) if dry_run else migrate(self.paths, now)

"""The documents of the next fleet, each read again when it may have changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from msgspec.structs import replace

from clawtui.files.fs.reading import MAX_DOCUMENT
from clawtui.files.host_zone import gateway_zone
from clawtui.files.json5.document import read_document
from clawtui.live.fleet_builder import FleetBuilder
from clawtui.live.reading.queue import Retries
from clawtui.live.route import Kind, Resource, parent
from clawtui.live.stat_cache import StatCache
from clawtui.model.documents.automation import AutomationConfig
from clawtui.model.documents.base import Document
from clawtui.model.documents.concurrency import ConcurrencyState
from clawtui.model.documents.dispatcher import DispatcherConfig
from clawtui.model.fleet import Automation, Reading, Workspace

if TYPE_CHECKING:
    from clawtui.model.documents.lock import RepositoryLock

D = TypeVar("D", bound=Document)


class Documents:
    """The readings of documents in the next fleet, kept equal to the files."""

    def __init__(
        self, base: Path, builder: FleetBuilder, stats: StatCache, retries: Retries, clock: Callable[[], float]
    ) -> None:
        self._base = base
        self._builder = builder
        self._stats = stats
        self._retries = retries
        self._clock = clock
        self._zone = gateway_zone(base)
        """The zone of the gateway's host; None once it is known to be another host, or a container."""

    def reread(self, resource: Resource) -> None:
        """Read the document again. Only this one file is opened.

        A document in a directory that is not known counts as missing.
        """
        match resource.kind:
            case Kind.DISPATCHER:
                self._builder.dispatcher = self._read(resource, self._builder.dispatcher, DispatcherConfig)
            case Kind.CONCURRENCY:
                self._builder.concurrency = self._read(resource, self._builder.concurrency, ConcurrencyState)
            case Kind.LOCK:
                self._reread_lock(resource)
            case Kind.AUTOMATION:
                self._reread_automation(resource)
            case _:
                self._reread_in_workspace(resource)

    def _reread_lock(self, resource: Resource) -> None:
        from clawtui.model.documents.lock import RepositoryLock
        from clawtui.storage.locks.lock_file import MAX_LOCK

        locks = self._builder.locks
        lock = self._read(resource, locks.get(resource.path), RepositoryLock, MAX_LOCK)
        locks.put(resource.path, lock)
        self._note_host(lock)

    def _reread_automation(self, resource: Resource) -> None:
        automations = self._builder.automations
        old = automations.get(resource.path)
        config = self._read(resource, old.config if old else None, AutomationConfig)
        if config is None or (config.value is None and self._is_directory(resource.path)):
            automations.put(resource.path, None)  # a directory is a problem, and no automation
        elif old is None or config is not old.config:
            automations.put(resource.path, Automation(resource.group, resource.name, config, self._zone))

    def _is_directory(self, path: str) -> bool:
        place = self._base / path
        return place.is_dir() and not place.is_symlink()

    def _note_host(self, lock: Reading[RepositoryLock] | None) -> None:
        """Set the zone to None if the gateway that holds the lock is on another host."""
        import socket  # not at the top: only a root with locks needs it

        host = lock.value.hostname if lock is not None and lock.value is not None else None
        if self._zone is None or not host or _short(host) == _short(socket.gethostname()):
            return
        self._zone = None
        automations = self._builder.automations
        for path, automation in tuple(automations.build().items()):
            automations.put(path, replace(automation, zone=None))

    def _reread_in_workspace(self, resource: Resource) -> None:
        # Imported only where there are workspaces: the twelve classes take 5 to 10 % of the time of `status`.
        from clawtui.model.documents.workspace import ProgressState, RuntimeState, WorkspaceInfo

        workspaces = self._builder.workspaces
        known = workspaces.get(resource.group)
        old = known or Workspace(resource.group)
        info, state, progress = old.info, old.state, old.progress
        match resource.kind:
            case Kind.STATE:
                state = self._read(resource, state, RuntimeState)
            case Kind.PROGRESS:
                progress = self._read(resource, progress, ProgressState)
            case Kind.INFO:
                info = self._read(resource, info, WorkspaceInfo)
        if known and not (info is old.info and state is old.state and progress is old.progress):
            workspaces.put(resource.group, Workspace(resource.group, info, state, progress))

    def _read(
        self, resource: Resource, old: Reading[D] | None, kind: type[D], limit: int = MAX_DOCUMENT
    ) -> Reading[D] | None:
        """Return the reading to show: `old` if nothing changed or the file may be half written."""
        stat = self._stats.stat(resource.path)
        known = self._stats.is_directory(parent(resource.path))
        new = read_document(self._base, resource.path, kind, limit) if known else None
        if new is None:
            self._stats.remove(resource.path)
        else:
            self._stats.store(resource.path, stat)
        if new is None or new.problem is None:
            self._retries.clear(resource)
        elif self._may_be_half_written(old) and self._retries.should_wait(resource, self._clock()):
            return old
        trouble = new.trouble if new is not None else None
        self._builder.set_problem(resource.path, trouble and trouble.message, trouble is not None and trouble.partial)
        return old if _is_same(old, new) else new

    def _may_be_half_written(self, old: Reading[D] | None) -> bool:
        """Return whether there was a value before. A file that is malformed at the start is a problem at once."""
        return self._builder.loaded if old is None else old.problem is None


def _is_same(old: Reading[D] | None, new: Reading[D] | None) -> bool:
    if old is None or new is None:
        return old is new
    return old.stamp == new.stamp and old == new


def _short(host: str) -> str:
    """Return the host name without its domain, because locks may have either form."""
    return host.partition(".")[0].lower()

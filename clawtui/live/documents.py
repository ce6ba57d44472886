"""Reading one document again, and putting it where it belongs in the next fleet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from clawtui.live.fleet_builder import FleetBuilder
from clawtui.live.retry import Retries
from clawtui.live.route import Kind, Resource, parent
from clawtui.live.stat_cache import StatCache
from clawtui.model.automation import AutomationConfig
from clawtui.model.base import Document
from clawtui.model.concurrency import ConcurrencyState
from clawtui.model.dispatcher import DispatcherConfig
from clawtui.model.fleet import Automation, Reading, Workspace
from clawtui.model.lock import RepositoryLock
from clawtui.model.progress import ProgressState
from clawtui.model.workspace import RuntimeState, WorkspaceInfo
from clawtui.storage.document import read_document
from clawtui.storage.files import MAX_DOCUMENT
from clawtui.storage.lock_file import MAX_LOCK

D = TypeVar("D", bound=Document)


class Documents:
    """Keeps the draft's readings what the files are."""

    def __init__(
        self, base: Path, draft: FleetBuilder, inventory: StatCache, patience: Retries, clock: Callable[[], float]
    ) -> None:
        self._base = base
        self._draft = draft
        self._inventory = inventory
        self._patience = patience
        self._clock = clock

    def reread(self, thing: Resource) -> None:
        """Reads the document again: at the cost of one opened file, whatever the fleet's size.

        In a directory that is not known (any more) there is nothing.
        """
        match thing.kind:
            case Kind.DISPATCHER:
                self._draft.dispatcher = self._read(thing, self._draft.dispatcher, DispatcherConfig)
            case Kind.CONCURRENCY:
                self._draft.concurrency = self._read(thing, self._draft.concurrency, ConcurrencyState)
            case Kind.LOCK:
                locks = self._draft.locks
                locks.put(thing.path, self._read(thing, locks.get(thing.path), RepositoryLock))
            case Kind.AUTOMATION:
                self._reread_automation(thing)
            case _:
                self._reread_in_workspace(thing)

    def _reread_automation(self, thing: Resource) -> None:
        automations = self._draft.automations
        old = automations.get(thing.path)
        config = self._read(thing, old.config if old else None, AutomationConfig)
        if config is None:
            automations.put(thing.path, None)
        elif old is None or config is not old.config:
            automations.put(thing.path, Automation(thing.group, thing.name, config))

    def _reread_in_workspace(self, thing: Resource) -> None:
        workspaces = self._draft.workspaces
        known = workspaces.get(thing.group)
        old = known or Workspace(thing.group)
        info, state, progress = old.info, old.state, old.progress
        match thing.kind:
            case Kind.STATE:
                state = self._read(thing, state, RuntimeState)
            case Kind.PROGRESS:
                progress = self._read(thing, progress, ProgressState)
            case Kind.INFO:
                info = self._read(thing, info, WorkspaceInfo)
        if known and not (info is old.info and state is old.state and progress is old.progress):
            workspaces.put(thing.group, Workspace(thing.group, info, state, progress))

    def _read(self, thing: Resource, old: Reading[D] | None, kind: type[D]) -> Reading[D] | None:
        """The reading that is to be shown: ``old`` itself where nothing changed, or while a writer may be at work."""
        mark = self._inventory.look(thing.path)
        known = self._inventory.has_folder(parent(thing.path))
        limit = MAX_LOCK if thing.kind is Kind.LOCK else MAX_DOCUMENT
        new = read_document(self._base, thing.path, kind, limit) if known else None
        if new is None:
            self._inventory.forget(thing.path)
        else:
            self._inventory.note(thing.path, mark)
        if new is None or new.problem is None:
            self._patience.settle(thing)
        elif self._may_be_half_written(old) and self._patience.holds(thing, self._clock()):
            return old
        self._draft.put_problem(thing.path, new.problem.message if new and new.problem else None)
        return old if _is_same(old, new) else new

    def _may_be_half_written(self, old: Reading[D] | None) -> bool:
        """A problem where there was a value before; a file that was malformed when we came stays so."""
        return self._draft.loaded if old is None else old.problem is None


def _is_same(old: Reading[D] | None, new: Reading[D] | None) -> bool:
    if old is None or new is None:
        return old is new
    return old.stamp == new.stamp and old == new

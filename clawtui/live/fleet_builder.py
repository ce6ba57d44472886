"""The next fleet while it is being made: what did not change is shared with the last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Generic, TypeVar

from clawtui.model.base import Problem
from clawtui.model.concurrency import ConcurrencyState
from clawtui.model.dispatcher import DispatcherConfig
from clawtui.model.fleet import Automation, Fleet, LogTail, Reading, WatchMode, Workspace
from clawtui.model.lock import RepositoryLock
from clawtui.model.names import LogName, parse_log_name

LogsOfType = Mapping[str | None, tuple[LogName, ...]]
"""By automation id, None holding the logs of whole days; oldest first."""

K = TypeVar("K")
V = TypeVar("V")


class SharedMap(Generic[K, V]):
    """One mapping of the fleet, copied before its first change since the last fleet was taken."""

    def __init__(self, items: Mapping[K, V]) -> None:
        self._items = items
        self._own: dict[K, V] | None = None
        self.changes = 0
        """How often something here became something else."""

    def get(self, key: K) -> V | None:
        """What is under ``key`` now."""
        return self._items.get(key)

    def put(self, key: K, value: V | None) -> None:
        """Puts ``value`` under ``key``; None takes away what is there."""
        if self._items.get(key) is value:
            return
        if self._own is None:
            self._items = self._own = dict(self._items)
        if value is None:
            del self._own[key]
        else:
            self._own[key] = value
        self.changes += 1

    def take(self) -> Mapping[K, V]:
        """All of it, never to be changed from now on; the same object as before where nothing changed."""
        self._own = None
        return self._items


class FleetBuilder:
    """Everything that the next fleet will say."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet
        self.watch: WatchMode = fleet.watch
        self.loaded = fleet.loaded
        self.dispatcher: Reading[DispatcherConfig] | None = fleet.dispatcher
        self.concurrency: Reading[ConcurrencyState] | None = fleet.concurrency
        self.automations: SharedMap[str, Automation] = SharedMap(fleet.automations)
        self.workspaces: SharedMap[str, Workspace] = SharedMap(fleet.workspaces)
        self.locks: SharedMap[str, Reading[RepositoryLock]] = SharedMap(fleet.locks)
        self.logs: SharedMap[str, LogsOfType] = SharedMap(fleet.logs)
        self.tails: SharedMap[str, LogTail] = SharedMap(fleet.tails)
        self.problems: SharedMap[str, Problem] = SharedMap(fleet.problems)

    def put_problem(self, path: str, message: str | None) -> None:
        """Says why what is at ``path`` cannot be read; None where it can."""
        problem = None if message is None else Problem(path, message)
        if self.problems.get(path) != problem:
            self.problems.put(path, problem)

    def signature(self) -> tuple[object, ...]:
        """Differs between two instants where anything that is read from the disk changed between them."""
        shelves = (self.automations, self.workspaces, self.locks, self.logs, self.tails, self.problems)
        return (self.dispatcher, self.concurrency, *(shelf.changes for shelf in shelves))

    def take(self) -> Fleet:
        """The fleet as it stands, or the last one itself where nothing changed since."""
        last = self._fleet
        fleet = Fleet(
            root=last.root,
            watch=self.watch,
            loaded=self.loaded,
            dispatcher=self.dispatcher,
            concurrency=self.concurrency,
            automations=self.automations.take(),
            workspaces=self.workspaces.take(),
            locks=self.locks.take(),
            logs=self.logs.take(),
            tails=self.tails.take(),
            problems=self.problems.take(),
        )
        if any(getattr(fleet, field.name) is not getattr(last, field.name) for field in fields(Fleet)):
            self._fleet = fleet
        return self._fleet


def with_changes(logs: LogsOfType, added: Iterable[str] = (), gone: Iterable[str] = ()) -> LogsOfType:
    """``logs`` with some files more and some fewer; the same object where that changes nothing.

    Names that follow none of the three forms (errata 6) are passed over. Only the automations concerned are copied.
    """
    present: dict[str | None, set[LogName]] = {}
    for files, keep in ((added, True), (gone, False)):
        for name in filter(None, map(parse_log_name, files)):
            of_automation = present.setdefault(name.automation_id, set(logs.get(name.automation_id, ())))
            (of_automation.add if keep else of_automation.discard)(name)
    changed = {id: names for id, names in present.items() if names != set(logs.get(id, ()))}
    if not changed:
        return logs
    result = dict(logs)
    for id, names in changed.items():
        if names:
            result[id] = tuple(sorted(names, key=lambda name: (name.started, name.file)))
        else:
            del result[id]
    return result


def files_of(logs: LogsOfType) -> frozenset[str]:
    """The file names of all ``logs``."""
    return frozenset(name.file for names in logs.values() for name in names)

"""The next fleet while it is being made: what did not change is shared with the last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Generic, TypeVar

from clawtui.model.base import Problem
from clawtui.model.concurrency import ConcurrencyState
from clawtui.model.dispatcher import DispatcherConfig
from clawtui.model.fleet import Automation, Fleet, LogTail, Reading, WatchMode, Workspace
from clawtui.model.lock import RepositoryLock
from clawtui.model.names import LogName

K = TypeVar("K")
V = TypeVar("V")


class Shelf(Generic[K, V]):
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


class Draft:
    """Everything that the next fleet will say."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet
        self.watch: WatchMode = fleet.watch
        self.loaded = fleet.loaded
        self.dispatcher: Reading[DispatcherConfig] | None = fleet.dispatcher
        self.concurrency: Reading[ConcurrencyState] | None = fleet.concurrency
        self.automations: Shelf[str, Automation] = Shelf(fleet.automations)
        self.workspaces: Shelf[str, Workspace] = Shelf(fleet.workspaces)
        self.locks: Shelf[str, Reading[RepositoryLock]] = Shelf(fleet.locks)
        self.logs: Shelf[str, Mapping[str | None, tuple[LogName, ...]]] = Shelf(fleet.logs)
        self.tails: Shelf[str, LogTail] = Shelf(fleet.tails)
        self.problems: Shelf[str, Problem] = Shelf(fleet.problems)

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

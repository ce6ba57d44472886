"""The builder of the next fleet, which shares unchanged parts with the last one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from clawtui.model.documents.base import Problem
from clawtui.model.documents.concurrency import ConcurrencyState
from clawtui.model.documents.dispatcher import DispatcherConfig
from clawtui.model.fleet import Automation, Fleet, LogTail, Reading, WatchMode, Workspace
from clawtui.model.paths import LogName, parse_log_name
from clawtui.model.versioned_map import VersionedMapBuilder

if TYPE_CHECKING:
    from clawtui.model.documents.lock import RepositoryLock

LogsOfType = Mapping[str | None, tuple[LogName, ...]]
"""Logs of one type by automation id, oldest first; the logs of whole days are under None."""


class FleetBuilder:
    """The contents of the next fleet."""

    def __init__(self, fleet: Fleet) -> None:
        """Begin with the contents of `fleet`."""
        self._fleet = fleet
        self.watch: WatchMode = fleet.watch
        self.loaded = fleet.loaded
        self.dispatcher: Reading[DispatcherConfig] | None = fleet.dispatcher
        self.concurrency: Reading[ConcurrencyState] | None = fleet.concurrency
        self.automations: VersionedMapBuilder[str, Automation] = VersionedMapBuilder(fleet.automations)
        self.workspaces: VersionedMapBuilder[str, Workspace] = VersionedMapBuilder(fleet.workspaces)
        self.locks: VersionedMapBuilder[str, Reading[RepositoryLock]] = VersionedMapBuilder(fleet.locks)
        self.logs: VersionedMapBuilder[str, LogsOfType] = VersionedMapBuilder(fleet.logs)
        self.tails: VersionedMapBuilder[str, LogTail] = VersionedMapBuilder(fleet.tails)
        self.problems: VersionedMapBuilder[str, Problem] = VersionedMapBuilder(fleet.problems)

    def set_problem(self, path: str, message: str | None, partial: bool = False) -> None:
        """Set the reason why `path`, or with `partial` some of its fields, cannot be read; None removes it."""
        problem = None if message is None else Problem(path, message, partial)
        if self.problems.get(path) != problem:
            self.problems.put(path, problem)

    def version(self) -> tuple[object, ...]:
        """Return a value that differs after any change of the contents that are read from the disk."""
        maps = (self.automations, self.workspaces, self.locks, self.logs, self.tails, self.problems)
        return (self.dispatcher, self.concurrency, *(map_.changes for map_ in maps))

    def build(self) -> Fleet:
        """Return the current fleet, or the last one itself where nothing changed since."""
        last = self._fleet
        fleet = Fleet(
            root=last.root,
            watch=self.watch,
            loaded=self.loaded,
            dispatcher=self.dispatcher,
            concurrency=self.concurrency,
            automations=self.automations.build(),
            workspaces=self.workspaces.build(),
            locks=self.locks.build(),
            logs=self.logs.build(),
            tails=self.tails.build(),
            problems=self.problems.build(),
        )
        if any(getattr(fleet, name) is not getattr(last, name) for name in Fleet.__struct_fields__):
            self._fleet = fleet
        return self._fleet


def with_changes(logs: LogsOfType, added: Iterable[str] = (), gone: Iterable[str] = ()) -> LogsOfType:
    """Return `logs` with some files added and others removed; the same object where nothing changes.

    Names that have none of the three forms (errata 6) are ignored. Only the changed entries of the mapping are copied.
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
    """Return the file names of all `logs`."""
    return frozenset(name.file for names in logs.values() for name in names)

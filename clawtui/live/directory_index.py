"""The directories that are listed and watched.

They are `automations/` itself, its sections except artifacts, one directory for each type and each workspace, and those
below `locks/`. Nothing below a workspace is listed, so a clone is never listed. A symbolic link is followed if
`clawtui.files.fs.links` allows it; otherwise it is a problem.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from clawtui.files.fs.directories import stands_for_directory
from clawtui.files.fs.links import list_followed, reason_not_followed
from clawtui.files.fs.reading import Entry
from clawtui.live.fleet_builder import FleetBuilder, files_of, with_changes
from clawtui.live.reading.queue import ReadQueue
from clawtui.live.route import ROOT, Kind, Resource, join, route
from clawtui.live.stat_cache import FileStat, StatCache
from clawtui.model.errors import ClawtuiError
from clawtui.model.fleet import Workspace

_A_FILE = "is a file where a directory should be"
_NAMED = frozenset({Kind.TYPE_FOLDER, Kind.WORKSPACE, Kind.LOG_FOLDER})
"""Kinds of directories that the path alone determines; in `locks/` it determines only lock files."""
_NOT_UTF_8 = "has a name that is not UTF-8"


class DirectoryIndex:
    """The index of the known directories, whose contents it keeps equal to the disk.

    A directory that is new, or may have been replaced, is *unwatched*. It is listed after the caller has started to
    watch it, so that no change in it is missed.
    """

    def __init__(
        self,
        base: Path,
        builder: FleetBuilder,
        stats: StatCache,
        queue: ReadQueue,
        reread: Callable[[Resource], None],
    ) -> None:
        self._base = base
        self._builder = builder
        self._stats = stats
        self._queue = queue
        self._reread = reread
        self._reported: set[Resource] = set()
        self._newly_watched: set[Resource] = set()
        self._misnamed: dict[str, frozenset[str]] = {}
        self.unwatched: set[Resource] = {ROOT}

    def note_event(self, directory: Resource) -> None:
        """Queue a directory with an event on itself: its watch may have ended, even if its stat is the same."""
        self._reported.add(directory)
        self._queue.add(directory)

    def invalidate_all(self) -> None:
        """Mark all directories as unwatched, so that they are watched and listed again."""
        self.unwatched.update(resource for path in self._stats.directories() if (resource := route(path)))
        self.unwatched.add(ROOT)

    def paths(self) -> tuple[str, ...]:
        """Return the paths of all directories to watch: those that are listed, and those that will be."""
        coming = self.unwatched | self._newly_watched
        return tuple({*self._stats.directories(), *(directory.path for directory in coming)})

    def mark_watched(self) -> None:
        """Queue the unwatched directories for listing; they are watched now or cannot be."""
        self._newly_watched |= self.unwatched
        self._queue.update(self.unwatched)
        self.unwatched.clear()

    def refresh(self, directory: Resource) -> None:
        """List the directory; mark it as unwatched if it was replaced, and remove it if it is gone."""
        stat, before = self._stats.stat(directory.path), self._stats.last(directory.path)
        reported, fresh = directory in self._reported, directory in self._newly_watched
        self._reported.discard(directory)
        self._newly_watched.discard(directory)
        if stat is None or not stat.is_directory:
            self._leave(directory)
            self._set_problem_of_other(directory, stat)
        elif reported or not (fresh or (before and before.is_same_directory(stat))):
            self.unwatched.add(directory)
        else:
            self._list(directory, stat, thoroughly=fresh)

    def _set_problem_of_other(self, directory: Resource, stat: FileStat | None) -> None:
        if stat is None:
            return
        self._stats.store(directory.path, stat)
        if stat.is_link:
            self._builder.set_problem(directory.path, reason_not_followed(self._base, directory.path))
        elif directory.kind is Kind.SECTION or (
            directory.kind in _NAMED and stands_for_directory(directory.group, stat.is_regular)
        ):
            self._builder.set_problem(directory.path, _A_FILE)

    def _leave(self, directory: Resource) -> None:
        """Remove the directory, which no longer exists, and everything in it from the index."""
        self.unwatched.discard(directory)
        self._stats.remove(directory.path)
        self._builder.set_problem(directory.path, None)
        if directory.kind is Kind.LOG_FOLDER:
            self._builder.logs.put(directory.group, None)
        elif directory.kind is Kind.WORKSPACE:
            self._builder.workspaces.put(directory.group, None)
        self._report_misnamed(directory, ())
        for resource in self._resources(directory, self._stats.names(directory.path)):
            if resource.is_directory:
                self._leave(resource)
            else:
                self._stats.remove(resource.path)
                self._reread(resource)

    def _list(self, directory: Resource, stat: FileStat, thoroughly: bool) -> None:
        """Queue new and removed entries; with `thoroughly`, also entries that may have changed."""
        known = self._stats.names(directory.path)
        self._stats.store(directory.path, stat)
        try:
            entries = self._report_misnamed(directory, list_followed(self._base, directory.path))
        except FileNotFoundError:
            self._leave(directory)
            return
        except ClawtuiError as error:
            self._builder.set_problem(directory.path, error.reason)
            self._queue.update(self._resources(directory, known))
            return
        self._builder.set_problem(directory.path, None)
        if directory.kind is Kind.WORKSPACE and self._builder.workspaces.get(directory.group) is None:
            self._builder.workspaces.put(directory.group, Workspace(directory.group))
        if directory.kind is Kind.LOG_FOLDER:
            self._list_logs(directory, frozenset(entries))
            return
        self._queue.update(self._resources(directory, (known - entries) | (entries - known)))
        if thoroughly:
            self._queue.update(
                resource for resource in self._resources(directory, known & entries) if self._may_differ(resource)
            )

    def _list_logs(self, directory: Resource, files: frozenset[str]) -> None:
        logs = self._builder.logs.get(directory.group) or {}
        known = files_of(logs)
        self._builder.logs.put(directory.group, with_changes(logs, files - known, known - files))
        self._queue.update(self._resources(directory, self._stats.names(directory.path)))

    def _may_differ(self, resource: Resource) -> bool:
        return self._stats.stat(resource.path) != self._stats.last(resource.path)

    def _resources(self, directory: Resource, names: Iterable[str]) -> list[Resource]:
        return [resource for name in names if (resource := route(join(directory.path, name)))]

    def _report_misnamed(self, directory: Resource, entries: Iterable[Entry]) -> frozenset[str]:
        """Return the names that are UTF-8; report each other name as a problem if `route` knows its path."""
        names = set()
        misnamed = set()
        for entry in entries:
            if _is_utf_8(entry.name):
                names.add(entry.name)
            elif route(join(directory.path, entry.name)):
                misnamed.add(join(directory.path, _shown(entry.name)))
        for path in self._misnamed.pop(directory.path, frozenset()) - misnamed:
            self._builder.set_problem(path, None)
        for path in misnamed:
            self._builder.set_problem(path, _NOT_UTF_8)
        if misnamed:
            self._misnamed[directory.path] = frozenset(misnamed)
        return frozenset(names)


def _is_utf_8(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _shown(name: str) -> str:
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")

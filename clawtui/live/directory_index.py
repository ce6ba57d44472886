"""The directories that matter: which there are, and what is in them.

``automations/`` itself, its sections but for artifacts, a directory for each type and each workspace, and those below
``locks/``. Never a clone: nothing below a workspace is looked at. A link is never descended: it is a problem.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from clawtui.live.fleet_builder import FleetBuilder, files_of, with_changes
from clawtui.live.read_queue import ReadQueue
from clawtui.live.route import ROOT, Kind, Resource, join, route
from clawtui.live.stat_cache import FileStat, StatCache
from clawtui.model.fleet import Workspace
from clawtui.storage.errors import StorageError
from clawtui.storage.files import Entry, list_directory
from clawtui.storage.misplaced import stands_for_directory

_A_LINK = "is a symbolic link, which is never followed"
_A_FILE = "is a file where a directory should be"
_NAMED = frozenset({Kind.TYPE_FOLDER, Kind.WORKSPACE, Kind.LOG_FOLDER})
"""Directories whose name says whose they are; what lies in ``locks/`` is ours by its ending only."""
_NOT_UTF_8 = "has a name that is not UTF-8"


class DirectoryIndex:
    """Keeps what is known of each directory what the directory is.

    A directory that is new, or may be another than before, is *unwatched*: it is listed after it is watched, never
    before, so that nothing that happens in it is missed.
    """

    def __init__(
        self,
        base: Path,
        draft: FleetBuilder,
        inventory: StatCache,
        backlog: ReadQueue,
        reread: Callable[[Resource], None],
    ) -> None:
        self._base = base
        self._draft = draft
        self._inventory = inventory
        self._backlog = backlog
        self._reread = reread
        self._hinted: set[Resource] = set()
        self._watched_anew: set[Resource] = set()
        self._misnamed: dict[str, frozenset[str]] = {}
        self.unwatched: set[Resource] = {ROOT}

    def hint(self, folder: Resource) -> None:
        """Something happened to the directory itself: its watch may be dead, even where it looks the same."""
        self._hinted.add(folder)
        self._backlog.add(folder)

    def doubt_all(self) -> None:
        """All directories are to be watched anew, and all that is in them is to be compared."""
        self.unwatched.update(thing for path in self._inventory.folders() if (thing := route(path)))
        self.unwatched.add(ROOT)

    def paths(self) -> tuple[str, ...]:
        """All directories that are to be watched: those that are listed, and those that will be."""
        coming = self.unwatched | self._watched_anew
        return tuple({*self._inventory.folders(), *(folder.path for folder in coming)})

    def watched(self) -> None:
        """Those that were unwatched are watched now, so they can be listed."""
        self._watched_anew |= self.unwatched
        self._backlog.update(self.unwatched)
        self.unwatched.clear()

    def revisit(self, folder: Resource) -> None:
        """Lists the directory where it is still the same; else has it watched first, or forgets it."""
        mark, before = self._inventory.look(folder.path), self._inventory.mark(folder.path)
        hinted, anew = folder in self._hinted, folder in self._watched_anew
        self._hinted.discard(folder)
        self._watched_anew.discard(folder)
        if mark is None or not mark.is_directory:
            self._leave(folder)
            self._tell_what_is_there_instead(folder, mark)
        elif hinted or not (anew or (before and before.is_same_place(mark))):
            self.unwatched.add(folder)
        else:
            self._list(folder, mark, thoroughly=anew)

    def _tell_what_is_there_instead(self, folder: Resource, mark: FileStat | None) -> None:
        if mark is None:
            return
        self._inventory.note(folder.path, mark)
        if mark.is_link:
            self._draft.put_problem(folder.path, _A_LINK)
        elif folder.kind is Kind.SECTION or (
            folder.kind in _NAMED and stands_for_directory(folder.group, mark.is_regular)
        ):
            self._draft.put_problem(folder.path, _A_FILE)

    def _leave(self, folder: Resource) -> None:
        """The directory is gone, and with it all that was in it."""
        self.unwatched.discard(folder)
        self._inventory.forget(folder.path)
        self._draft.put_problem(folder.path, None)
        if folder.kind is Kind.LOG_FOLDER:
            self._draft.logs.put(folder.group, None)
        elif folder.kind is Kind.WORKSPACE:
            self._draft.workspaces.put(folder.group, None)
        self._tell_misnamed(folder, ())
        for thing in self._things(folder, self._inventory.names(folder.path)):
            if thing.is_folder:
                self._leave(thing)
            else:
                self._inventory.forget(thing.path)
                self._reread(thing)

    def _list(self, folder: Resource, mark: FileStat, thoroughly: bool) -> None:
        """Finds what is new and what is gone; ``thoroughly``, also what is there as before and may have changed."""
        known = self._inventory.names(folder.path)
        self._inventory.note(folder.path, mark)
        try:
            entries = self._tell_misnamed(folder, list_directory(self._base, folder.path))
        except FileNotFoundError:
            self._leave(folder)
            return
        except StorageError as error:
            self._draft.put_problem(folder.path, str(error))
            self._backlog.update(self._things(folder, known))
            return
        self._draft.put_problem(folder.path, None)
        if folder.kind is Kind.WORKSPACE and self._draft.workspaces.get(folder.group) is None:
            self._draft.workspaces.put(folder.group, Workspace(folder.group))
        if folder.kind is Kind.LOG_FOLDER:
            self._list_logs(folder, frozenset(entries))
            return
        self._backlog.update(self._things(folder, (known - entries) | (entries - known)))
        if thoroughly:
            self._backlog.update(thing for thing in self._things(folder, known & entries) if self._may_differ(thing))

    def _list_logs(self, folder: Resource, files: frozenset[str]) -> None:
        logs = self._draft.logs.get(folder.group) or {}
        known = files_of(logs)
        self._draft.logs.put(folder.group, with_changes(logs, files - known, known - files))
        self._backlog.update(self._things(folder, self._inventory.names(folder.path)))

    def _may_differ(self, thing: Resource) -> bool:
        return self._inventory.look(thing.path) != self._inventory.mark(thing.path)

    def _things(self, folder: Resource, names: Iterable[str]) -> list[Resource]:
        return [thing for name in names if (thing := route(join(folder.path, name)))]

    def _tell_misnamed(self, folder: Resource, entries: Iterable[Entry]) -> frozenset[str]:
        """The names that can be shown; those that cannot be are problems where they would have been things."""
        names = set()
        misnamed = set()
        for entry in entries:
            if _is_utf_8(entry.name):
                names.add(entry.name)
            elif route(join(folder.path, entry.name)):
                misnamed.add(join(folder.path, _shown(entry.name)))
        for path in self._misnamed.pop(folder.path, frozenset()) - misnamed:
            self._draft.put_problem(path, None)
        for path in misnamed:
            self._draft.put_problem(path, _NOT_UTF_8)
        if misnamed:
            self._misnamed[folder.path] = frozenset(misnamed)
        return frozenset(names)


def _is_utf_8(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _shown(name: str) -> str:
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")

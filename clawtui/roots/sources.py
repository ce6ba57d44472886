"""The sources of several roots, each on a thread of its own, with the newest fleet of each."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from clawtui.live.model import LiveModel
from clawtui.live.source import Source
from clawtui.live.watching.intervals import DEFAULT_INTERVALS, Intervals
from clawtui.model.documents.base import Problem
from clawtui.model.documents.settings import Settings
from clawtui.model.fleet import Fleet
from clawtui.model.listed_root import ListedRoot
from clawtui.model.liveness.elsewhere import is_same_store
from clawtui.storage.paths import StatePaths

if TYPE_CHECKING:
    from clawtui.remote.client.source import RemoteSource

_STAGGER: Final = 0.02
"""Seconds between the starts of two sources."""
_STOPPING: Final = 1.5
"""Seconds that the end of all sources may take; one that hangs in a dead file system ends with the process."""


_Place = tuple[int, int]
"""The device and the inode of a directory."""


class Changes(NamedTuple):
    """The changes since the last call of `take`."""

    fleets: Mapping[str, Fleet]
    """The newest fleets, by the name of the root."""
    duplicates: Mapping[str, str]
    """The roots that are the directory of another one, each with the name of that one."""


def local_source(root: ListedRoot, intervals: Intervals = DEFAULT_INTERVALS) -> Source | None:
    """Return a source for a root on this host; None for one on another host, whose state is not read."""
    return None if root.path is None else LiveModel(StatePaths(Path(root.path)), intervals=intervals)


def source_maker(
    settings: Settings, clock: Callable[[], datetime], count: int = 1
) -> Callable[[ListedRoot], Source | None]:
    """Return a function that makes a source for each of ``count`` roots, wherever they are.

    ``clock`` is the time of this host.
    """
    intervals = DEFAULT_INTERVALS.for_one_of(count)

    def make(root: ListedRoot) -> Source | None:
        if root.host is None:
            return local_source(root, intervals)
        from clawtui.remote.sources import find_root, make_source

        return make_source(find_root(root.argument, settings), clock).source

    return make


class RootSources:
    """Owner of a source for each root.

    Sources start one after the other, and none waits for another. Where two roots are one directory, by its device
    and inode, the source that found it later ends.
    """

    def __init__(
        self,
        roots: Sequence[ListedRoot],
        make: Callable[[ListedRoot], Source | None] = local_source,
        stagger: float = _STAGGER,
    ) -> None:
        self.roots = tuple(roots)
        self._make = make
        self._stagger = stagger
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._sources: dict[str, Source] = {}
        self._newest: dict[str, Fleet] = {}
        self._owners: dict[_Place, ListedRoot] = {}
        self._duplicates: dict[str, str] = {}
        self._changed: set[str] = set()
        self._announce: Callable[[], object] | None = None
        self._has_started = self._is_drawn = False

    def listen(self, announce: Callable[[], object] | None) -> None:
        """Call ``announce`` on some thread when there is something new for `take`, first all that is known; None: stop.

        It is called once until `take` is called.
        """
        with self._lock:
            self._announce = announce
            self._changed = {*self._newest, *self._duplicates}
            is_due = bool(self._changed)
        if announce is not None and is_due:
            announce()

    def take(self) -> Changes:
        """Return the changes since the last call."""
        with self._lock:
            changed, self._changed = self._changed, set()
            duplicates = {name: self._duplicates[name] for name in changed if name in self._duplicates}
            fleets = {name: self._newest[name] for name in changed if name not in duplicates}
            return Changes(fleets, duplicates)

    def start(self) -> None:
        """Start all sources on another thread, if that has not been done."""
        if not self._has_started:
            self._has_started = True
            threading.Thread(target=self._start_all, name="roots", daemon=True).start()

    def source(self, name: str) -> Source | None:
        """Return the source of a root; None where it was not started yet, or has none."""
        with self._lock:
            return self._sources.get(name)

    def remote(self, name: str) -> RemoteSource | None:
        """Return the source of the root ``name`` on another host; None for another root, or before it began."""
        from clawtui.remote.client.source import RemoteSource

        source = self.source(name)
        return source if isinstance(source, RemoteSource) else None

    def end_pauses(self) -> None:
        """End the pause of each local source after its first fleet, also of later ones: the first frame was drawn."""
        self._is_drawn = True
        for source in self._running():
            if isinstance(source, LiveModel):
                source.end_pause()

    def rescan(self) -> None:
        """Read every root again."""
        for source in self._running():
            source.rescan()

    def stop(self) -> None:
        """End all sources, at the same time."""
        self._ended.set()
        threads = [threading.Thread(target=source.stop, daemon=True) for source in self._running()]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(_STOPPING)

    def _running(self) -> Sequence[Source]:
        with self._lock:
            return tuple(self._sources.values())

    def _start_all(self) -> None:
        for root in self.roots:
            source = self._make(root)
            if source is None:
                continue
            with self._lock:
                is_late = self._ended.is_set()
                if not is_late:
                    self._sources[root.name] = source
            if is_late:
                source.stop()
                return
            try:
                source.start(partial(self._receive, root))
            except RuntimeError as error:  # the system can start no thread
                problem = Problem("", f"cannot be watched: {error}")
                self._note(root.name, Fleet(root.argument, loaded=True, problems={"": problem}))
            self._ended.wait(self._stagger)

    def _receive(self, root: ListedRoot, fleet: Fleet) -> None:
        """Keep a new fleet; called on the thread of its source, which may hang at the directory."""
        last = self._newest.get(root.name)
        if last is None or fleet.locks is not last.locks:
            self._hide_same_store(root, fleet)
        if last is None or last.watch == "waiting":
            owner = self._claim(root, fleet)
            if owner != root.name:
                self._leave_to(owner, root)
                return
        self._note(root.name, fleet)
        if last is None and self._is_drawn:
            self.end_pauses()

    def _claim(self, root: ListedRoot, fleet: Fleet) -> str:
        """Return the name of the root that shows the directory: that of ``root`` unless another one has it already."""
        place = _place_of(root) if fleet.watch != "waiting" else None
        if place is None:
            return root.name
        with self._lock:
            owner = self._owners.setdefault(place, root)
        if owner is not root and _place_of(owner) != place:  # the number of a directory that is gone is used again
            with self._lock:
                self._owners[place] = owner = root
        return owner.name

    def _leave_to(self, owner: str, root: ListedRoot) -> None:
        with self._lock:
            self._duplicates[root.name] = owner
            source = self._sources.pop(root.name, None)
        if source is not None:
            source.stop()
        self._note(root.name, None)

    def _hide_same_store(self, root: ListedRoot, fleet: Fleet) -> None:
        """Hide a root that is another one, seen from another host: the one on this host stays, or the first.

        Its source goes on, because its host judges the locks that name it.
        """
        with self._lock:
            others = [each for each in self.roots if each.name in self._newest and each.name not in self._duplicates]
            if root.name in self._duplicates or (root.host is None and all(each.host is None for each in others)):
                return
            same = next(
                (each for each in others if each != root and is_same_store(fleet, self._newest[each.name])), None
            )
            if same is None:
                return
            kept, hidden = sorted((root, same), key=lambda each: (each.host is not None, self.roots.index(each)))
            self._duplicates[hidden.name] = kept.name
        self._note(hidden.name, None)

    def _note(self, name: str, fleet: Fleet | None) -> None:
        with self._lock:
            if fleet is not None:
                self._newest[name] = fleet
                if name in self._duplicates:
                    return
            is_first = not self._changed
            self._changed.add(name)
            announce = self._announce if is_first else None
        if announce is not None:
            announce()


def _place_of(root: ListedRoot) -> _Place | None:
    """Return the directory that holds the automations of a root on this host; None where that is not known."""
    if root.path is None:
        return None
    try:
        status = (StatePaths(Path(root.path)).find() or Path(root.path)).stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino

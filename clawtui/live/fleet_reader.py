"""From paths that may have changed to the next fleet: each is read again, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from clawtui.live.directory_index import DirectoryIndex
from clawtui.live.documents import Documents
from clawtui.live.fleet_builder import FleetBuilder, with_changes
from clawtui.live.intervals import Intervals
from clawtui.live.log_tails import LogTails
from clawtui.live.read_queue import ReadQueue
from clawtui.live.retry import Retries
from clawtui.live.route import Kind, Resource, route
from clawtui.live.stat_cache import StatCache
from clawtui.model.fleet import Fleet, WatchMode


class FleetReader:
    """Keeps a fleet what the disk is, told which paths are in doubt.

    It begins with everything in doubt. Whoever drives it has ``folders.paths()`` watched and calls
    ``folders.watched()`` whenever there are ``folders.unwatched``.
    """

    def __init__(self, base: Path, root: str, timing: Intervals, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._draft = FleetBuilder(Fleet(root))
        self._backlog = ReadQueue()
        self._patience = Retries(timing.mend)
        self._suspected: set[Resource] = set()
        self._followed: str | None = None
        self.inventory = StatCache(base)
        self.folders = DirectoryIndex(base, self._draft, self.inventory, self._backlog, self._reread)
        self._documents = Documents(base, self._draft, self.inventory, self._patience, clock)
        self._tails = LogTails(base, self._draft, self.inventory)
        self.missed = 0
        """How many suspects turned out to have changed without a hint."""

    @property
    def busy(self) -> bool:
        """Whether there is more to read at once."""
        return bool(self._backlog or self.folders.unwatched)

    def hint(self, paths: Iterable[str]) -> int:
        """These paths may have changed, as the kernel says; how many of them are ours."""
        things = [thing for path in paths if (thing := route(path))]
        for thing in things:
            self._suspected.discard(thing)
            if thing.is_folder:
                self.folders.hint(thing)
            else:
                self._backlog.add(thing)
        return len(things)

    def suspect(self, paths: Iterable[str], excused: bool) -> None:
        """These paths have changed, as a sweep says. Where no hint comes, it was ``missed``, unless that is excused."""
        things = [thing for path in paths if (thing := route(path))]
        self._backlog.update(things)
        if not excused:
            self._suspected.update(things)

    def rescan(self) -> None:
        """Everything is in doubt: directories are watched anew, and every file is read again."""
        self.inventory.doubt_files()
        self.folders.doubt_all()

    def follow(self, path: str | None) -> None:
        """The run log that somebody looks at, beside the newest of the dispatcher."""
        self._followed = path
        self._follow_newest()

    def next_due(self) -> float | None:
        """When there is something to look at again, whatever is hinted meanwhile."""
        return self._patience.next_due()

    def work(self, until: float) -> None:
        """Reads what is in doubt, what tells most first, until ``until``.

        It ends before the first listing of logs too: there may be a hundred thousand, and what was read can be shown.
        """
        self._backlog.update(self._patience.due(self._clock()))
        last = None
        while self._backlog:
            kind = self._backlog.first().kind
            if kind is Kind.LOG_FOLDER and last not in (None, Kind.LOG_FOLDER):
                return
            self._look_at(self._backlog.take())
            last = kind
            if self._clock() >= until:
                break
        if not self.busy:
            self._draft.loaded = True

    def take(self, watch: WatchMode) -> Fleet:
        """The fleet as it stands; the last one itself where nothing changed."""
        self._draft.watch = watch
        self._follow_newest()
        return self._draft.take()

    def close(self) -> None:
        """Lets go of every file."""
        self._tails.close()

    def _follow_newest(self) -> None:
        newest = self._draft.take().dispatcher_log
        self._tails.follow(path for path in (newest, self._followed) if path)

    def _look_at(self, thing: Resource) -> None:
        before = self._draft.signature()
        try:
            if thing.is_folder:
                self.folders.revisit(thing)
            else:
                self._reread(thing)
        except Exception as error:  # noqa: BLE001  whatever is wrong with one thing, or with us, stops no other
            self._draft.put_problem(thing.path, f"could not be read: {type(error).__name__}: {error}")
        if thing in self._suspected:
            self._suspected.discard(thing)
            self.missed += self._draft.signature() != before

    def _reread(self, thing: Resource) -> None:
        if thing.kind is Kind.LOG:
            self._tails.read(thing.path)
            self._list_log(thing)
        else:
            self._documents.reread(thing)

    def _list_log(self, thing: Resource) -> None:
        """Adds or removes the one name; what is in the log, and that it grew, is nobody's business here."""
        logs = self._draft.logs.get(thing.group)
        if logs is None:
            return
        there = self.inventory.look(thing.path) is not None
        self._draft.logs.put(
            thing.group,
            with_changes(logs, added=[thing.name] if there else [], gone=[] if there else [thing.name]),
        )

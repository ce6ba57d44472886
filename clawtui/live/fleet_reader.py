"""The reader that keeps a fleet equal to the disk, given the paths that may have changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from clawtui.live.directory_index import DirectoryIndex
from clawtui.live.documents import Documents
from clawtui.live.fleet_builder import FleetBuilder, with_changes
from clawtui.live.log_tails import LogTails
from clawtui.live.reading.order import TableOrder, guess_all
from clawtui.live.reading.queue import ReadQueue, Retries
from clawtui.live.route import Kind, Resource, join, route
from clawtui.live.stat_cache import StatCache
from clawtui.live.watching.intervals import Intervals
from clawtui.model.fleet import Fleet, WatchMode


class FleetReader:
    """A fleet that is kept equal to the disk, given the paths that may have changed.

    At the start everything is queued. The caller watches `directories.paths()`, if it watches at all, and calls
    `directories.mark_watched()` whenever there are `directories.unwatched`. All paths are relative to `automations/`.
    """

    def __init__(
        self,
        base: Path,
        root: str,
        intervals: Intervals,
        clock: Callable[[], float],
        order: TableOrder | None = None,
    ) -> None:
        """Read below `base`; the fleet names `root` as its root. `order` is that in which automations are shown."""
        self._clock = clock
        self._order = order
        self._builder = FleetBuilder(Fleet(root))
        self._queue = ReadQueue()
        self._retries = Retries(intervals.reread)
        self._unreported: set[Resource] = set()
        self._followed: str | None = None
        self._missed = 0
        self.stats = StatCache(base)
        self.directories = DirectoryIndex(base, self._builder, self.stats, self._queue, self._reread)
        self._documents = Documents(base, self._builder, self.stats, self._retries, clock)
        self._tails = LogTails(base, self._builder, self.stats)

    @property
    def busy(self) -> bool:
        """Whether there is more to read now."""
        return bool(self._queue or self.directories.unwatched)

    def note_events(self, paths: Iterable[str]) -> int:
        """Queue the paths that the kernel reported; return how many of them are of interest."""
        resources = [resource for path in self._with_linked(paths) if (resource := route(path))]
        for resource in resources:
            self._unreported.discard(resource)
            if resource.is_directory:
                self.directories.note_event(resource)
            else:
                self._queue.add(resource)
        return len(resources)

    def _with_linked(self, paths: Iterable[str]) -> Iterator[str]:
        """Yield the paths; for the ``..data`` of a mounted ConfigMap, all files of its directory as well."""
        for path in paths:
            directory, _, name = path.rpartition("/")
            if name.startswith(".."):
                yield from (join(directory, each) for each in self.stats.names(directory))
            yield path

    def note_differences(self, paths: Iterable[str], excused: bool) -> None:
        """Queue the paths that the reconciler found to differ.

        A change that the kernel has not reported before it is read counts as missed, unless it is `excused`.
        """
        resources = [resource for path in paths if (resource := route(path))]
        self._queue.update(resources)
        if not excused:
            self._unreported.update(resource for resource in resources if resource.path not in self.stats.linked)

    def take_missed(self) -> int:
        """Return how many changes since the last call the kernel did not report, and reset the count."""
        missed, self._missed = self._missed, 0
        return missed

    def rescan(self) -> None:
        """Watch each directory again and read each file again."""
        self.stats.invalidate_files()
        self.directories.invalidate_all()

    def follow(self, path: str | None) -> None:
        """Keep the end of the run log at `path` in the fleet, in addition to the dispatcher's two newest logs."""
        self._followed = path
        self._follow_newest()

    def next_due(self) -> float | None:
        """Return when a malformed document is to be read again; None where there is none."""
        return self._retries.next_due()

    def read_pending(self, until: float, page: int | None = None) -> bool:
        """Read the queued resources in the order of `Kind`, until the clock shows `until`.

        It also stops before it lists logs for the first time: there may be 100,000 of them, so everything else is
        shown first.

        Args:
            until: the time of the clock.
            page: the number of automations after which it ends too; where more are queued, those that are shown first
                are read first, as far as a guess goes. None: it reads all, in the order of their paths.

        Returns:
            Whether it ended because of `until` or `page`.
        """
        self._queue.update(self._retries.due(self._clock()))
        last = None
        left = page
        while self._queue:
            kind = self._queue.peek().kind
            if kind is Kind.LOG_FOLDER and last not in (None, Kind.LOG_FOLDER):
                return False
            if kind is Kind.AUTOMATION and left is not None:
                if left == page:
                    self._reorder_automations(left, until)
                left -= 1
            self._read(self._queue.pop())
            last = kind
            if self._clock() >= until or left == 0:
                return True
        return False

    def _reorder_automations(self, page: int, until: float) -> None:
        """Put those of the queued automations first that are shown first, if there is more than a page of them."""
        automations = self._queue.waiting(Kind.AUTOMATION)
        if len(automations) > page:
            running = {id for id, workspace in self._builder.workspaces.build().items() if workspace.running}
            half = (self._clock() + until) / 2  # the other half is for reading them
            guesses = guess_all(self.stats.base, automations, running, lambda: self._clock() >= half, self._order)
            self._queue.reorder(guesses)

    def build(self, watch: WatchMode, complete: bool = True) -> Fleet:
        """Return the current fleet; the last one itself where nothing changed.

        It is `loaded` once nothing is left to read, unless it is not `complete` for another reason.
        """
        self._builder.watch = watch
        if complete and not self.busy:
            self._builder.loaded = self._queue.documents_first = True
        self._follow_newest()
        return self._builder.build()

    def close(self) -> None:
        """Close every file."""
        self._tails.close()

    def _follow_newest(self) -> None:
        newest = self._builder.build().dispatcher_logs
        self._tails.follow(path for path in (*newest[::-1], self._followed) if path)

    def _read(self, resource: Resource) -> None:
        before = self._builder.version()
        try:
            if resource.is_directory:
                self.directories.refresh(resource)
            else:
                self._reread(resource)
        except Exception as error:  # noqa: BLE001  a failure with one file, even one of our own, must not stop the rest
            self._builder.set_problem(resource.path, f"could not be read: {type(error).__name__}: {error}")
        if resource in self._unreported:
            self._unreported.discard(resource)
            self._missed += self._builder.version() != before

    def _reread(self, resource: Resource) -> None:
        if resource.kind is Kind.LOG:
            self._tails.read(resource.path)
            self._list_log(resource)
        else:
            self._documents.reread(resource)

    def _list_log(self, resource: Resource) -> None:
        """Add or remove the name of the log. A log that is not followed is never opened."""
        logs = self._builder.logs.get(resource.group)
        if logs is None:
            return
        exists = self.stats.stat(resource.path) is not None
        names = [resource.name]
        self._builder.logs.put(
            resource.group, with_changes(logs, added=names if exists else [], gone=[] if exists else names)
        )

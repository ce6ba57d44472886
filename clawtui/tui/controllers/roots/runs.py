"""Reading the run and the log that are shown beside the list of several roots, in the root that has them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

from textual.app import App

from clawtui.live.source import Source
from clawtui.model.listed_root import ListedRoot
from clawtui.roots.sources import RootSources
from clawtui.storage.paths import StatePaths
from clawtui.tui.controllers.runs.log_opening import log_opener
from clawtui.tui.controllers.runs.run_reader import RunReader
from clawtui.tui.panes.log.reader import LogReader, NoLog
from clawtui.tui.screens.roots.root_view import RootView
from clawtui.tui.screens.roots.roots_view import RootsView


class ShownRootRuns:
    """Controller that opens logs in the shown root, follows the shown one, and reads the reports on its runs."""

    def __init__(self, app: App[None], sources: RootSources, view: RootsView, clock: Callable[[], datetime]) -> None:
        self._app = app
        self._sources = sources
        self._view = view
        self._clock = clock
        self._readers: dict[str, RunReader] = {}
        self._followed: tuple[str, str | None] = ("", None)
        view.beside.log_pane.source.open_log = self._open_log
        view.on_shown = self.observe

    def observe(self) -> None:
        """Follow the log that is shown, in the source of its root, and read the reports on the runs there."""
        shown = self._view.beside
        if shown.root is None:
            return
        root = shown.root
        name, before = root.root.name, self._followed
        self._followed = (name, shown.log)
        if before[0] != name:
            self._follow(before[0], None)
        if before != self._followed:
            self._follow(name, shown.log)
        reader = self._readers.get(name) or self._make_reader(root)
        if reader is not None:
            reader.observe(root.judged, shown.runs_of(name))

    def stop(self) -> None:
        """Follow no log any more: the sources go on without the list."""
        self._follow(self._followed[0], None)

    def _follow(self, name: str, log: str | None) -> None:
        if (source := self._sources.source(name)) is not None:
            source.follow(log)

    def _make_reader(self, root: RootView) -> RunReader | None:
        name = root.root.name
        paths = _paths(root.root, self._sources.source(name))
        if paths is None:
            return None

        def clock_there() -> datetime:
            return root.time_there(self._clock())

        reader = RunReader(self._app, paths, clock_there, partial(self._view.show_pages, name))
        self._readers[name] = reader
        return reader

    def _open_log(self, paths: tuple[str, ...], news: Callable[[], None]) -> LogReader:
        root = self._view.beside.root
        source = self._sources.source(root.root.name) if root is not None else None
        place = _paths(root.root, source) if root is not None else None
        if root is None or place is None:
            return NoLog()
        return log_opener(place.automations, source if root.root.path is None else None)(paths, news)


def _paths(root: ListedRoot, source: Source | None) -> StatePaths | None:
    """Return where the files of a root are here; of one on another host, those that are kept of it."""
    if root.path is not None:
        return StatePaths(Path(root.path))
    from clawtui.remote.client.source import RemoteSource

    return StatePaths(source.place) if isinstance(source, RemoteSource) else None

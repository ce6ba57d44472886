"""Where the pane has its logs opened."""

from __future__ import annotations

from collections.abc import Callable

from clawtui.storage.paths import StatePaths
from clawtui.tui.log.reader import FileReader
from clawtui.tui.panes.log_reader import LogReader


class LogDesk:
    """Opens logs of one state directory."""

    def __init__(self, paths: StatePaths) -> None:
        self._paths = paths

    def open(self, relative: str, news: Callable[[], None]) -> LogReader:
        """A reader of the log at a path below ``automations/``; ``news`` is called from any thread."""
        return FileReader(self._paths.automations, relative, news)

"""The ends of the logs that are followed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from clawtui.live.fleet_builder import FleetBuilder
from clawtui.live.stat_cache import StatCache
from clawtui.model.paths import DISPATCHER_LOGS
from clawtui.storage.paths import LOGS

if TYPE_CHECKING:
    from clawtui.files.logs.tail import TailReader

_DISPATCHES = 2000
"""Lines of the dispatcher's log, which show its last actions."""
_DAY_BEFORE = 200
"""Lines of the dispatcher's log of the day before, which show its last actions after midnight."""
_NEWEST = 20
"""Lines of any other log. They show that lines were added; the log pane reads the log itself."""


class LogTails:
    """The ends of the followed logs in the next fleet, kept equal to the files. No other log is opened."""

    def __init__(self, base: Path, builder: FleetBuilder, stats: StatCache) -> None:
        self._base = base
        self._builder = builder
        self._stats = stats
        self._readers: dict[str, TailReader] = {}

    def follow(self, paths: Iterable[str]) -> None:
        """Follow the logs at `paths` from now on, and no others; the newest dispatcher log comes first."""
        followed = dict.fromkeys(paths)
        newest = next(filter(_is_dispatchers, followed), None)
        for path in self._readers.keys() - followed.keys():
            self._readers.pop(path).close()
            self._stats.remove(path)
            self._builder.tails.put(path, None)
            self._builder.set_problem(path, None)
        for path in followed.keys() - self._readers.keys():
            # Imported when the first log is followed, because a root without runs has no logs.
            from clawtui.files.logs.tail import TailReader

            lines = _DISPATCHES if path == newest else _DAY_BEFORE if _is_dispatchers(path) else _NEWEST
            self._readers[path] = TailReader(self._base, path, lines)
            self.read(path)

    def read(self, path: str) -> None:
        """Read the lines that were appended to the log; do nothing where it is not followed."""
        reader = self._readers.get(path)
        if reader is None:
            return
        self._stats.store(path, self._stats.stat(path))
        tail = reader.read()
        self._builder.tails.put(path, tail)
        self._builder.set_problem(path, tail.problem.message if tail.problem else None)

    def close(self) -> None:
        """Close all logs."""
        for reader in self._readers.values():
            reader.close()
        self._readers.clear()


def _is_dispatchers(path: str) -> bool:
    return path.startswith(f"{LOGS}/{DISPATCHER_LOGS}/")

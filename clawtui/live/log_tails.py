"""The logs that somebody looks at."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from clawtui.live.fleet_builder import FleetBuilder
from clawtui.live.stat_cache import StatCache
from clawtui.model.names import DISPATCHER_LOGS
from clawtui.storage.paths import LOGS

if TYPE_CHECKING:
    from clawtui.storage.log_tail import TailReader

_DISPATCHES = 2000
"""Lines of the dispatcher's log, from which it is told what it did last."""
_NEWS = 20
"""Lines of any other: they tell that there are more, and whoever shows the log reads it."""


class LogTails:
    """Keeps the ends of the followed logs in the draft what the files are; all others are never opened."""

    def __init__(self, base: Path, draft: FleetBuilder, inventory: StatCache) -> None:
        self._base = base
        self._draft = draft
        self._inventory = inventory
        self._readers: dict[str, TailReader] = {}

    def follow(self, paths: Iterable[str]) -> None:
        """These logs from now on, and no others."""
        wanted = set(paths)
        for path in self._readers.keys() - wanted:
            self._readers.pop(path).close()
            self._inventory.forget(path)
            self._draft.tails.put(path, None)
            self._draft.put_problem(path, None)
        for path in wanted - self._readers.keys():
            # Imported with the first log that is followed: none is where nothing runs.
            from clawtui.storage.log_tail import TailReader

            self._readers[path] = TailReader(self._base, path, _DISPATCHES if _is_dispatchers(path) else _NEWS)
            self.read(path)

    def read(self, path: str) -> None:
        """Reads what was appended to the log; nothing where nobody follows it."""
        reader = self._readers.get(path)
        if reader is None:
            return
        self._inventory.note(path, self._inventory.look(path))
        tail = reader.read()
        self._draft.tails.put(path, tail)
        self._draft.put_problem(path, tail.problem.message if tail.problem else None)

    def close(self) -> None:
        """Lets go of all logs."""
        for reader in self._readers.values():
            reader.close()
        self._readers.clear()


def _is_dispatchers(path: str) -> bool:
    return path.startswith(f"{LOGS}/{DISPATCHER_LOGS}/")

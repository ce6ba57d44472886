"""The logs that somebody looks at."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from clawtui.live.draft import Draft
from clawtui.live.inventory import Inventory
from clawtui.storage.log_tail import TailReader


class Tails:
    """Keeps the ends of the followed logs in the draft what the files are; all others are never opened."""

    def __init__(self, base: Path, draft: Draft, inventory: Inventory) -> None:
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
            self._readers[path] = TailReader(self._base, path)
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

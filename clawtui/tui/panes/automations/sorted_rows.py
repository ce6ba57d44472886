"""The keys of a table in one order, kept sorted at the cost of the rows that change."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from itertools import compress
from typing import Any, NamedTuple

from clawtui.tui.widgets.line import Role

SortKey = tuple[Any, ...]
"""A sort key; the keys of one order can be compared with each other."""


class Arranged(NamedTuple):
    """What a row contributes to a sorted table."""

    sort_key: SortKey
    role: Role | None
    """The role of its mark in the scroll bar; None if it has none."""


class SortedRows:
    """Keys by ascending or descending sort key; equal sort keys are in the order of the keys themselves.

    A single change costs two binary searches and the move of pointers in three lists, without Python code for each row.
    """

    def __init__(self, rows: Iterable[tuple[str, Arranged]], *, reverse: bool) -> None:
        """Sort `rows`, which are pairs of a key and its values; with `reverse`, in descending order."""
        found = sorted(((row.sort_key, key, row.role) for key, row in rows), key=lambda entry: entry[:2])
        self._reverse = reverse
        self._entries = [entry[:2] for entry in found]
        """Sort key and key of each row, always ascending."""
        self._keys = [key for _, key, _ in found]
        self._roles = [role for _, _, role in found]
        if reverse:
            self._keys.reverse()
            self._roles.reverse()

    def add(self, key: str, row: Arranged) -> None:
        """Insert a row that is not in the table."""
        entry = (row.sort_key, key)
        at = bisect_left(self._entries, entry)
        self._entries.insert(at, entry)
        shown_at = len(self._keys) - at if self._reverse else at
        self._keys.insert(shown_at, key)
        self._roles.insert(shown_at, row.role)

    def remove(self, key: str, sort_key: SortKey) -> None:
        """Remove the row of `key`, whose sort key is `sort_key`."""
        at = bisect_left(self._entries, (sort_key, key))
        assert self._entries[at][1] == key
        del self._entries[at]
        shown_at = len(self._keys) - 1 - at if self._reverse else at
        del self._keys[shown_at]
        del self._roles[shown_at]

    def keys(self) -> list[str]:
        """Return a copy of the keys in their order."""
        return self._keys.copy()

    def marks(self) -> list[tuple[int, Role]]:
        """Return the position and role of each row with a mark, in the order of the positions."""
        return [(at, role) for at, role in compress(enumerate(self._roles), self._roles) if role is not None]

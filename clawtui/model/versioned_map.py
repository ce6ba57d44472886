"""Successive versions of a mapping, whose difference costs the number of changes, not the number of entries."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import compress
from operator import eq, is_not
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

if TYPE_CHECKING:
    from _typeshed import SupportsRichComparison

K = TypeVar("K")
V = TypeVar("V")
D = TypeVar("D")
S = TypeVar("S", bound="SupportsRichComparison")

_SHORTEST_LOG: Final = 1000
"""The number of changes that a log always has room for."""


class VersionedMap(dict[K, V]):
    """One version of a mapping, with its position in the log of changes that the versions share.

    It is made by `VersionedMapBuilder`, and is never modified afterwards.
    """

    __slots__ = ("indexes", "log", "position")

    def __init__(self, items: Mapping[K, V]) -> None:
        """Begin with the entries of `items`, and without a log."""
        super().__init__(items)
        self.log: list[K] | None = None
        """The keys that were changed, in order; only ever appended to, so that other threads may read it."""
        self.position = 0
        """The number of entries of the log that led to this version."""
        self.indexes: dict[object, Any] = {}
        """What `paths_by` has returned; shared by the versions with the same keys."""


class VersionedMapBuilder(Generic[K, V]):
    """The next version of a mapping. The entries are copied before the first change since the last version."""

    def __init__(self, items: Mapping[K, V]) -> None:
        """Begin with `items`, which is never modified."""
        self._items = items
        self._own: VersionedMap[K, V] | None = None
        self._log: list[K] | None = None
        self.changes = 0
        """How often a value has changed."""

    def get(self, key: K) -> V | None:
        """Return the value of `key`, or None."""
        return self._items.get(key)

    def put(self, key: K, value: V | None) -> None:
        """Set the value of `key`; None removes it."""
        if self._items.get(key) is value:
            return
        if self._own is None:
            last, self._items = self._items, VersionedMap(self._items)
            self._own = self._items
            if isinstance(last, VersionedMap):
                self._own.indexes = last.indexes
            if self._log is None or len(self._log) > max(_SHORTEST_LOG, len(self._own)):
                self._log = []  # versions with different logs are compared entry by entry
            self._own.log = self._log
        assert self._log is not None
        self._log.append(key)
        if value is None or key not in self._own:
            self._own.indexes = {}
        if value is None:
            del self._own[key]
        else:
            self._own[key] = value
        self.changes += 1

    def build(self) -> Mapping[K, V]:
        """Return the mapping, which is not modified afterwards; the same object if nothing changed."""
        if self._own is not None and self._log is not None:
            self._own.position = len(self._log)
        self._own = None
        return self._items


def changed_keys(new: Mapping[K, object], old: Mapping[K, object]) -> Iterable[K]:
    """Return the keys whose value is another object in `new` than in `old`, or that are in only one of them.

    Each key is returned once. Between two versions of one mapping only the logged changes are looked at.
    """
    if new is old:
        return ()
    if isinstance(new, VersionedMap) and isinstance(old, VersionedMap) and new.log is old.log and new.log is not None:
        first, last = sorted((new.position, old.position))
        return [key for key in dict.fromkeys(new.log[first:last]) if new.get(key) is not old.get(key)]
    if len(new) == len(old) and all(map(eq, new, old)):  # no Python code runs for each key
        return compress(new, map(is_not, new.values(), old.values()))
    return [key for key in (*new, *(old.keys() - new.keys())) if new.get(key) is not old.get(key)]


class Derived(Generic[K, V, D]):
    """A value for each entry of a mapping, made again only for the entries that differ from the last version."""

    def __init__(self, derive: Callable[[V], D | None]) -> None:
        """Make the values with `derive`, which depends on its argument alone; an entry with None has no value."""
        self._derive = derive
        self._last: Mapping[K, V] = {}
        self._values: dict[K, D] = {}

    def of(self, items: Mapping[K, V]) -> Mapping[K, D]:
        """Return the values for `items`. The result is modified by the next call."""
        for key in changed_keys(items, self._last):
            item = items.get(key)
            value = self._derive(item) if item is not None else None
            if value is None:
                self._values.pop(key, None)
            else:
                self._values[key] = value
        self._last = items
        return self._values


class Ordered(Generic[K, V, S]):
    """Sortable values of the entries of a mapping, in order; they are made again only for entries that differ."""

    def __init__(self, derive: Callable[[K, V], Iterable[S]]) -> None:
        """Make the values of an entry with `derive`, which depends on its arguments alone, the key and the value."""
        self._derive = derive
        self._last: Mapping[K, V] = {}
        self._values: dict[K, tuple[S, ...]] = {}
        self._sorted: list[S] = []

    def of(self, items: Mapping[K, V]) -> Sequence[S]:
        """Return the values for all `items`, the least first. The result is modified by the next call."""
        for key in changed_keys(items, self._last):
            for value in self._values.pop(key, ()):
                del self._sorted[bisect_left(self._sorted, value)]
            item = items.get(key)
            if item is not None and (values := tuple(self._derive(key, item))):
                self._values[key] = values
                for value in values:
                    insort(self._sorted, value)
        self._last = items
        return self._sorted


def paths_by(name: Callable[[V], K], items: Mapping[str, V]) -> Mapping[K, Sequence[str]]:
    """Return the sorted keys of `items` by what `name` returns for the value, which must depend on the key alone."""
    indexes: dict[object, dict[K, list[str]]] = items.indexes if isinstance(items, VersionedMap) else {}
    index = indexes.get(name)
    if index is None:
        index = {}
        for path in sorted(items):
            index.setdefault(name(items[path]), []).append(path)
        indexes[name] = index
    return index

"""The smallest set of changes that turns one value into another. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher

from msgspec import Struct

from clawtui.files.json5.serialize import plain

Path = tuple[str | int, ...]
"""Keys and positions, from the document down to a value."""


class Put(Struct, frozen=True):
    """A change that sets the value at ``path`` to ``value``; a new key is added at the end of its object."""

    path: Path
    value: object


class Drop(Struct, frozen=True):
    """A change that removes the key at ``path``."""

    path: Path


class Splice(Struct, frozen=True):
    """A change that replaces the items from ``start`` to before ``stop`` in the list at ``path`` by ``values``."""

    path: Path
    start: int
    stop: int
    values: tuple[object, ...]


Change = Put | Drop | Splice
"""All positions are those in the old value."""


def same(one: object, other: object) -> bool:
    """Return whether two values are equal in JSON: 1 equals 1.0, true does not equal 1, and not-a-number equals
    itself.
    """
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return bool(one == other) or (one != one and other != other)


def differences(old: object, new: object) -> tuple[Change, ...]:
    """Return the changes that turn ``old`` into ``new``; the order of keys does not count."""
    return tuple(_compare(plain(old), plain(new), ()))


def _compare(old: object, new: object, path: Path) -> Iterator[Change]:
    if same(old, new):
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key, value in old.items():
            if key in new:
                yield from _compare(value, new[key], (*path, key))
            else:
                yield Drop((*path, key))
        yield from (Put((*path, key), value) for key, value in new.items() if key not in old)
    elif isinstance(old, list) and isinstance(new, list):
        yield from _compare_lists(old, new, path)
    else:
        yield Put(path, new)


def _compare_lists(old: list[object], new: list[object], path: Path) -> Iterator[Change]:
    matcher = SequenceMatcher(None, _fingerprints(old), _fingerprints(new), autojunk=False)
    for kind, start, stop, new_start, new_stop in matcher.get_opcodes():
        if kind == "equal":
            continue
        pairs = min(stop - start, new_stop - new_start)
        for offset in range(pairs):
            yield from _compare(old[start + offset], new[new_start + offset], (*path, start + offset))
        if pairs < max(stop - start, new_stop - new_start):
            yield Splice(path, start + pairs, stop, tuple(new[new_start + pairs : new_stop]))


def _fingerprints(items: Sequence[object]) -> list[str]:
    return [json.dumps(item, sort_keys=True) for item in items]


def applied(old: object, changes: Iterable[Change]) -> object:
    """Return a copy of ``old`` with ``changes`` made."""
    holder: dict[str | int, object] = {"root": plain(old)}
    changes = list(changes)
    for change in changes:
        if isinstance(change, Put):
            _container(holder, change.path)[_last(change.path)] = plain(change.value)
        elif isinstance(change, Drop):
            del _container(holder, change.path)[_last(change.path)]
    splices = [change for change in changes if isinstance(change, Splice)]
    for splice in sorted(splices, key=lambda splice: (len(splice.path), splice.start), reverse=True):
        items = _container(holder, splice.path)[_last(splice.path)]
        assert isinstance(items, list)
        items[splice.start : splice.stop] = [plain(value) for value in splice.values]
    return holder["root"]


def _last(path: Path) -> str | int:
    return path[-1] if path else "root"


def _container(holder: dict[str | int, object], path: Path) -> dict[str | int, object]:
    """Return the object or list that directly contains the value at ``path``, typed as a dict for access by step."""
    container: object = holder
    for step in ("root", *path)[:-1]:
        container = container[step]  # type: ignore[index]
    return container  # type: ignore[return-value]

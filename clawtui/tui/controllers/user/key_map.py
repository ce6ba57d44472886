"""The keys of the dashboard's operations, and the check of the keys in the settings.

All keys are read from the bindings of the widgets, so that every new operation can be remapped.
This module is imported only if a key is remapped.
"""

from __future__ import annotations

import difflib
import importlib
import pkgutil
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple

from msgspec import Struct
from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import REPLACED_KEYS, Keys, key_to_character
from textual.screen import Screen

from clawtui.model.text.command_line import ANYWHERE

FORBIDDEN: Final = ("ctrl+a", "ctrl+b", "ctrl+s", "ctrl+q")
"""Keys that multiplexers and flow control need (contract: the keys)."""

HARMLESS: Final = ("delete", "backspace", "d", "k", "ctrl+d", "ctrl+k")
"""Keys that are pressed by habit; no operation that removes something may use them."""

_DANGEROUS: Final = ("release", "free", "clean", "delete", "prune")
"""The verbs of operations that remove something."""

_SPELLINGS: Final = {
    ",": "comma",
    "esc": "escape",
    "return": "enter",
    "pgup": "pageup",
    "pgdn": "pagedown",
    "pgdown": "pagedown",
    "del": "delete",
    "ins": "insert",
}


class Operation(Struct, frozen=True):
    """Operation that a key starts."""

    id: str
    keys: tuple[str, ...]
    """The keys, by their names in Textual."""
    meaning: str

    @property
    def is_dangerous(self) -> bool:
        """Whether the operation removes something."""
        return self.id.rpartition(".")[2] in _DANGEROUS


class KeyFault(NamedTuple):
    """Key in the settings that cannot be used, with the reason."""

    id: str
    message: str


class KeyCheck(NamedTuple):
    """Result of the check of the keys in the settings."""

    keymap: Mapping[str, str]
    """The keys that can be used, for `App.set_keymap`."""
    faults: tuple[KeyFault, ...]


@cache
def operations() -> Mapping[str, Operation]:
    """Return every operation of the dashboard by its id, in alphabetical order."""
    found: dict[str, Operation] = {}
    for owner in _owners():
        for binding in _own_bindings(owner):
            if binding.id:
                known = found.get(binding.id)
                keys = (*(known.keys if known else ()), binding.key)
                meaning = binding.tooltip or binding.description
                found[binding.id] = Operation(binding.id, tuple(dict.fromkeys(keys)), meaning)
    return dict(sorted(found.items()))


def check_keys(wishes: Mapping[str, str]) -> KeyCheck:
    """Check `wishes`, keys by operation id; return those that can be used, and the faults of the others."""
    granted: dict[str, tuple[str, ...]] = {}
    faults: list[KeyFault] = []
    for id_, text in wishes.items():
        keys = tuple(map(_spelled, _split(text)))
        refusal = _refusal(id_, keys)
        if refusal is None and set(keys) == set(operations()[id_].keys):
            continue  # the default keys, which another place may have too
        if refusal is None:
            granted[id_] = keys
        else:
            faults.append(KeyFault(id_, refusal))
    while (conflict := _conflict(granted)) is not None:
        faults.append(conflict)
        del granted[conflict.id]
    return KeyCheck({id_: ",".join(keys) for id_, keys in granted.items()}, tuple(faults))


def _split(text: str) -> list[str]:
    """Return the keys in a setting, which are separated by commas; a comma alone is a key."""
    return [text.strip()] if text.strip() == "," else [part.strip() for part in text.split(",") if part.strip()]


def _spelled(key: str) -> str:
    """Return Textual's name of a key: `question_mark` for `?`, `ctrl+x` for `Ctrl+X`, `escape` for `Esc`."""
    if len(key) == 1 and key not in _SPELLINGS:
        return next(iter(Binding.make_bindings([Binding(key, "wanted")]))).key
    *modifiers, plain = (step.strip().lower() for step in key.replace("-", "+").split("+"))
    return "+".join([*modifiers, _SPELLINGS.get(plain, plain)])


def _refusal(id_: str, keys: Sequence[str]) -> str | None:
    operation = operations().get(id_)
    if operation is None:
        near = difflib.get_close_matches(id_, operations(), 1)
        return "is no operation" + (f"; there is {near[0]}" if near else f"; {ANYWHERE.hint('config')} lists them")
    if not keys:
        return "names no key"
    for key in keys:
        if not _is_key(key):
            return f"“{key}” is no key"
        if key in FORBIDDEN:
            return f"“{key}” belongs to terminals and multiplexers"
        if operation.is_dangerous and key in HARMLESS:
            return f"“{key}” is pressed without thinking, and this takes something away"
    return None


def _is_key(key: str) -> bool:
    *modifiers, plain = key.split("+")
    if not set(modifiers) <= {"ctrl", "shift", "alt", "super", "meta", "hyper"}:
        return False
    known = {member.value for member in Keys}
    if len(plain) == 1 or plain in known or f"ctrl+{plain}" in known:
        return True
    return not modifiers and (plain in REPLACED_KEYS or key_to_character(plain) is not None)


def _conflict(granted: Mapping[str, tuple[str, ...]]) -> KeyFault | None:
    """Return the first key that would start two operations in one place, at least one of them set in the settings."""
    for place in _places():
        taken: dict[str, str] = {}
        ids = dict.fromkeys(binding.id for owner in place for binding in _own_bindings(owner) if binding.id)
        # Operations with their default key come first, so that the key in the settings is refused.
        for id_ in sorted(ids, key=granted.__contains__):
            for key in granted.get(id_) or operations()[id_].keys:
                other = taken.setdefault(key, id_)
                if other != id_ and id_ in granted:
                    return KeyFault(id_, f"“{_shown(key)}” is the key of {other} already")
    return None


def _shown(key: str) -> str:
    character = key_to_character(key)
    return character if character is not None and unicodedata.category(character)[0] in "LNPS" else key


def _places() -> Iterator[tuple[type[DOMNode], ...]]:
    """Yield each group of classes whose keys are active at the same time."""
    from clawtui.tui.panes.pane import Pane
    from clawtui.tui.panes.roots.pane import RootsPane
    from clawtui.tui.screens.dashboard import Dashboard
    from clawtui.tui.screens.pane_grid import PaneGrid
    from clawtui.tui.screens.roots.screen import RootsScreen

    owners = _owners()
    for owner in owners:
        if owner is RootsPane:
            yield (*_lineage(owner), *_lineage(RootsScreen))
        elif issubclass(owner, Pane):
            yield (*_lineage(owner), PaneGrid, Dashboard)
        elif issubclass(owner, Screen) and owner is not Dashboard:
            yield _lineage(owner)


def _lineage(owner: type[DOMNode]) -> tuple[type[DOMNode], ...]:
    return tuple(cls for cls in owner.__mro__ if issubclass(cls, DOMNode) and "BINDINGS" in vars(cls))


@cache
def _owners() -> tuple[type[DOMNode], ...]:
    """Return every widget and screen class of the dashboard."""
    import clawtui.tui

    found: dict[type[DOMNode], None] = {}
    for module in pkgutil.walk_packages(clawtui.tui.__path__, "clawtui.tui."):
        if module.name.startswith("clawtui.tui.controllers."):
            continue  # controllers are not widgets
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, type) and issubclass(value, DOMNode) and value.__module__ == module.name:
                found[value] = None
    return tuple(found)


def _own_bindings(owner: type[DOMNode]) -> Iterable[Binding]:
    return Binding.make_bindings(vars(owner).get("BINDINGS", ()))

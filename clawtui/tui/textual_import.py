"""The import of Textual, without the modules of which the first frame shows nothing."""

from __future__ import annotations

import sys
import typing
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any, Final

_AT_USE: Final[Mapping[str, Sequence[str]]] = {
    "difflib": ("get_close_matches",),  # for errors in a style sheet
    "pickle": ("dumps", "loads"),  # for links in a text
    "platformdirs": ("user_downloads_path",),
    "rich.table": ("Table",),  # for a picture of a theme
    "rich.tree": ("Tree",),  # for pictures of the widgets
    "subprocess": (),  # asyncio starts processes with it
    # The palette. Textual's list of themes, which derives from Provider, is not used: the themes are commands.
    "textual.command": (
        *("CommandListItem", "CommandPalette", "SimpleProvider"),
        *("DiscoveryHit", "Hit", "Hits", "Provider"),
    ),
}
"""Modules that Textual imports for what is not in the first frame, with the names that it takes from each."""

_VALUES: Final[Mapping[str, Mapping[str, object]]] = {
    "subprocess": {"PIPE": -1, "STDOUT": -2, "DEVNULL": -3},  # asyncio has them as defaults
    # What Textual takes from there is in ``typing`` too, since Python 3.11.
    "typing_extensions": {name: getattr(typing, name) for name in typing.__all__},
}
"""Values in modules that need not be imported for them."""


class _AtUse:
    """A function or class of a module that is imported at its first use."""

    def __init__(self, module: str, name: str) -> None:
        self._module = module
        self._name = name

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return self._load()(*arguments, **named)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._load(), name)

    def __mro_entries__(self, bases: tuple[object, ...]) -> tuple[type, ...]:
        return ()

    def _load(self) -> Any:
        return getattr(import_module(self._module), self._name)


def _stand_in(name: str) -> ModuleType:
    """Return a module in place of `name`, which is imported at the first use of another name than the known ones."""

    def load(attribute: str) -> Any:
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        if sys.modules.get(name) is module:
            del sys.modules[name]
        return getattr(import_module(name), attribute)

    module = ModuleType(name)
    vars(module).update({known: _AtUse(name, known) for known in _AT_USE.get(name, ())})
    vars(module).update(_VALUES.get(name, {}), __getattr__=load)
    return module


@contextmanager
def stand_ins() -> Iterator[None]:
    """Put modules in place of those in `_AT_USE` and `_VALUES` that are not loaded, for what is imported meanwhile."""
    modules = {name: _stand_in(name) for name in (*_AT_USE, *_VALUES) if name not in sys.modules}
    sys.modules.update(modules)
    try:
        yield
    finally:
        for name, module in modules.items():
            if sys.modules.get(name) is module:
                del sys.modules[name]


def import_textual() -> None:
    """Import Textual's app, and have its classes and later ones created faster. Nothing else may import meanwhile."""
    with stand_ins():
        from clawtui.tui.terminal.class_creation import create_classes_faster

        create_classes_faster()
        import_module("textual.app")

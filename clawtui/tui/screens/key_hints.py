"""The keys of the current pane for footer and help, read from the bindings, so that they include remapped keys."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.binding import ActiveBinding, Binding
from textual.keys import format_key
from textual.screen import Screen

from clawtui.tui.panes.pane import Pane
from clawtui.tui.screens.pane_grid import PaneGrid

_KEY_NAMES = {
    "question_mark": "?",
    "colon": ":",
    "slash": "/",
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "plus": "+",
    "minus": "-",
    "exclamation_mark": "!",
    "ampersand": "&",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "space": "Space",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "escape": "Esc",
    "enter": "Enter",
    "tab": "Tab",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "home": "Home",
    "end": "End",
}


def key_name(key: str) -> str:
    """Return the usual name of a key."""
    modifier, _, plain = key.rpartition("+")
    name = _KEY_NAMES.get(plain) or format_key(plain)
    if plain[0] == "f" and plain[1:].isdecimal():
        name = plain.upper()
    if not modifier:
        return name
    return f"{modifier.title()}-{name.upper() if len(name) == 1 else name}"


def hints(bindings: Iterable[ActiveBinding]) -> tuple[tuple[str, str], ...]:
    """Return the keys for the footer with a word each; keys with the same word are grouped."""
    return _grouped((active.binding, active.binding.description) for active in bindings if active.binding.show)


def help_sections(
    bindings: Iterable[ActiveBinding], place: Pane
) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Return all keys and their meanings in sections, those of `place` first."""
    everything = list(bindings)
    here = [active.binding for active in everything if active.node is place]
    everywhere = [active.binding for active in everything if isinstance(active.node, Screen | PaneGrid)]
    return (
        (f"In {place.title}", _grouped(_told(binding) for binding in here if not is_moving(binding))),
        ("Moving", _grouped(_told(binding) for binding in here if is_moving(binding))),
        ("Everywhere", _grouped(map(_told, everywhere))),
    )


def is_moving(binding: Binding) -> bool:
    """Return whether a binding only moves a cursor or scrolls."""
    return binding.id is not None and binding.id.startswith("move.")


def _told(binding: Binding) -> tuple[Binding, str]:
    return binding, binding.tooltip or binding.description


def _grouped(bindings: Iterable[tuple[Binding, str]]) -> tuple[tuple[str, str], ...]:
    keys: dict[str, list[str]] = {}
    for binding, text in bindings:
        name = binding.key_display or key_name(binding.key)
        names = keys.setdefault(text, [])
        if text and name not in names:
            names.append(name)
    return tuple((_joined(names), text) for text, names in keys.items() if text)


def _joined(names: Sequence[str]) -> str:
    """Return `1…4` for more than two consecutive digits, else the names separated by blanks."""
    digits = "".join(names)
    if len(names) > 2 and digits in "123456789":
        return f"{names[0]}…{names[-1]}"
    return " ".join(names)

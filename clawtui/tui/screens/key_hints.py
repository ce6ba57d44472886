"""The keys of the current pane for footer and help, read from the bindings, so that they include remapped keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from textual.app import App
from textual.binding import Binding
from textual.keys import format_key
from textual.screen import Screen
from textual.widgets import Input

from clawtui.tui.panes.footer import KeyHint
from clawtui.tui.panes.pane import Pane
from clawtui.tui.screens.bindings import SYNONYMS
from clawtui.tui.screens.pane_grid import PaneGrid
from clawtui.tui.terminal.textual_private import bindings_of

if TYPE_CHECKING:
    from clawtui.tui.dialogs.help_dialog import HelpSection

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


CHANGES: Final = frozenset(
    {
        *("automations.enable", "automations.disable", "automations.run", "automations.new", "automations.duplicate"),
        *("general.edit", "general.undo", "locks.release", "slots.free", "workspaces.clean"),
    }
)
"""The operations that a read-only dashboard refuses; the dialogs about locks and slots open, and show their facts."""

_NO_WORDS: Final[Mapping[str, str]] = MappingProxyType({})


def key_name(key: str) -> str:
    """Return the usual name of a key."""
    modifier, _, plain = key.rpartition("+")
    name = _KEY_NAMES.get(plain) or format_key(plain)
    if plain[0] == "f" and plain[1:].isdecimal():
        name = plain.upper()
    if not modifier:
        return name
    return f"{modifier.title()}-{name.upper() if len(name) == 1 else name}"


def footer_hints(
    screen: Screen[Any], words: Mapping[str, str] = _NO_WORDS, *, read_only: bool = False
) -> tuple[KeyHint, ...]:
    """Return the keys for the footer with a word each; keys with the same word are grouped.

    `words` replaces the words of operations, by their id. While a text is typed, the other keys are letters of it.
    """
    active = [each for each in screen.active_bindings.values() if each.node is not screen.app and each.binding.show]
    if isinstance(screen.focused, Input):
        active = [each for each in active if each.node is screen.focused]
    bindings = [each.binding for each in active]
    return _grouped(
        ((binding, words.get(binding.id or "", binding.description)) for binding in bindings), read_only=read_only
    )


def help_sections(screen: Screen[Any], place: Pane) -> tuple[HelpSection, ...]:
    """Return all keys and their meanings in sections: those of `place` first, those of other panes last."""
    from clawtui.tui.dialogs.help_dialog import HelpSection

    everything = list(screen.active_bindings.values())
    here = [active.binding for active in everything if active.node is place]
    everywhere = [active.binding for active in everything if isinstance(active.node, Screen | PaneGrid)]
    own = _grouped(map(_with_meaning, (binding for binding in here if not is_moving(binding))))
    return (
        HelpSection(f"In {place.title}", own),
        HelpSection("Moving", _grouped(map(_with_meaning, filter(is_moving, here)))),
        HelpSection("Everywhere", _grouped(map(_with_meaning, everywhere))),
        *_other_panes(screen, place, {hint.does for hint in own}),
    )


def own_bindings(app: App[Any], pane: Pane) -> Iterable[Binding]:
    """Return the current bindings of a pane that other panes may not have."""
    return [each for each in bindings_of(app, pane) if each.tooltip and not is_moving(each)]


def _other_panes(screen: Screen[Any], place: Pane, known: set[str]) -> Iterator[HelpSection]:
    """Yield the keys of the other panes, without those whose meaning was listed before."""
    from clawtui.tui.dialogs.help_dialog import HelpSection

    for grid in screen.query(PaneGrid):
        for pane in grid.panes:
            hints = _grouped(map(_with_meaning, own_bindings(screen.app, pane)))
            other = tuple(
                hint._replace(does=f"{hint.does} (in {pane.title})") for hint in hints if hint.does not in known
            )
            if pane is not place and other:
                yield HelpSection("Other panes", other, partial(grid.go_to, pane))


def is_moving(binding: Binding) -> bool:
    """Return whether a binding only moves a cursor or scrolls."""
    return binding.id is not None and binding.id.startswith("move.")


def _with_meaning(binding: Binding) -> tuple[Binding, str]:
    return binding, binding.tooltip or binding.description


def _grouped(bindings: Iterable[tuple[Binding, str]], *, read_only: bool = False) -> tuple[KeyHint, ...]:
    found: dict[str, KeyHint] = {}
    for binding, text in bindings:
        key = (binding.key_display or key_name(binding.key), binding.key)
        known = found.setdefault(text, KeyHint(text, (), read_only and binding.id in CHANGES))
        synonyms = f"{known.synonyms} {SYNONYMS.get(binding.id or '', '')}".strip()
        if key[0] not in (name for name, _ in known.keys):
            found[text] = known._replace(keys=(*known.keys, key), synonyms=synonyms)
    return tuple(hint for hint in found.values() if hint.does)

"""Explaining a key of another pane or screen that has no effect in the current one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from textual.app import App
from textual.binding import Binding, BindingType

from clawtui.tui.panes.pane import Pane
from clawtui.tui.screens.bindings import GENERAL_KEYS, RUN_KEYS
from clawtui.tui.screens.key_hints import key_name, own_bindings
from clawtui.tui.screens.pane_grid import PaneGrid

_KEPT: Final = frozenset({"general.end", "general.suspend", "general.palette"})
"""Operations whose keys are never explained, because they work everywhere."""


class UnboundKeys:
    """The keys of all panes, with an explanation of each key that the current pane does not have."""

    def __init__(self, app: App[None], panes: Sequence[Pane]) -> None:
        self._app = app
        self._panes = panes
        self._meanings: dict[str, list[tuple[str, Pane]]] = {}

    def listen(self) -> None:
        """Bind the keys that only some panes have on the app, so that all other bindings come first."""
        for pane in self._panes:
            for binding in own_bindings(self._app, pane):
                self._meanings.setdefault(binding.key, []).append((binding.tooltip, pane))
        general = [key for binding in (*GENERAL_KEYS, *RUN_KEYS, *PaneGrid.BINDINGS) for key in _keys_of(binding)]
        for key in dict.fromkeys([*self._meanings, *general]):
            self._app.bind(key, f"command('explain', '{key}')", show=False)

    def explain(self, key: str) -> None:
        """Show the meaning of `key`, and its panes."""
        from clawtui.tui.screens.pane_screen import PaneScreen

        if isinstance(self._app.screen, PaneScreen):
            text = f"{key_name(key)} is a key of the dashboard: Esc goes back to that."
            self._app.notify(text, severity="warning", markup=False, timeout=4)
            return
        meanings = self._meanings.get(key, [])
        if not meanings:
            return
        places = dict.fromkeys(f"{pane.title} ({pane.number})" for _, pane in meanings)
        text = f"{key_name(key)} is a key of {' and '.join(places)}: {meanings[0][0]}"
        self._app.notify(text, severity="warning", markup=False, timeout=4)


def _keys_of(binding: BindingType) -> list[str]:
    """Return the keys of a binding that may be explained."""
    if not isinstance(binding, Binding) or binding.id in _KEPT:
        return []
    return [key.strip() for key in binding.key.split(",")]

"""A key that means something elsewhere says so, where it would otherwise do nothing."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import App

from clawtui.tui.commands import own_bindings
from clawtui.tui.key_hints import key_name
from clawtui.tui.panes.pane import Pane


class Explaining:
    """Knows the keys of all panes; asked about one, it is because the place one is in has none of that name."""

    def __init__(self, app: App[None], panes: Sequence[Pane]) -> None:
        self._app = app
        self._panes = panes
        self._meanings: dict[str, list[tuple[str, Pane]]] = {}

    def listen(self) -> None:
        """Binds what only some panes have, behind everything else that is bound."""
        for pane in self._panes:
            for binding in own_bindings(self._app, pane):
                self._meanings.setdefault(binding.key, []).append((binding.tooltip, pane))
        for key in self._meanings:
            self._app.bind(key, f"explain('{key}')", show=False)

    def explain(self, key: str) -> None:
        """Says what the key does, and where."""
        meanings = self._meanings.get(key, [])
        if not meanings:
            return
        places = dict.fromkeys(f"{pane.title} ({pane.number})" for _, pane in meanings)
        told = f"{key_name(key)}: {meanings[0][0]}. Only in {' and '.join(places)}."
        self._app.notify(told, severity="warning", markup=False, timeout=4)

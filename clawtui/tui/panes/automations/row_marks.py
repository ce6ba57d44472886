"""The automations that the operator has marked, so that one key acts on all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from clawtui.model.fleet import Automation
from clawtui.tui.terminal.glyphs import MATCHED
from clawtui.tui.widgets.line import Line, Span

_NAME = 1
"""The position of the cell that has the mark."""


class RowMarks:
    """The keys of the marked rows, in the order in which they were marked."""

    def __init__(self, on_change: Callable[[], None]) -> None:
        """Call `on_change` after each change by the operator."""
        self._on_change = on_change
        self._keys: dict[str, None] = {}
        self._automations: Mapping[str, Automation] = {}

    def __contains__(self, key: str) -> bool:
        """Return whether the row is marked."""
        return key in self._keys

    def toggle(self, key: str) -> None:
        """Mark the row, or remove its mark."""
        if key in self._keys:
            del self._keys[key]
        else:
            self._keys[key] = None
        self._on_change()

    def clear(self) -> None:
        """Remove all marks."""
        if self._keys:
            self._keys.clear()
            self._on_change()

    def update(self, automations: Mapping[str, Automation]) -> None:
        """Set the current automations, and remove the marks of those that no longer exist."""
        self._automations = automations
        if any(key not in automations for key in self._keys):
            self._keys = {key: None for key in self._keys if key in automations}

    @property
    def automations(self) -> tuple[Automation, ...]:
        """The marked automations."""
        return tuple(self._automations[key] for key in self._keys)

    def shown_in(self, key: str, cells: Sequence[Line]) -> Sequence[Line]:
        """Return the cells of a row, with the mark before the name if it is marked."""
        if key not in self._keys:
            return cells
        marked = (Span(f"{MATCHED} ", "match"), *cells[_NAME])
        return (*cells[:_NAME], marked, *cells[_NAME + 1 :])

    def total(self) -> Line:
        """Return how many are marked, for the title."""
        return (Span(" · ", "dim"), Span(f"{len(self._keys)} marked", "match")) if self._keys else ()

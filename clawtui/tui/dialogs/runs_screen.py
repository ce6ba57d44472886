"""All runs of an automation, with all the room there is."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.binding import Binding, BindingType

from clawtui.model.run import Run
from clawtui.tui.dialogs.place import Place
from clawtui.tui.panes.runs import RunsPane


class RunsScreen(Place[RunsPane]):
    """Ends with Enter, which has ``go_to`` show the run that the cursor is on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "its timeline and log", tooltip="show this run: its timeline and log", id="runs.open"),
        Binding("H", "back", "back", show=False, tooltip="back to the dashboard", id="runs.back"),
    ]

    def __init__(
        self, pane: RunsPane, fill: Callable[[], None], reload: Callable[[], None], go_to: Callable[[Run], None]
    ) -> None:
        super().__init__(pane, fill, reload)
        self._go_to = go_to

    def action_open(self) -> None:
        """Goes to the run that the cursor is on."""
        run = self.pane.chosen
        if run is not None:
            self.dismiss()
            self._go_to(run)

"""The pane with all logs as one: the log pane, with the source of each line."""

from __future__ import annotations

from datetime import tzinfo
from typing import ClassVar

from textual.binding import Binding, BindingType

from clawtui.tui.panes.log.pane import LogPane


class AllLogsPane(LogPane):
    """Pane with the lines of all logs by time; ``body.lines.origin_of`` tells where a line comes from."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "display('entry')", "entry", tooltip="the chosen entry as JSON", id="logs.entry"),
        Binding("enter", "screen.open", "its run", tooltip="the run that wrote this line", id="logs.open"),
    ]
    number: ClassVar[int] = 0
    title: ClassVar[str] = "All logs"

    def __init__(self, zone: tzinfo | None = None) -> None:
        super().__init__(zone)
        self.window.marks_restart = False  # older lines are left out when there are too many

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Disable the key that shows the dispatcher's log, which is among these."""
        if action == "display" and parameters == ("dispatcher",):
            return False
        return super().check_action(action, parameters)

"""The pane with all logs as one: the log pane, with the source of each line."""

from __future__ import annotations

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
    unused: ClassVar[frozenset[str]] = frozenset({"dispatcher"})

"""All runs of an automation, with all the room there is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType

from clawtui.model.runs.run import Run
from clawtui.tui.dialogs.dialog_text import run_lines
from clawtui.tui.dialogs.lines_dialog import LinesDialog
from clawtui.tui.panes.runs.pane import RunsPane
from clawtui.tui.screens.clipboard_items import ClipboardItems, of_run
from clawtui.tui.screens.pane_screen import PaneScreen


class RunsScreen(PaneScreen[RunsPane]):
    """Ends with Enter, which has ``go_to`` show the run that the cursor is on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "its timeline and log", tooltip="show this run: its timeline and log", id="runs.open"),
        Binding("L", "log", "log", tooltip="the log of this run", id="runs.log"),
        Binding("d", "details", "details", tooltip="what is known of this run, as JSON", id="runs.details"),
        Binding("y", "app.copy", "copy", tooltip="copy the run's name, its summary, its log's path", id="runs.copy"),
        Binding("v", "app.page", "pager", show=False, tooltip="its log in your $PAGER", id="runs.pager"),
        Binding("H", "back", "back", show=False, tooltip="back to the dashboard", id="runs.back"),
    ]

    def __init__(
        self,
        pane: RunsPane,
        fill: Callable[[], None],
        reload: Callable[[], None],
        go_to: Callable[[Run], None],
        log_of: Callable[[Run], None],
    ) -> None:
        super().__init__(pane, fill, reload)
        self._go_to = go_to
        self._log_of = log_of

    @property
    def path_in_sight(self) -> str | None:
        """The log of the run that the cursor is on."""
        return self.pane.chosen.log if self.pane.chosen is not None else None

    @property
    def copyable_in_sight(self) -> tuple[str, Sequence[ClipboardItems]]:
        """What can be copied of the run that the cursor is on."""
        run = self.pane.chosen
        return ("the run", tuple(of_run(run))) if run is not None else ("", ())

    def action_open(self) -> None:
        """Goes to the run that the cursor is on."""
        run = self.pane.chosen
        if run is not None:
            self.dismiss()
            self._go_to(run)

    def action_log(self) -> None:
        """Goes to the log of the run that the cursor is on."""
        run = self.pane.chosen
        if run is not None:
            self.dismiss()
            self._log_of(run)

    def action_details(self) -> None:
        """Shows what is known of the run that the cursor is on."""
        run = self.pane.chosen
        if run is not None:
            self.app.push_screen(LinesDialog(run.name, lambda: run_lines(run)))

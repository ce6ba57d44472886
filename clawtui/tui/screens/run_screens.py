"""The screens other than the dashboard: runs, artifacts, the dispatcher's last hours, and the workspaces."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import ClassVar

from textual.binding import Binding, BindingType

from clawtui.model.documents.artifact import Artifact
from clawtui.model.runs.run import Run
from clawtui.model.text.cleaning import displayable
from clawtui.tui.dialogs.dialog_text import entry_lines, run_lines
from clawtui.tui.dialogs.lines_dialog import LinesDialog
from clawtui.tui.panes.activity.pane import ActivityPane
from clawtui.tui.panes.artifacts.pane import ArtifactsPane
from clawtui.tui.panes.log.pane import AllLogsPane, LogPane
from clawtui.tui.panes.runs.pane import RunsPane
from clawtui.tui.panes.workspaces.pane import WorkspacesPane
from clawtui.tui.screens.pane_screen import PaneScreen
from clawtui.tui.screens.selection import ClipboardItem, of_run


class RunsScreen(PaneScreen[RunsPane]):
    """Screen with all runs of an automation. Enter closes it and opens the selected run with `open_run`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "its timeline and log", tooltip="show this run: its timeline and log", id="runs.open"),
        Binding("L", "log", "log", tooltip="the log of this run", id="runs.log"),
        Binding("d", "details", "details", tooltip="what is known of this run, as JSON", id="runs.details"),
        Binding(
            "y",
            "app.command('copy')",
            "copy",
            tooltip="copy the run's name, its summary, its log's path",
            id="runs.copy",
        ),
        Binding("v", "app.command('page')", "pager", show=False, tooltip="its log in your $PAGER", id="runs.pager"),
        Binding("H", "back", "back", show=False, tooltip="back to the dashboard", id="runs.back"),
    ]

    def __init__(
        self,
        pane: RunsPane,
        fill: Callable[[], None],
        reload: Callable[[], None],
        open_run: Callable[[Run], None],
        open_log: Callable[[Run], None],
    ) -> None:
        super().__init__(pane, fill, reload)
        self._open_run = open_run
        self._open_log = open_log

    @property
    def selected_file(self) -> str | None:
        """The path of the log of the selected run; None if there is none."""
        return self.pane.chosen.log if self.pane.chosen is not None else None

    @property
    def clipboard_items(self) -> tuple[str, Sequence[ClipboardItem]]:
        """The texts of the selected run that can be copied."""
        run = self.pane.chosen
        return ("the run", tuple(of_run(run))) if run is not None else ("", ())

    def action_open(self) -> None:
        """Go to the selected run."""
        run = self.pane.chosen
        if run is not None:
            self.dismiss()
            self._open_run(run)

    def action_log(self) -> None:
        """Go to the log of the selected run."""
        run = self.pane.chosen
        if run is not None:
            self.dismiss()
            self._open_log(run)

    def action_details(self) -> None:
        """Show the facts of the selected run as JSON."""
        run = self.pane.chosen
        if run is not None:
            self.app.push_screen(LinesDialog(run.name, lambda width: run_lines(run)))


class ArtifactsScreen(PaneScreen[ArtifactsPane]):
    """Screen with the artifacts of an automation. Enter opens the selected one with `read`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "read", tooltip="what is in the artifact", id="artifacts.read"),
        Binding("v", "app.command('page')", "pager", tooltip="the artifact in your $PAGER", id="artifacts.pager"),
        Binding("a", "back", "back", show=False, tooltip="back to the dashboard", id="artifacts.back"),
    ]

    def __init__(
        self,
        pane: ArtifactsPane,
        fill: Callable[[], None],
        reload: Callable[[], None],
        read: Callable[[Artifact], None],
    ) -> None:
        super().__init__(pane, fill, reload)
        self._read = read

    @property
    def selected_file(self) -> str | None:
        """The path of the selected artifact; None if there is none."""
        return self.pane.chosen.path if self.pane.chosen is not None else None

    def action_open(self) -> None:
        """Show the content of the selected artifact."""
        if self.pane.chosen is not None:
            self._read(self.pane.chosen)
        else:
            self.notify("There is no artifact to choose here.", severity="warning", markup=False)


class ActivityScreen(PaneScreen[ActivityPane]):
    """Screen with the automations that the dispatcher started or skipped in the last hours."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "its run", tooltip="show the run at the cursor: its timeline", id="activity.open"),
        Binding("W", "back", "back", show=False, tooltip="back to the dashboard", id="activity.back"),
    ]

    def __init__(
        self,
        pane: ActivityPane,
        fill: Callable[[], None],
        reload: Callable[[], None],
        open_event: Callable[[str, datetime], None],
    ) -> None:
        super().__init__(pane, fill, reload)
        self._open_event = open_event

    def action_open(self) -> None:
        """Go to the run at the cursor, or to the automation of a skip, with `open_event`."""
        cursor = self.pane.cursor
        if cursor.marked is not None:
            self.dismiss()
            self._open_event(cursor.key, cursor.marked[1])

    def on_activity_pane_span_changed(self) -> None:
        """Read the logs of the new span of hours."""
        self.action_reload()


class WorkspacesScreen(PaneScreen[WorkspacesPane]):
    """Screen with all workspaces. `details` shows the fields of one, `clean` removes one after a question."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,d", "details", "details", tooltip="each field of its documents", id="workspaces.details"),
        Binding("X", "clean", "clean", tooltip="remove the workspace with everything in it", id="workspaces.clean"),
        Binding("B", "back", "back", show=False, tooltip="back to the dashboard", id="workspaces.back"),
    ]

    def __init__(
        self,
        pane: WorkspacesPane,
        fill: Callable[[], None],
        reload: Callable[[], None],
        details: Callable[[str], None],
        clean: Callable[[str], None],
    ) -> None:
        super().__init__(pane, fill, reload)
        self._details = details
        self._clean = clean

    def action_details(self) -> None:
        """Show the fields of the selected workspace."""
        self._with_chosen(self._details)

    def action_clean(self) -> None:
        """Ask whether to remove the selected workspace."""
        self._with_chosen(self._clean)

    def _with_chosen(self, act: Callable[[str], None]) -> None:
        if self.pane.chosen is not None:
            act(self.pane.chosen)
        else:
            self.notify("There is no workspace to choose here.", severity="warning", markup=False)


class AllLogsScreen(PaneScreen[AllLogsPane]):
    """Screen with all logs as one. Enter closes it and goes to the run of the line with `open_run`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "app.command('copy')", "copy", tooltip="copy the line, its log's path", id="logs.copy"),
        Binding("v", "app.command('page')", "pager", show=False, tooltip="its log in your $PAGER", id="logs.pager"),
        Binding("A", "back", "back", show=False, tooltip="back to the dashboard", id="logs.back"),
    ]

    def __init__(
        self,
        pane: AllLogsPane,
        fill: Callable[[], None],
        reload: Callable[[], None],
        open_run: Callable[[], bool],
        find_file: Callable[[], str | None],
    ) -> None:
        super().__init__(pane, fill, reload)
        self._open_run = open_run
        self._find_file = find_file

    @property
    def selected_file(self) -> str | None:
        """The path of the log that has the chosen line."""
        return self._find_file()

    @property
    def clipboard_items(self) -> tuple[str, Sequence[ClipboardItem]]:
        """The chosen line, and the path of its log."""
        line, path = self.pane.window.chosen, self._find_file()
        if line is None or path is None:
            return "", ()
        return "the line", (ClipboardItem("line", displayable(line.decoded())), ClipboardItem("log", displayable(path)))

    def action_open(self) -> None:
        """Go to the run that wrote the chosen line."""
        if self._open_run():
            self.dismiss()
        else:
            self.notify("This line is of no automation that is here.", severity="warning", markup=False)

    def on_log_pane_entry_requested(self, event: LogPane.EntryRequested) -> None:
        """Show the whole log entry as JSON in a dialog."""
        self.app.push_screen(LinesDialog("Entry", lambda width: entry_lines(event.line.decoded(), width)))

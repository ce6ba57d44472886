"""Filling the screen with all workspaces while it is open."""

from __future__ import annotations

from collections.abc import Mapping

from clawtui.model.documents.base import Document, Problem
from clawtui.model.fleet import Workspace
from clawtui.tui.controllers.commands import CommandContext
from clawtui.tui.controllers.runs.loader import Loader
from clawtui.tui.controllers.workspaces.clean_workspace import CleanWorkspace
from clawtui.tui.dialogs.field_text import field_lines
from clawtui.tui.dialogs.lines_dialog import LinesDialog
from clawtui.tui.panes.workspaces.pane import WorkspacesPane
from clawtui.tui.panes.workspaces.view_model import WorkspacesViewModel
from clawtui.tui.screens.run_screens import WorkspacesScreen


class ShownWorkspaces:
    """Controller of one screen with the workspaces: they are measured when it opens, when one comes, and at `R`."""

    def __init__(self, context: CommandContext) -> None:
        self._app = context.app
        self._view = context.dashboard.view
        self._paths = context.paths
        self._clock = context.clock
        self._sizes: Mapping[str, int | None] | None = None
        self._measured: frozenset[str] | None = None
        self._problem: str | None = None
        self._loading = Loader(context.app, "measuring the workspaces", self._load, self._take, self._fail)
        self._clean = CleanWorkspace(context)
        self._screen = WorkspacesScreen(
            WorkspacesPane(), self._fill, self._loading.start, self._show_details, self._clean.ask
        )
        self._screen.read_only = context.read_only

    def open(self) -> None:
        """Show the screen."""
        self._app.push_screen(self._screen)

    def _fill(self) -> None:
        workspaces = self._view.fleet.workspaces
        if self._measured != frozenset(workspaces):
            self._measured = frozenset(workspaces)
            self._loading.start()
        self._screen.pane.show(WorkspacesViewModel(workspaces, self._sizes, self._problem), self._clock())

    def _show_details(self, id: str) -> None:
        self._app.push_screen(
            LinesDialog(f"workspaces/{id}", lambda width: field_lines(self._documents(id), self._clock(), width))
        )

    def _documents(self, id: str) -> list[tuple[str, Document | Problem | None]]:
        workspace = self._view.fleet.workspaces.get(id) or Workspace(id)
        readings = (workspace.info, workspace.state, workspace.progress)
        return [(reading.path, reading.value or reading.problem) for reading in readings if reading is not None]

    def _load(self) -> Mapping[str, int | None]:
        from clawtui.operations.runs.workspaces import report_workspaces

        return {report.workspace.id: report.size for report in report_workspaces(self._paths, measured=True)}

    def _take(self, sizes: Mapping[str, int | None]) -> None:
        self._sizes, self._problem = sizes, None
        self._screen.refresh_lines()

    def _fail(self, problem: str) -> None:
        self._problem = problem
        self._screen.refresh_lines()

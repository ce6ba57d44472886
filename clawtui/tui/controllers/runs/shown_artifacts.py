"""Filling the screen with the artifacts of an automation while it is open."""

from __future__ import annotations

from functools import lru_cache, partial

from clawtui.model.documents.artifact import Artifact
from clawtui.model.runs.run import Run
from clawtui.tui.controllers.commands import CommandContext
from clawtui.tui.controllers.runs.loader import Loader
from clawtui.tui.dialogs.lines_dialog import LinesDialog
from clawtui.tui.panes.artifacts.lines import artifact_lines
from clawtui.tui.panes.artifacts.pane import ArtifactsPane
from clawtui.tui.panes.artifacts.view_model import ArtifactsViewModel
from clawtui.tui.screens.run_screens import ArtifactsScreen


class ShownArtifacts:
    """Controller of one artifacts screen: it lists them again when a run begins or ends, and at `R`."""

    def __init__(self, context: CommandContext) -> None:
        self._app = context.app
        self._view = context.dashboard.view
        self._paths = context.paths
        self._clock = context.clock
        chosen = self._view.chosen
        self._key, self._id = (chosen.config.path, chosen.id) if chosen is not None else ("", "")
        self._name = chosen.name if chosen is not None else ""
        self._runs: tuple[Run, ...] | None = None
        self._artifacts: tuple[Artifact, ...] | None = None
        self._problem: str | None = None
        self._loading = Loader(context.app, "listing the artifacts", self._load, self._take, self._fail)
        self._pane = ArtifactsPane(context.zone)
        self._screen = ArtifactsScreen(self._pane, self._fill, self._loading.start, self._read)

    def open(self) -> None:
        """Show the screen."""
        self._app.push_screen(self._screen)

    def _fill(self) -> None:
        view = self._view
        automation = view.fleet.automations.get(self._key)
        runs = view.runs.runs_of(view.fleet, automation) if automation is not None else ()
        if self._runs is None or runs is not self._runs:
            self._runs = runs
            self._loading.start()
        self._pane.show(ArtifactsViewModel(self._name, self._artifacts, runs, self._problem), self._clock())

    def _load(self) -> tuple[Artifact, ...]:
        from clawtui.storage.stores.artifacts import ArtifactStore

        return ArtifactStore(self._paths).list_artifacts(self._id)

    def _take(self, artifacts: tuple[Artifact, ...]) -> None:
        self._artifacts, self._problem = artifacts, None
        self._screen.refresh_lines()

    def _fail(self, problem: str) -> None:
        self._problem = problem
        self._screen.refresh_lines()

    def _read(self, artifact: Artifact) -> None:
        from clawtui.operations.runs.artifacts import artifact_to_show

        def show(data: bytes) -> None:
            lines = lru_cache(maxsize=1)(partial(artifact_lines, artifact.kind, data))
            self._app.push_screen(LinesDialog(artifact.name, lines))

        def refuse(problem: str) -> None:
            self._app.notify(problem, severity="error", markup=False)

        Loader(self._app, "reading an artifact", lambda: artifact_to_show(self._paths, artifact), show, refuse).start()

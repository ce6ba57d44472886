"""The view model of the timeline pane: one run, and its milestones."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from clawtui.model.documents.workspace import ProgressState, RuntimeState
from clawtui.model.fleet import Automation, Workspace
from clawtui.model.runs.report import RunReport
from clawtui.model.runs.run import Run
from clawtui.model.runs.timeline import Step, belongs_to, steps, timeline_from_log


class TimelineViewModel(Struct, frozen=True):
    """Run of an automation with its report, and the workspace of the automation."""

    automation: Automation | None = None
    workspace: Workspace | None = None
    run: Run | None = None
    """None where the automation has never run."""
    page: RunReport | None = None
    """The report on the run; None until it has been read."""
    past: bool = False
    """Whether it is not the newest run."""

    @property
    def subject(self) -> tuple[object, ...]:
        """The identity of the automation and of its run."""
        return (self.automation.config.path if self.automation else "", self.run.identity if self.run else None)

    @property
    def name(self) -> str:
        """The name of the automation."""
        return self.automation.name if self.automation else ""

    @property
    def state(self) -> RuntimeState | None:
        """The state of the run in the workspace; None for a past run."""
        workspace = self.workspace
        return (
            workspace.state.value if workspace is not None and workspace.state is not None and not self.past else None
        )

    @property
    def going(self) -> RuntimeState | None:
        """The state of a run in progress. A run whose end is recorded is not in progress, even if its state says so."""
        running = self.workspace.running if self.workspace is not None and not self.past else None
        return running if self.run is None or self.run.running else None

    def steps(self, now: datetime) -> tuple[Step, ...]:
        """Return the milestones: from ``progress.json`` if it is of this run, else from its log."""
        page, progress = self.page, self._progress
        if progress is not None and (page is None or page.run.running or page.timeline.source != "progress"):
            running = self.going is not None
            return steps(progress.timeline, now if running else progress.last_update, running)
        if page is None:
            return ()
        return timeline_from_log(page.log_summary, now).steps if page.run.running else page.timeline.steps

    @property
    def _progress(self) -> ProgressState | None:
        workspace = self.workspace
        progress = workspace.progress.value if workspace is not None and workspace.progress is not None else None
        return progress if progress is not None and (self.run is None or belongs_to(progress, self.run)) else None

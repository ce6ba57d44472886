"""The view model of the timeline pane: one run with its milestones, and the cursor on one of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from clawtui.model.fleet import Automation, Workspace
from clawtui.model.runs.report import RunReport
from clawtui.model.runs.run import Run
from clawtui.model.runs.timeline import Step, belongs_to, steps, timeline_from_log
from clawtui.tui.widgets.line_view import Movement

if TYPE_CHECKING:
    from clawtui.model.documents.workspace import ProgressState, RuntimeState


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
    why_none: str = "no automation"
    """The text where there is no automation."""

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


class StepCursor:
    """Position among the milestones of a run. It stays on its milestone while others are added."""

    def __init__(self) -> None:
        self._steps: Sequence[Step] = ()
        self._held: tuple[datetime, str] | None = None

    @property
    def chosen(self) -> Step | None:
        """The milestone to which the operator moved; None while the newest is followed."""
        return self._steps[self.position] if self._held is not None and self._steps else None

    @property
    def position(self) -> int:
        """The position of the cursor's milestone."""
        last = len(self._steps) - 1
        same = (at for at, step in enumerate(self._steps) if (step.at, step.title) == self._held)
        return max(0, next(same, last))

    def show(self, steps: Sequence[Step]) -> None:
        """Set the milestones, oldest first."""
        self._steps = steps

    def release(self) -> None:
        """Follow the newest milestone."""
        self._held = None

    def move(self, unit: Movement, count: float, page: int) -> bool:
        """Move by milestones or pages of `page` lines, or to the first or last; return False if it does not move."""
        before, last = self.position, len(self._steps) - 1
        if unit in ("top", "bottom"):
            target = 0 if unit == "top" else last
        else:
            target = before + int(count * (page if unit == "pages" else 1))
        position = max(0, min(last, target))
        if last < 0 or position == before:
            return False
        step = self._steps[position]
        self._held = (step.at, step.title) if position < last else None
        return True

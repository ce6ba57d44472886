"""One run's page: its timeline from ``progress.json`` while that is still of this run, else from its log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from clawtui.model.documents.workspace import ProgressState, RuntimeState
from clawtui.model.errors import Unreadable
from clawtui.model.runs.log_summary import LogSummary
from clawtui.model.runs.report import RunReport
from clawtui.model.runs.run import Run
from clawtui.model.runs.timeline import Timeline, belongs_to, steps, timeline_from_log, with_failure
from clawtui.operations.runs.log_summary import DurationStatsReader, read_log_summary
from clawtui.storage.paths import StatePaths
from clawtui.storage.workspaces.manager import WorkspaceManager


def read_page(
    paths: StatePaths, run: Run, runs: Sequence[Run], now: datetime, usual: DurationStatsReader | None = None
) -> RunReport:
    """All that is known of ``run``, which is one of ``runs``, those of its automation. Raises Refused.

    ``usual`` is for whoever reads more than one page: past logs are then read once.
    """
    problem = None
    try:
        story = read_log_summary(paths, run)
    except Unreadable as error:
        story, problem = LogSummary(), str(error)
    timeline = timeline_of(paths, run, story, now)
    return RunReport(run, timeline, story, (usual or DurationStatsReader(paths)).read(runs), problem)


def timeline_of(paths: StatePaths, run: Run, story: LogSummary, now: datetime) -> Timeline:
    """The timeline of ``run``, whose current milestone lasts until ``now``. Raises Refused."""
    reading = WorkspaceManager(paths).progress(run.automation_id)
    progress = reading.value if reading is not None else None
    if progress is not None and belongs_to(progress, run):
        until = now if run.running else run.ended or progress.last_update
        timeline = Timeline("progress", steps(progress.timeline, until, run.running))
    else:
        timeline = timeline_from_log(story, now if run.running else None)
    return with_failure(timeline) if run.status == "failed" else timeline


def is_of_run(progress: ProgressState, state: RuntimeState) -> bool:
    """Whether the timeline is of the run that the state tells of: a new run's state comes before its timeline."""
    return progress.session_id is None or progress.session_id == state.session_id

"""The report on one run, with its timeline from ``progress.json`` if that is of this run, else from its log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from clawtui.model.documents.workspace import ProgressState, RuntimeState
from clawtui.model.errors import Unreadable
from clawtui.model.runs.log_summary import LogSummary
from clawtui.model.runs.report import RunReport
from clawtui.model.runs.run import Run
from clawtui.model.runs.timeline import Timeline, belongs_to, steps, timeline_from_log, with_failure
from clawtui.operations.runs.growing_log import LogSummaryReader
from clawtui.operations.runs.log_summary import DurationStatsReader
from clawtui.storage.paths import StatePaths
from clawtui.storage.workspaces.manager import WorkspaceManager


def read_report(
    paths: StatePaths,
    run: Run,
    runs: Sequence[Run],
    now: datetime,
    usual: DurationStatsReader | None = None,
    summaries: LogSummaryReader | None = None,
) -> RunReport:
    """Return all facts about ``run``, which is one of ``runs``, the runs of its automation. Raises Refused.

    Pass one ``usual`` and one ``summaries`` for several reports, so that past logs are read only once, and of growing
    ones only what was appended.
    """
    problem = None
    try:
        summary = (summaries or LogSummaryReader(paths)).read(run)
    except Unreadable as error:
        summary, problem = LogSummary(), str(error)
    timeline = timeline_of(paths, run, summary, now)
    return RunReport(run, timeline, summary, (usual or DurationStatsReader(paths)).read(runs), problem)


def timeline_of(paths: StatePaths, run: Run, summary: LogSummary, now: datetime) -> Timeline:
    """Return the timeline of ``run``; its current milestone lasts until ``now``. Raises Refused."""
    reading = WorkspaceManager(paths).progress(run.automation_id)
    progress = reading.value if reading is not None else None
    if progress is not None and belongs_to(progress, run):
        until = now if run.running else run.ended or progress.last_update
        timeline = Timeline("progress", steps(progress.timeline, until, run.running))
    else:
        timeline = timeline_from_log(summary, now if run.running else None)
    return with_failure(timeline) if run.status == "failed" else timeline


def is_of_run(progress: ProgressState, state: RuntimeState) -> bool:
    """Return whether the timeline is of the run of ``state``: a new run writes its state before its timeline."""
    return progress.session_id is None or progress.session_id == state.session_id

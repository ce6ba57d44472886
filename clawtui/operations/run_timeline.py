"""One run's page: its timeline from ``progress.json`` while that is still of this run, else retold from its log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from clawtui.model.log_story import LogStory
from clawtui.model.progress import ProgressState
from clawtui.model.run import Run
from clawtui.model.run_page import RunPage
from clawtui.model.timeline import Timeline, is_of, retold, steps, with_failure
from clawtui.model.workspace import RuntimeState
from clawtui.operations.run_story import read_story
from clawtui.operations.usual import UsualReader
from clawtui.storage.errors import Unreadable
from clawtui.storage.paths import StatePaths
from clawtui.storage.workspace_manager import WorkspaceManager


def read_page(
    paths: StatePaths, run: Run, runs: Sequence[Run], now: datetime, usual: UsualReader | None = None
) -> RunPage:
    """All that is known of ``run``, which is one of ``runs``, those of its automation. Raises Refused.

    ``usual`` is for whoever reads more than one page: past logs are then read once.
    """
    problem = None
    try:
        story = read_story(paths, run)
    except Unreadable as error:
        story, problem = LogStory(), str(error)
    timeline = timeline_of(paths, run, story, now)
    return RunPage(run, timeline, story, (usual or UsualReader(paths)).read(runs), problem)


def timeline_of(paths: StatePaths, run: Run, story: LogStory, now: datetime) -> Timeline:
    """The timeline of ``run``, whose current milestone lasts until ``now``. Raises Refused."""
    reading = WorkspaceManager(paths).progress(run.automation_id)
    progress = reading.value if reading is not None else None
    if progress is not None and is_of(progress, run):
        until = now if run.running else run.ended or progress.last_update
        timeline = Timeline("progress", steps(progress.timeline, until, run.running))
    else:
        timeline = retold(story, now if run.running else None)
    return with_failure(timeline) if run.status == "failed" else timeline


def is_of_run(progress: ProgressState, state: RuntimeState) -> bool:
    """Whether the timeline is of the run that the state tells of: a new run's state comes before its timeline."""
    return progress.session_id is None or progress.session_id == state.session_id

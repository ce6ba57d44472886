"""A run's milestones with their durations, from ``progress.json`` or made from its log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from msgspec import Struct, field
from msgspec.structs import replace

from clawtui.model.runs.log_summary import LogSummary
from clawtui.model.runs.run import SLACK, Run

if TYPE_CHECKING:
    from clawtui.model.documents.workspace import Milestone, ProgressState

Source = Literal["progress", "log"]


class Step(Struct, frozen=True):
    """A milestone and the time until the next one."""

    at: datetime
    title: str
    percentage: int | float | None
    """None in a timeline that is made from a log."""
    took: timedelta | None = None
    """None if the end is not known."""
    current: bool = False
    """Whether it is the current step of a run that is going."""
    failed: bool = False
    """Whether an error happened in it."""
    details: Mapping[str, object] = field(default_factory=dict)


class Timeline(Struct, frozen=True):
    """The steps of a run, oldest first, at most the last 1,000."""

    source: Source | None = None
    """None if neither has anything about this run."""
    steps: tuple[Step, ...] = ()


def steps(timeline: Sequence[Milestone], until: datetime | None, running: bool = False) -> tuple[Step, ...]:
    """Return the milestones as steps; the last one ends at ``until``, if that is known."""
    converted = (Step(one.timestamp, one.milestone, one.percentage, details=one.details) for one in timeline)
    return _lasting(converted, until, running)


def timeline_from_log(summary: LogSummary, until: datetime | None) -> Timeline:
    """Return the timeline of a log; the last step ends at ``until`` while the run is going, else at the log's end."""
    found = [Step(event.at, event.title, None, failed=event.failed, details=event.details) for event in summary.events]
    return Timeline("log" if found else None, _lasting(found, until or summary.phases.last, until is not None))


def with_failure(timeline: Timeline) -> Timeline:
    """Return the timeline of a failed run, with its last step marked as failed if no step is."""
    if not timeline.steps or any(step.failed for step in timeline.steps):
        return timeline
    return replace(timeline, steps=(*timeline.steps[:-1], replace(timeline.steps[-1], failed=True)))


def belongs_to(progress: ProgressState, run: Run) -> bool:
    """Return whether ``progress`` is of ``run``: by the session if both name one, else by the time of its start."""
    if not progress.timeline:
        return False
    if run.session_id is not None and progress.session_id is not None:
        return run.session_id == progress.session_id
    began = progress.timeline[0].timestamp
    return run.started - SLACK <= began and (run.next_start is None or began < run.next_start - SLACK)


def _lasting(steps: Iterable[Step], until: datetime | None, running: bool) -> tuple[Step, ...]:
    milestones = tuple(steps)
    ends = (*(following.at for following in milestones[1:]), until)
    lasting = [
        one if end is None else replace(one, took=max(timedelta(0), end - one.at))
        for one, end in zip(milestones, ends, strict=False)
    ]
    if lasting and running:
        lasting[-1] = replace(lasting[-1], current=True)
    return tuple(lasting)

"""One run's timeline: from ``progress.json`` while that is still of this run, else retold from its log."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from clawtui.model.log_entry import LogLine, RunLogEntry
from clawtui.model.progress import MAX_TIMELINE, ProgressState
from clawtui.model.workspace import RuntimeState
from clawtui.operations.runs import SLACK, Run
from clawtui.storage.log_reading import read_log
from clawtui.storage.paths import StatePaths
from clawtui.storage.workspace_manager import WorkspaceManager

Source = Literal["progress", "log"]


@dataclass(frozen=True, slots=True)
class Reached:
    """A milestone, and the time until the next."""

    at: datetime
    title: str
    percentage: int | float | None
    """None where a log tells the story, which knows none."""
    details: Mapping[str, object]
    took: timedelta | None = None
    """None where nothing says what followed."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """What a run reached, oldest first, the last 1,000."""

    source: Source | None
    """None where neither place tells anything of this run."""
    reached: tuple[Reached, ...]


def timeline_of(paths: StatePaths, run: Run, now: datetime) -> Timeline:
    """The timeline of ``run``, whose current milestone lasts until ``now``. Raises Refused."""
    until = now if run.status == "running" else run.ended
    reading = WorkspaceManager(paths).progress(run.automation_id)
    progress = reading.value if reading is not None else None
    if progress is not None and progress.timeline and _is_of(progress, run):
        return Timeline("progress", reached_in(progress, until or progress.last_update))
    return _retold(_lines(paths, run), now if run.status == "running" else None)


def reached_in(progress: ProgressState, until: datetime | None) -> tuple[Reached, ...]:
    """Its milestones, each with the time until the next; the last one lasts ``until`` then, where that is known."""
    told = (Reached(one.timestamp, one.milestone, one.percentage, one.details) for one in progress.timeline)
    return _lasting(told, until)


def is_of_run(progress: ProgressState, state: RuntimeState) -> bool:
    """Whether the timeline is of the run that the state tells of: a new run's state comes before its timeline."""
    return progress.session_id is None or progress.session_id == state.session_id


def _lasting(reached: Iterable[Reached], until: datetime | None) -> tuple[Reached, ...]:
    milestones = tuple(reached)
    ends = (*(following.at for following in milestones[1:]), until)
    return tuple(
        one if end is None else replace(one, took=max(timedelta(0), end - one.at))
        for one, end in zip(milestones, ends, strict=False)
    )


def _is_of(progress: ProgressState, run: Run) -> bool:
    """Whether the timeline is this run's: the same session where both name one, else begun while it was the newest."""
    if run.session_id is not None and progress.session_id is not None:
        return run.session_id == progress.session_id
    began = progress.timeline[0].timestamp
    return run.started - SLACK <= began and (run.next_start is None or began < run.next_start - SLACK)


def _retold(lines: Iterable[LogLine], until: datetime | None) -> Timeline:
    """Where the run came to another phase, and whatever went wrong; ``until`` None lasts to the log's last line."""
    reached: deque[Reached] = deque(maxlen=MAX_TIMELINE)
    phase, last = None, None
    for line in lines:
        entry = line.entry
        if not isinstance(entry, RunLogEntry):
            continue
        last = entry.timestamp
        if entry.level != "debug":
            if entry.phase != phase or entry.level == "error":
                reached.append(Reached(last, entry.message, None, {"phase": entry.phase, **line.fields}))
            phase = entry.phase
    return Timeline("log" if reached else None, _lasting(reached, until or last))


def _lines(paths: StatePaths, run: Run) -> Iterator[LogLine]:
    if run.log is None:
        return iter(())
    if not run.shares_log:
        return read_log(paths.automations, run.log)
    lines = read_log(paths.automations, run.log, about=f'"{run.automation_id}"')
    return filter(run.wrote, lines)

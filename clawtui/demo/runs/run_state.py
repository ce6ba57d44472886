"""What a run has to show at one moment, and the beats by which it gets there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from clawtui.demo.seed.fleet_spec import Role
from clawtui.model.documents.base import LogLevel
from clawtui.model.documents.log_entry import Phase, RunLogEntry
from clawtui.model.documents.workspace import (
    GitState,
    MergeState,
    Milestone,
    Repository,
    ResolutionState,
    RuntimeState,
    StateArtifacts,
    StateDetails,
    StateProgress,
    WorkspaceInfo,
    WorkspaceSize,
)

InfoStatus = Literal["active", "complete", "failed", "abandoned"]


@dataclass(frozen=True, slots=True)
class RunSnapshot:
    """What ``state.json`` tells, flat: who tells a run's story changes one thing at a time."""

    phase: str = "initializing"
    milestone: str = "Initializing workspace"
    percentage: int = 0
    file: str | None = None
    cloned: bool = False
    commit: str | None = None
    upstream_commit: str | None = None
    merging: bool = False
    detected: int = 0
    resolved: int = 0
    skipped: int = 0
    corrections: int = 0
    uncertain: tuple[Mapping[str, object], ...] = ()
    branch: str | None = None
    pull_request: int | None = None


Change = Callable[[RunSnapshot], RunSnapshot]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the run's log before anybody says it."""

    level: LogLevel
    phase: Phase
    message: str
    fields: Mapping[str, object] = field(default_factory=dict)
    """By their names on disk."""


@dataclass(frozen=True, slots=True)
class Beat:
    """One moment of a run: after a wait something is said, reached or changed."""

    wait: float
    """Seconds since the beat before, at the demo's usual speed."""
    line: Line | None = None
    milestone: tuple[str, int, Mapping[str, object]] | None = None
    """Title, percentage and details."""
    change: Change | None = None


def say(wait: float, level: LogLevel, phase: Phase, message: str, **fields: object) -> Beat:
    """A line of the log; ``fields`` have their names on disk."""
    return Beat(wait, line=Line(level, phase, message, fields))


def reach(wait: float, phase: str, title: str, percentage: int, **details: object) -> Beat:
    """A milestone, which becomes what the run is at."""
    return Beat(
        wait,
        milestone=(title, percentage, details),
        change=lambda picture: replace(picture, phase=phase, milestone=title, percentage=percentage),
    )


def creep(wait: float, percentage: int) -> Beat:
    """Progress within a milestone."""
    return Beat(wait, change=lambda picture: replace(picture, percentage=percentage))


def turn(change: Change) -> Beat:
    """A change that takes no time and says nothing."""
    return Beat(0.0, change=change)


@dataclass(frozen=True, slots=True)
class RunOf:
    """Whose run it is: what every file of a run has to say of itself."""

    role: Role
    session_id: str
    started: datetime

    def info(self, picture: RunSnapshot, status: InfoStatus, now: datetime, size: int) -> WorkspaceInfo:
        """``workspace-info.json``; ``size`` is the clone's, in bytes."""
        role = self.role
        return WorkspaceInfo(
            automation_id=role.id,
            automation_type=role.type,
            session_id=self.session_id,
            created=self.started,
            last_updated=now,
            status=status,
            repository=Repository(
                fork_url=role.fork_url,
                upstream_url=role.upstream_url,
                branch=role.branch,
                commit=picture.commit or "",  # before the clone: the design's interface has it as a text at all times
            ),
            size=WorkspaceSize(bytes=size, human_readable=_human(size)),
            preserve=False,
        )

    def entry(self, line: Line, now: datetime) -> RunLogEntry:
        """``line`` as it stands in the log."""
        fixed: dict[str, object] = {
            "timestamp": now,
            "level": line.level,
            "phase": line.phase,
            "message": line.message,
        }
        whose = {"automationId": self.role.id, "sessionId": self.session_id}
        return RunLogEntry.model_validate({**fixed, **line.fields, **whose})

    def state(self, picture: RunSnapshot, status: str, now: datetime) -> RuntimeState:
        """``picture`` as the content of ``state.json``."""
        return RuntimeState(
            automation_id=self.role.id,
            session_id=self.session_id,
            start_time=self.started,
            last_update=now,
            status=status,
            current_phase=picture.phase,
            progress=StateProgress(
                percentage=picture.percentage, milestone=picture.milestone, details=_details(picture)
            ),
            git=GitState(
                workspace_initialized=True,
                fork_cloned=picture.cloned,
                upstream_added=picture.upstream_commit is not None,
                current_commit=picture.commit,
                upstream_commit=picture.upstream_commit,
            ),
            merge=MergeState(
                merge_started=picture.merging,
                conflicts_detected=picture.detected,
                conflicts_resolved=picture.resolved,
                conflicts_skipped=picture.skipped,
                uncertain_resolutions=picture.uncertain,
            ),
            resolution=ResolutionState(wrong_path_corrections=picture.corrections, total_conflicts=picture.detected),
            artifacts=self._artifacts(picture),
        )

    def _artifacts(self, picture: RunSnapshot) -> StateArtifacts:
        address = f"https://github.com/{self.role.fork}"
        branch, number = picture.branch, picture.pull_request
        return StateArtifacts(
            branch_created=branch,
            branch_url=f"{address}/tree/{branch}" if branch else None,
            pr_number=number,
            pr_url=f"{address}/pull/{number}" if number else None,
        )


def _human(size: int) -> str:
    """As the gateway writes it (design: ``formatBytes``)."""
    amount = float(size)
    for unit in ("B", "KB", "MB"):
        if amount < 1024:
            return f"{amount:.1f} {unit}"
        amount /= 1024
    return f"{amount:.1f} GB"


def _details(picture: RunSnapshot) -> StateDetails:
    if not picture.detected:
        return StateDetails()
    return StateDetails(
        total_conflicts=picture.detected, resolved_conflicts=picture.resolved, current_file=picture.file
    )


@dataclass(frozen=True, slots=True)
class Account:
    """A run, or its beginning, as told by its files."""

    run: RunOf
    entries: tuple[RunLogEntry, ...]
    timeline: tuple[Milestone, ...]
    picture: RunSnapshot
    ended: datetime


def tell(run: RunOf, beats: Iterable[Beat]) -> Account:
    """What ``beats`` leave behind when the run started at ``run.started``."""
    now = run.started
    entries: list[RunLogEntry] = []
    timeline: list[Milestone] = []
    picture = RunSnapshot()
    for beat in beats:
        now += timedelta(seconds=beat.wait)
        if beat.milestone is not None:
            title, percentage, details = beat.milestone
            timeline.append(Milestone(timestamp=now, milestone=title, percentage=percentage, details=details))
        if beat.change is not None:
            picture = beat.change(picture)
        if beat.line is not None:
            entries.append(run.entry(beat.line, now))
    return Account(run, tuple(entries), tuple(timeline), picture, now)


def length(beats: Iterable[Beat]) -> float:
    """How long ``beats`` take, in seconds, at the demo's usual speed."""
    return sum(beat.wait for beat in beats)

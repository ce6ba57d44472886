"""The state of a run, and the steps that change it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct, field
from msgspec.structs import replace

from clawtui.demo.seed.fleet_spec import AutomationSpec
from clawtui.model.checked.reading import made
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


class RunSnapshot(Struct, frozen=True):
    """The content of ``state.json``, flat, so that a step can change one field."""

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


class Line(Struct, frozen=True):
    """A line of the run's log without its time and its run."""

    level: LogLevel
    phase: Phase
    message: str
    fields: Mapping[str, object] = field(default_factory=dict)
    """Further fields, by their names on disk."""


class Step(Struct, frozen=True):
    """One step of a run: a wait, then a log line, a milestone or a change of the state."""

    wait: float
    """Seconds after the previous step, at normal speed."""
    line: Line | None = None
    milestone: tuple[str, int, Mapping[str, object]] | None = None
    """Title, percentage and details."""
    change: Change | None = None


def log_step(wait: float, level: LogLevel, phase: Phase, message: str, **fields: object) -> Step:
    """Return a step that writes a log line; ``fields`` have their names on disk."""
    return Step(wait, line=Line(level, phase, message, fields))


def milestone_step(wait: float, phase: str, title: str, percentage: int, **details: object) -> Step:
    """Return a step that reaches a milestone, which becomes the run's current one."""
    return Step(
        wait,
        milestone=(title, percentage, details),
        change=lambda snapshot: replace(snapshot, phase=phase, milestone=title, percentage=percentage),
    )


def progress_step(wait: float, percentage: int) -> Step:
    """Return a step that changes the percentage within a milestone."""
    return Step(wait, change=lambda snapshot: replace(snapshot, percentage=percentage))


def change_step(change: Change) -> Step:
    """Return a step that changes the state without a wait or a log line."""
    return Step(0.0, change=change)


class RunIdentity(Struct, frozen=True):
    """The automation, the session and the start of a run, which every file of the run has."""

    spec: AutomationSpec
    session_id: str
    started: datetime

    def info(self, snapshot: RunSnapshot, status: InfoStatus, now: datetime, size: int) -> WorkspaceInfo:
        """Return the content of ``workspace-info.json``; ``size`` is the clone's, in bytes."""
        spec = self.spec
        return WorkspaceInfo(
            automation_id=spec.id,
            automation_type=spec.type,
            session_id=self.session_id,
            created=self.started,
            last_updated=now,
            status=status,
            repository=Repository(
                fork_url=spec.fork_url,
                upstream_url=spec.upstream_url,
                branch=spec.branch,
                commit=snapshot.commit or "",  # before the clone; in the design's interface it is always a text
            ),
            size=WorkspaceSize(bytes=size, human_readable=_readable_size(size)),
            preserve=False,
        )

    def entry(self, line: Line, now: datetime) -> RunLogEntry:
        """Return the log entry for ``line``."""
        fixed: dict[str, object] = {
            "timestamp": now,
            "level": line.level,
            "phase": line.phase,
            "message": line.message,
        }
        whose = {"automationId": self.spec.id, "sessionId": self.session_id}
        return made(RunLogEntry, {**fixed, **line.fields, **whose})

    def state(self, snapshot: RunSnapshot, status: str, now: datetime) -> RuntimeState:
        """Return the content of ``state.json``."""
        return RuntimeState(
            automation_id=self.spec.id,
            session_id=self.session_id,
            start_time=self.started,
            last_update=now,
            status=status,
            current_phase=snapshot.phase,
            progress=StateProgress(
                percentage=snapshot.percentage, milestone=snapshot.milestone, details=_details(snapshot)
            ),
            git=GitState(
                workspace_initialized=True,
                fork_cloned=snapshot.cloned,
                upstream_added=snapshot.upstream_commit is not None,
                current_commit=snapshot.commit,
                upstream_commit=snapshot.upstream_commit,
            ),
            merge=MergeState(
                merge_started=snapshot.merging,
                conflicts_detected=snapshot.detected,
                conflicts_resolved=snapshot.resolved,
                conflicts_skipped=snapshot.skipped,
                uncertain_resolutions=snapshot.uncertain,
            ),
            resolution=ResolutionState(wrong_path_corrections=snapshot.corrections, total_conflicts=snapshot.detected),
            artifacts=self._artifacts(snapshot),
        )

    def _artifacts(self, snapshot: RunSnapshot) -> StateArtifacts:
        address = f"https://github.com/{self.spec.fork}"
        branch, number = snapshot.branch, snapshot.pull_request
        return StateArtifacts(
            branch_created=branch,
            branch_url=f"{address}/tree/{branch}" if branch else None,
            pr_number=number,
            pr_url=f"{address}/pull/{number}" if number else None,
        )


def _readable_size(size: int) -> str:
    """Return a size as the gateway writes it (design: ``formatBytes``)."""
    amount = float(size)
    for unit in ("B", "KB", "MB"):
        if amount < 1024:
            return f"{amount:.1f} {unit}"
        amount /= 1024
    return f"{amount:.1f} GB"


def _details(snapshot: RunSnapshot) -> StateDetails:
    if not snapshot.detected:
        return StateDetails()
    return StateDetails(
        total_conflicts=snapshot.detected, resolved_conflicts=snapshot.resolved, current_file=snapshot.file
    )


class RunRecord(Struct, frozen=True):
    """Everything that a run, or its first part, has written."""

    run: RunIdentity
    entries: tuple[RunLogEntry, ...]
    timeline: tuple[Milestone, ...]
    snapshot: RunSnapshot
    ended: datetime


def replay(run: RunIdentity, steps: Iterable[Step]) -> RunRecord:
    """Return everything that ``steps`` write if the run starts at ``run.started``."""
    now = run.started
    entries: list[RunLogEntry] = []
    timeline: list[Milestone] = []
    snapshot = RunSnapshot()
    for step in steps:
        now += timedelta(seconds=step.wait)
        if step.milestone is not None:
            title, percentage, details = step.milestone
            timeline.append(Milestone(timestamp=now, milestone=title, percentage=percentage, details=details))
        if step.change is not None:
            snapshot = step.change(snapshot)
        if step.line is not None:
            entries.append(run.entry(step.line, now))
    return RunRecord(run, tuple(entries), tuple(timeline), snapshot, now)


def total_wait(steps: Iterable[Step]) -> float:
    """Return how many seconds ``steps`` take at normal speed."""
    return sum(step.wait for step in steps)

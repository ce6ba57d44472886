"""A run's workspace, ``workspaces/<id>/`` (design: Workspace Storage)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from clawtui.model.documents.base import Document, Flag, NullIsEmpty, NullIsEmptyList, Number, Timestamp

INFO_NAME = "workspace-info.json"
STATE_NAME = "state.json"
PROGRESS_NAME = "progress.json"
CLONE_NAME = "repo"
"""The clone: thousands of directories that are none of our business."""


class Repository(Document):
    """What was cloned."""

    fork_url: str
    upstream_url: str
    branch: str
    commit: str | None = None


class WorkspaceSize(Document):
    """The size that the gateway last measured."""

    bytes: Number
    human_readable: str


class WorkspaceInfo(Document):
    """``workspace-info.json``: whose workspace it is and what became of it."""

    automation_id: str
    automation_type: str
    session_id: str
    created: Timestamp
    last_updated: Timestamp
    status: Literal["active", "complete", "failed", "abandoned"]
    repository: Repository | None = None
    size: WorkspaceSize | None = None
    preserve: Flag = False


class StateDetails(Document):
    """What the run is at, in numbers."""

    total_conflicts: Number | None = None
    resolved_conflicts: Number | None = None
    current_file: str | None = None


class StateProgress(Document):
    """How far the run is."""

    percentage: Number | None = None
    milestone: str | None = None
    details: Annotated[StateDetails, NullIsEmpty] = Field(default_factory=StateDetails)


class GitState(Document):
    """How far the clone is."""

    workspace_initialized: Flag | None = None
    fork_cloned: Flag | None = None
    upstream_added: Flag | None = None
    current_commit: str | None = None
    upstream_commit: str | None = None


class MergeState(Document):
    """How far the merge is."""

    merge_started: Flag | None = None
    conflicts_detected: Number | None = None
    conflicts_resolved: Number | None = None
    conflicts_skipped: Number | None = None
    uncertain_resolutions: Annotated[tuple[object, ...], NullIsEmptyList] = ()


class ResolutionState(Document):
    """How the model fares."""

    wrong_path_corrections: Number | None = None
    total_conflicts: Number | None = None


class StateArtifacts(Document):
    """What the run has made that others can see."""

    branch_created: str | None = None
    branch_url: str | None = None
    pr_number: Number | None = None
    pr_url: str | None = None


class RuntimeState(Document):
    """``state.json``: rewritten all the while a run is going.

    The design gives an example and no schema, and the gateway writes any object here, so only what
    names the run is required, and what it has not come to yet may be ``null``.
    """

    automation_id: str
    session_id: str
    status: str
    start_time: Timestamp | None = None
    last_update: Timestamp | None = None
    current_phase: str | None = None
    progress: Annotated[StateProgress, NullIsEmpty] = Field(default_factory=StateProgress)
    git: Annotated[GitState, NullIsEmpty] = Field(default_factory=GitState)
    merge: Annotated[MergeState, NullIsEmpty] = Field(default_factory=MergeState)
    resolution: Annotated[ResolutionState, NullIsEmpty] = Field(default_factory=ResolutionState)
    artifacts: Annotated[StateArtifacts, NullIsEmpty] = Field(default_factory=StateArtifacts)

    @property
    def running(self) -> bool:
        """Whether the run says of itself that it is going."""
        return self.status == "running"


MAX_TIMELINE = 1000
"""Milestones that a timeline keeps, the newest."""


class Milestone(Document):
    """A point that the run reached."""

    timestamp: Timestamp
    milestone: str
    percentage: Number
    details: Annotated[Mapping[str, object], NullIsEmpty] = Field(default_factory=dict)


class ProgressState(Document):
    """The run's milestones, oldest first."""

    automation_id: str
    session_id: str | None = None
    timeline: tuple[Milestone, ...]
    last_update: Timestamp | None = None

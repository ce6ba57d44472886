"""A run's workspace, ``workspaces/<id>/`` (design: Workspace Storage)."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Literal

from msgspec import field

from clawtui.model.checked.field_types import Flag, NullIsEmpty, NullIsEmptyList, Number, Timestamp
from clawtui.model.checked.markers import Known
from clawtui.model.documents.base import Document
from clawtui.model.documents.fields import ReadByField

InfoStatus = Literal["active", "complete", "failed", "abandoned"]
if TYPE_CHECKING:
    _AnyInfoStatus = str
else:
    _AnyInfoStatus = InfoStatus


class Repository(Document):
    """The repository that was cloned."""

    fork_url: str
    upstream_url: str
    branch: str
    commit: str | None = None


class WorkspaceSize(Document):
    """The size that the gateway last measured."""

    bytes: Known[Number]
    human_readable: str


class WorkspaceInfo(ReadByField):
    """``workspace-info.json``: the automation and session of the workspace, and its status."""

    automation_id: str
    automation_type: str
    session_id: Known[str]
    created: Known[Timestamp]
    last_updated: Known[Timestamp]
    status: _AnyInfoStatus
    repository: Repository | None = None
    size: WorkspaceSize | None = None
    preserve: Known[Flag] = False

    def state_of_start(self) -> "RuntimeState":
        """Return the state of a run that is going and has not written its own yet."""
        return RuntimeState(
            automation_id=self.automation_id,
            session_id=self.session_id,
            status="running",
            start_time=self.created,
            last_update=self.last_updated,
            current_phase="starting",
        )


class StateDetails(Document):
    """The progress of the run in numbers."""

    total_conflicts: Number | None = None
    resolved_conflicts: Number | None = None
    current_file: str | None = None


class StateProgress(Document):
    """The progress of the run."""

    percentage: Number | None = None
    milestone: str | None = None
    details: Annotated[StateDetails, NullIsEmpty] = field(default_factory=StateDetails)

    @property
    def percentage_text(self) -> str:
        """The whole part of the percentage, or its raw value if that was not understood; empty if there is none."""
        if self.percentage is None:
            return self.raw_text("percentage") or ""
        return str(int(self.percentage))


class GitState(Document):
    """The progress of the clone."""

    workspace_initialized: Flag | None = None
    fork_cloned: Flag | None = None
    upstream_added: Flag | None = None
    current_commit: str | None = None
    upstream_commit: str | None = None


class MergeState(Document):
    """The progress of the merge."""

    merge_started: Flag | None = None
    conflicts_detected: Number | None = None
    conflicts_resolved: Number | None = None
    conflicts_skipped: Number | None = None
    uncertain_resolutions: Annotated[tuple[object, ...], NullIsEmptyList] = ()


class ResolutionState(Document):
    """Counts of the resolution of conflicts."""

    wrong_path_corrections: Number | None = None
    total_conflicts: Number | None = None


class StateArtifacts(Document):
    """The branch and pull request that the run made."""

    branch_created: str | None = None
    branch_url: str | None = None
    pr_number: Number | None = None
    pr_url: str | None = None


class RuntimeState(ReadByField):
    """``state.json``: rewritten while a run is going.

    The design gives an example and no schema, and the gateway writes any object here. So only the fields that
    identify the run are required, and objects may be ``null``.
    """

    automation_id: str
    session_id: Known[str]
    status: str
    start_time: Timestamp | None = None
    last_update: Timestamp | None = None
    current_phase: str | None = None
    progress: Annotated[StateProgress, NullIsEmpty] = field(default_factory=StateProgress)
    git: Annotated[GitState, NullIsEmpty] = field(default_factory=GitState)
    merge: Annotated[MergeState, NullIsEmpty] = field(default_factory=MergeState)
    resolution: Annotated[ResolutionState, NullIsEmpty] = field(default_factory=ResolutionState)
    artifacts: Annotated[StateArtifacts, NullIsEmpty] = field(default_factory=StateArtifacts)

    @property
    def running(self) -> bool:
        """Whether the status is ``running``."""
        return self.status == "running"


class Milestone(Document):
    """A milestone of the run."""

    timestamp: Timestamp
    milestone: str
    percentage: Known[Number]
    details: Annotated[Mapping[str, object], NullIsEmpty] = field(default_factory=dict)


class ProgressState(ReadByField):
    """The run's milestones, oldest first."""

    automation_id: str
    session_id: str | None = None
    timeline: tuple[Milestone, ...]
    last_update: Timestamp | None = None

"""What runs leave behind for people."""

from __future__ import annotations

from clawtui.model.artifact import Artifact
from clawtui.model.size import format_bytes
from clawtui.storage.artifact_store import ArtifactStore
from clawtui.storage.config_store import AutomationConfigStore
from clawtui.storage.errors import NoSuch, Refused
from clawtui.storage.paths import StatePaths

MAX_SHOWN = 8 * 1024 * 1024
"""Bytes of an artifact that is shown whole in the dashboard."""


def list_artifacts(paths: StatePaths, automation_id: str | None = None) -> tuple[Artifact, ...]:
    """The artifacts of one automation, or of all, by id and name.

    Raises NoSuch for an id that has neither artifacts nor a configuration, Refused, Unreadable.
    """
    store = ArtifactStore(paths)
    ids = store.ids()
    if automation_id is None:
        return tuple(artifact for id in ids for artifact in store.list(id))
    found = store.list(automation_id)
    if automation_id not in ids and AutomationConfigStore(paths).get(automation_id) is None:
        raise NoSuch(f"there is no automation “{automation_id}”, and there are no artifacts of one")
    return found


def read_artifact(paths: StatePaths, automation_id: str, name: str) -> tuple[Artifact, bytes]:
    """One artifact with what is in it. Raises NoSuch, Refused, Unreadable."""
    found = next((artifact for artifact in list_artifacts(paths, automation_id) if artifact.name == name), None)
    if found is None:
        all_of_it = f"`clawtui artifact list {automation_id}`"
        raise NoSuch(f"{automation_id} has no artifact “{name}”\n{all_of_it} names those that it has.")
    return found, ArtifactStore(paths).read(automation_id, name)


def artifacts_of(paths: StatePaths, automation_id: str) -> tuple[Artifact, ...]:
    """The artifacts of one automation, by name; none where it has none. Raises Refused, Unreadable."""
    return ArtifactStore(paths).list(automation_id)


def artifact_to_show(paths: StatePaths, artifact: Artifact) -> bytes:
    """What is in an artifact that somebody wants to look at. Raises NoSuch, Unreadable, Refused where it is too big."""
    if artifact.size > MAX_SHOWN:
        raise Refused(f"{artifact.name} is too big to be shown here: {format_bytes(artifact.size)}\n{artifact.path}")
    return ArtifactStore(paths).read(artifact.automation_id, artifact.name)

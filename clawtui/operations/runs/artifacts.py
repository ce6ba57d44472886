"""The artifacts that runs leave for people."""

from __future__ import annotations

from clawtui.model.documents.artifact import Artifact
from clawtui.model.documents.base import Problem
from clawtui.model.errors import NoSuch, Refused
from clawtui.model.text.units import format_bytes
from clawtui.storage.paths import ARTIFACTS, StatePaths
from clawtui.storage.roots import command_line_for
from clawtui.storage.stores.artifacts import ArtifactStore
from clawtui.storage.stores.configurations import AutomationConfigStore

MAX_SHOWN = 8 * 1024 * 1024
"""The most bytes of an artifact that the dashboard shows."""


def list_artifacts(paths: StatePaths, automation_id: str | None = None) -> tuple[Artifact, ...]:
    """Return the artifacts of one automation, or all that can be read, by id and name.

    Raises NoSuch for an id that has neither artifacts nor a configuration, Refused, Unreadable.
    """
    store = ArtifactStore(paths)
    ids = store.ids()
    if automation_id is None:
        closed = {problem.path for problem in store.problems()}
        return tuple(
            artifact for id in ids if f"{ARTIFACTS}/{id}" not in closed for artifact in store.list_artifacts(id)
        )
    found = store.list_artifacts(automation_id)
    if automation_id not in ids and AutomationConfigStore(paths).get(automation_id) is None:
        raise NoSuch(f"there is no automation “{automation_id}”, and there are no artifacts of one")
    return found


def artifact_problems(paths: StatePaths, automation_id: str | None = None) -> tuple[Problem, ...]:
    """Return the directories and files that ``list_artifacts`` leaves out because they cannot be read. Raises as it
    does."""
    store = ArtifactStore(paths)
    if automation_id is not None:
        return store.problems_of(automation_id)
    closed = store.problems()
    hidden = {problem.path for problem in closed}
    among = (problem for id in store.ids() if f"{ARTIFACTS}/{id}" not in hidden for problem in store.problems_of(id))
    return (*closed, *among)


def read_artifact(paths: StatePaths, automation_id: str, name: str) -> tuple[Artifact, bytes]:
    """Return one artifact with its content. Raises NoSuch, Refused, Unreadable."""
    found = next((artifact for artifact in list_artifacts(paths, automation_id) if artifact.name == name), None)
    if found is None:
        listing = command_line_for(paths.root).hint("artifact", "list", automation_id, name="ID")
        raise NoSuch(f"{automation_id} has no artifact “{name}”", hint=f"{listing} lists its artifacts.")
    return found, ArtifactStore(paths).read(automation_id, name)


def artifact_to_show(paths: StatePaths, artifact: Artifact) -> bytes:
    """Return the content of an artifact. Raises NoSuch, Unreadable, Refused where it has more than MAX_SHOWN bytes."""
    if artifact.size > MAX_SHOWN:
        raise Refused(
            f"{artifact.name} is too big to be shown here: {format_bytes(artifact.size)}", hint=f"{artifact.path}"
        )
    return ArtifactStore(paths).read(artifact.automation_id, artifact.name)

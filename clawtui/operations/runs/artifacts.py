"""What runs leave behind for people."""

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
"""Bytes of an artifact that is shown whole in the dashboard."""


def list_artifacts(paths: StatePaths, automation_id: str | None = None) -> tuple[Artifact, ...]:
    """The artifacts of one automation, or of all that can be looked into, by id and name.

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
    """What ``list_artifacts`` leaves out because it cannot be read: directories, and what is in them. Raises as it."""
    store = ArtifactStore(paths)
    if automation_id is not None:
        return store.problems_of(automation_id)
    closed = store.problems()
    hidden = {problem.path for problem in closed}
    among = (problem for id in store.ids() if f"{ARTIFACTS}/{id}" not in hidden for problem in store.problems_of(id))
    return (*closed, *among)


def read_artifact(paths: StatePaths, automation_id: str, name: str) -> tuple[Artifact, bytes]:
    """One artifact with what is in it. Raises NoSuch, Refused, Unreadable."""
    found = next((artifact for artifact in list_artifacts(paths, automation_id) if artifact.name == name), None)
    if found is None:
        all_of_it = command_line_for(paths.root).hint("artifact", "list", automation_id, name="ID")
        raise NoSuch(f"{automation_id} has no artifact “{name}”", hint=f"{all_of_it} names those that it has.")
    return found, ArtifactStore(paths).read(automation_id, name)


def artifact_to_show(paths: StatePaths, artifact: Artifact) -> bytes:
    """What is in an artifact that somebody wants to look at. Raises NoSuch, Unreadable, Refused where it is too big."""
    if artifact.size > MAX_SHOWN:
        raise Refused(
            f"{artifact.name} is too big to be shown here: {format_bytes(artifact.size)}", hint=f"{artifact.path}"
        )
    return ArtifactStore(paths).read(artifact.automation_id, artifact.name)

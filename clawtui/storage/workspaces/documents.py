"""The documents in a workspace, ``workspaces/<id>/*.json``: their paths, and all of them read together."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from clawtui.files.json5.document import read_document
from clawtui.model.documents.workspace import ProgressState, RuntimeState, WorkspaceInfo
from clawtui.model.errors import Refused
from clawtui.model.fleet import Reading, Workspace
from clawtui.model.paths import INFO_NAME, PROGRESS_NAME, STATE_NAME, is_plain_component
from clawtui.storage.paths import WORKSPACES


def workspace_directory(automation_id: str) -> str:
    """Return the path of a workspace, relative to ``automations/``.

    Raises Refused if the id is not a single plain name (errata 21).
    """
    if not is_plain_component(automation_id):
        raise Refused(f"“{automation_id}” is no id of an automation: it must be one plain name")
    return f"{WORKSPACES}/{automation_id}"


def document_path(automation_id: str, name: str) -> str:
    """Return the path of the document ``name`` in a workspace. Raises Refused as ``workspace_directory`` does."""
    return f"{workspace_directory(automation_id)}/{name}"


def read_workspace(base: Path, directory: str, automation_id: str) -> Workspace:
    """Return the documents in ``directory``, with the paths that they have in the workspace itself."""
    info = read_document(base, f"{directory}/{INFO_NAME}", WorkspaceInfo)
    state = read_document(base, f"{directory}/{STATE_NAME}", RuntimeState)
    progress = read_document(base, f"{directory}/{PROGRESS_NAME}", ProgressState)
    return Workspace(
        automation_id,
        info and replace(info, path=document_path(automation_id, INFO_NAME)),
        state and replace(state, path=document_path(automation_id, STATE_NAME)),
        progress and replace(progress, path=document_path(automation_id, PROGRESS_NAME)),
    )


def versions_of(workspace: Workspace) -> tuple[object, ...]:
    """Return a key that is equal for two readings of the same versions of the documents, and for no others."""
    readings: tuple[Reading[object] | None, ...] = (workspace.info, workspace.state, workspace.progress)
    return tuple(reading and (reading.stamp, reading.problem and reading.problem.message) for reading in readings)

"""Reasons not to remove a workspace (errata 13)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from clawtui.model.fleet import Reading, Workspace
from clawtui.model.liveness.session_evidence import ENDED

if TYPE_CHECKING:
    from clawtui.model.documents.workspace import RuntimeState

_OVER = frozenset({"complete", "failed", "abandoned"})
"""The statuses in ``workspace-info.json`` that end a run."""

Danger = Literal["live", "preserved", "unpushed"]
"""Why a workspace is not removed without consent: its run may be going, it is marked to be preserved, or its clone has
commits that are in no other repository. Each also stands for the case that this is unknown."""


def removal_dangers(workspace: Workspace) -> Iterator[tuple[Danger, str]]:
    """Yield each reason in the documents of a workspace not to remove it, with a sentence.

    Any status but one that ends a run counts as one that is going, as does a workspace that is marked active and has
    no state of its own session. Locks and slots are not among the documents: see ``claims_on``.
    """
    state = workspace.state
    if state is not None and state.value is None:
        yield "live", f"{_unread(state)}; whether a run is using the workspace is not known"
    elif (going := unfinished(workspace)) is not None and state is not None:
        status = "that its run is going" if going.running else f"“{going.status}”, which is not the end of a run"
        yield "live", f"{state.path} says {status}"
    elif _is_beginning(workspace) and workspace.info is not None:
        yield "live", f"{workspace.info.path} says that it is active, and no state tells that its run has ended"
    info = workspace.info
    if info is not None and info.value is None:
        yield "preserved", f"{_unread(info)}; whether the workspace is to be preserved is not known"
    elif info is not None and info.value is not None and not info.value.knows("preserve"):
        yield "preserved", f"{info.path}: {info.fault_text}; whether the workspace is to be preserved is not known"
    elif info is not None and info.value is not None and info.value.preserve:
        yield "preserved", f"{info.path} says that it is to be preserved"


def unfinished(workspace: Workspace) -> RuntimeState | None:
    """Return the state of the run if its status is not one of `ENDED`; else None."""
    state = workspace.state.value if workspace.state else None
    return state if state is not None and state.status.casefold() not in ENDED else None


def is_workspace(workspace: Workspace) -> bool:
    """Return whether a directory has a document that names it; any other directory is not the gateway's.

    A copy of a workspace under another name is not one.
    """
    documents = (workspace.info, workspace.state, workspace.progress)
    values = (reading.value for reading in documents if reading is not None)
    return any(value is not None and value.automation_id == workspace.id for value in values)


def _is_beginning(workspace: Workspace) -> bool:
    """Return whether the workspace is marked active by a session that has written no state yet, or may be so."""
    info = workspace.info.value if workspace.info else None
    state = workspace.state.value if workspace.state else None
    if info is None or info.status in _OVER:
        return False
    return state is None or info.session_id is None or state.session_id != info.session_id


def _unread(reading: Reading[object]) -> str:
    return f"{reading.path}: {reading.problem.message if reading.problem else 'cannot be read'}"

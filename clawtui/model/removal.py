"""What speaks against removing a workspace (errata 13)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from clawtui.model.fleet import Reading, Workspace

Danger = Literal["live", "preserved"]
"""Why a workspace is not just removed: its run is going, or it is to be kept; or nobody can tell."""


def dangers_of(workspace: Workspace) -> Iterator[tuple[Danger, str]]:
    """What speaks against removing it, each with the reason in words."""
    if workspace.state is not None and (workspace.state.value is None or workspace.running is not None):
        yield "live", _unread(workspace.state) or f"{workspace.state.path} says that its run is going"
    info = workspace.info
    if info is not None and (info.value is None or info.value.preserve):
        yield "preserved", _unread(info) or f"{info.path} says that it is to be preserved"


def _unread(reading: Reading[object]) -> str | None:
    return f"{reading.path}: {reading.problem.message}" if reading.problem else None

"""Fleets made by hand, for tests of what is derived from them."""

from __future__ import annotations

from datetime import UTC, datetime

from clawtui.model.documents.automation import AutomationConfig
from clawtui.model.documents.base import Problem, Stamp
from clawtui.model.documents.workspace import RuntimeState
from clawtui.model.fleet import Automation, Reading, Workspace
from tests.model.samples import DocumentT, read

NOON = datetime(2025, 1, 26, 12, 0, tzinfo=UTC)


def good(value: DocumentT, path: str = "a file") -> Reading[DocumentT]:
    return Reading(path, value, None, Stamp(1, 2, 3, 4))


def automation(id: str, **config: object) -> Automation:
    return Automation("smart-sync-fork", id, good(read(AutomationConfig, id=id, **config)))


def unreadable(id: str) -> Automation:
    path = f"config/smart-sync-fork/{id}.json"
    return Automation("smart-sync-fork", id, Reading(path, None, Problem(path, "is empty"), None))


def workspace(id: str, status: str = "running") -> Workspace:
    return Workspace(id, state=good(read(RuntimeState, automationId=id, status=status)))

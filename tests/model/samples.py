"""The smallest document of each kind that the design allows, to be spoiled one fault at a time."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Final, TypeVar

import pytest
from pydantic import ValidationError

from clawtui.model.checked.reading import from_plain
from clawtui.model.documents.automation import AutomationConfig
from clawtui.model.documents.base import Document
from clawtui.model.documents.concurrency import ConcurrencyState
from clawtui.model.documents.dispatcher import DispatcherConfig
from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.documents.log_entry import DispatcherLogEntry, RunLogEntry
from clawtui.model.documents.validation_text import explain
from clawtui.model.documents.workspace import ProgressState, RuntimeState, WorkspaceInfo

AT: Final = "2025-01-26T10:30:00Z"
RUN: Final = {"timestamp": AT, "status": "success", "duration": 324000, "summary": "Synced 15 commits"}
SLOT: Final = {"automationId": "a", "sessionId": "s", "acquiredAt": AT, "slotNumber": 1}

SMALLEST: Final[Mapping[type[Document], Mapping[str, object]]] = {
    DispatcherConfig: {"notifications": {}, "lastModified": AT},
    AutomationConfig: {
        "id": "auto-sync-main-123",
        "type": "smart-sync-fork",
        "name": "Sync Main",
        "schedule": {"type": "interval", "value": "2h"},
        "config": {},
        "runHistory": [],
        "created": AT,
        "modified": AT,
    },
    ConcurrencyState: {"maxSlots": 3, "activeSlots": [SLOT], "lastUpdated": AT},
    WorkspaceInfo: {
        "automationId": "a",
        "automationType": "smart-sync-fork",
        "sessionId": "s",
        "created": AT,
        "lastUpdated": AT,
        "status": "active",
    },
    RuntimeState: {"automationId": "a", "sessionId": "s", "status": "running"},
    ProgressState: {
        "automationId": "a",
        "timeline": [{"timestamp": AT, "milestone": "Cloning fork repository", "percentage": 10}],
    },
    RepositoryLock: {
        "repoUrl": "https://github.com/user/repo.git",
        "repoKey": "github.com/user/repo",
        "automationId": "a",
        "sessionId": "s",
        "acquiredAt": AT,
        "pid": 12345,
        "hostname": "gateway-host",
        "lockType": "repository",
    },
    DispatcherLogEntry: {"timestamp": AT, "level": "info", "event": "dispatch-started"},
    RunLogEntry: {"timestamp": AT, "level": "info", "phase": "git", "message": "Cloning", "automationId": "a"},
}

DocumentT = TypeVar("DocumentT", bound=Document)


def read(kind: type[DocumentT], **changes: object) -> DocumentT:
    """Return the smallest document of ``kind``, changed, and read as storage reads it."""
    return from_plain(kind, {**SMALLEST[kind], **changes})


def read_with(kind: type[DocumentT], place: str, value: object) -> DocumentT:
    """Read as ``read``, with one value put at a place such as ``activeSlots.0.slotNumber``."""
    document = copy.deepcopy(dict(SMALLEST[kind]))
    *parents, last = place.split(".")
    target: object = document
    for step in parents:
        if isinstance(target, list):
            target = target[int(step)]
        else:
            assert isinstance(target, dict)
            target = target.setdefault(step, {})
    assert isinstance(target, dict)
    target[last] = value
    return from_plain(kind, document)


def refusal(kind: type[Document], place: str, value: object) -> str:
    """Return the message when ``value`` is at ``place``; fail if it is accepted."""
    with pytest.raises(ValidationError) as caught:
        read_with(kind, place, value)
    return explain(caught.value)

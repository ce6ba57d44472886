"""Values that the gateway's schemas refuse and clawtui reads."""

from __future__ import annotations

import json
from typing import Final

import pytest

from clawtui.model.documents.automation import AutomationConfig
from clawtui.model.documents.base import Document
from clawtui.model.documents.concurrency import ConcurrencyState
from clawtui.model.documents.dispatcher import DispatcherConfig
from clawtui.model.documents.gateway_schema import MAY_REFUSE, refusals
from tests.model.samples import AT, RUN, SLOT, SMALLEST

SOUND: Final[dict[type[Document], dict[str, object]]] = {
    AutomationConfig: {**SMALLEST[AutomationConfig], "lastRun": RUN, "nextRun": "2025-01-26T10:30:00.5Z"},
    DispatcherConfig: {**SMALLEST[DispatcherConfig], "version": 1},
    ConcurrencyState: {**SMALLEST[ConcurrencyState], "version": 1},
}
UTC_ONLY = "must be UTC with seconds such as 2025-01-26T10:30:00Z, not "

REFUSED: Final[list[tuple[type[Document], dict[str, object], str]]] = [
    (AutomationConfig, {"lastRun": None}, "lastRun must not be null"),
    (AutomationConfig, {"description": None}, "description must not be null"),
    (AutomationConfig, {"nextRun": "2025-01-26T10:30:00+00:00"}, f"nextRun {UTC_ONLY}“2025-01-26T10:30:00+00:00”"),
    (AutomationConfig, {"nextRun": "2025-01-26T10:30Z"}, f"nextRun {UTC_ONLY}“2025-01-26T10:30Z”"),
    (AutomationConfig, {"nextRun": "2025-01-26 10:30:00Z"}, f"nextRun {UTC_ONLY}“2025-01-26 10:30:00Z”"),
    (AutomationConfig, {"nextRun": "2025-01-26t10:30:00z"}, f"nextRun {UTC_ONLY}“2025-01-26t10:30:00z”"),
    (
        AutomationConfig,
        {"runHistory": [RUN, {**RUN, "timestamp": "2025-01-26T10:30:00-05:00"}]},
        f"runHistory[1].timestamp {UTC_ONLY}“2025-01-26T10:30:00-05:00”",
    ),
    (
        AutomationConfig,
        {"lastRun": {**RUN, "status": "timeout"}},
        "lastRun.status must be success, partial, failed or cancelled, not “timeout”",
    ),
    (DispatcherConfig, {"lastModifiedBy": None}, "lastModifiedBy must not be null"),
    (ConcurrencyState, {"activeSlots": [{**SLOT, "acquiredAt": AT[:-4] + "Z"}]}, "activeSlots[0].acquiredAt "),
]


@pytest.mark.parametrize(("kind", "changes", "expected"), REFUSED)
def test_values_that_zod_refuses_are_refused_with_their_path(
    kind: type[Document], changes: dict[str, object], expected: str
) -> None:
    value = {**SOUND[kind], **changes}
    (reason,) = refusals(kind, value)
    assert reason.startswith(expected)
    if "status" not in expected:
        assert MAY_REFUSE.search(json.dumps(value).encode())


@pytest.mark.parametrize("kind", list(SOUND))
def test_a_document_of_the_gateways_own_is_not_refused(kind: type[Document]) -> None:
    assert refusals(kind, SOUND[kind]) == ()
    assert MAY_REFUSE.search(json.dumps(SOUND[kind]).encode()) is None


@pytest.mark.parametrize("kind", [DispatcherConfig, ConcurrencyState])
def test_a_document_without_its_version_is_refused(kind: type[Document]) -> None:
    value = {key: item for key, item in SOUND[kind].items() if key != "version"}
    assert refusals(kind, value) == ("version is missing",)

"""The slots of the locks pane, where their file is not understood completely."""

from __future__ import annotations

from clawtui.files.json5.document import read_document
from clawtui.model.documents.concurrency import ConcurrencyState
from clawtui.storage.paths import CONCURRENCY_FILE
from clawtui.tui.panes.locks.cells import slot_lines
from clawtui.tui.panes.locks.verdicts import Verdicts
from tests.gateway_root import NOON, GatewayRoot, iso


def text_of(gateway: GatewayRoot) -> str:
    reading = read_document(gateway.automations, CONCURRENCY_FILE, ConcurrencyState)
    lines = slot_lines(reading, Verdicts(), NOON)
    return "\n".join("".join(span.text for span in line) for line in lines)


def test_no_slot_is_shown_as_free_beside_an_unreadable_one(gateway: GatewayRoot) -> None:
    taken: dict[str, object] = {"automationId": "a", "sessionId": "s", "acquiredAt": iso(NOON), "slotNumber": 1}
    gateway.slots(taken)
    assert text_of(gateway).count("free") == 2
    gateway.slots(taken, {"automationId": "b", "slotNumber": 2})
    assert "free" not in text_of(gateway)
    assert "activeSlots[1].sessionId is missing" in text_of(gateway)

"""The first frame has the first automations on it; the others are read once it is drawn."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from clawtui.live.model import LiveModel
from clawtui.live.reading.order import TableOrder
from clawtui.live.watching.intervals import DEFAULT_INTERVALS
from clawtui.storage.paths import StatePaths
from clawtui.tui import app
from tests.gateway_root import GatewayRoot
from tests.tui.dashboard_at_noon import dashboard_at_noon


class _Patient(LiveModel):
    """A model that would not read on for an hour."""

    def __init__(self, paths: StatePaths, order: TableOrder | None = None) -> None:
        patient = replace(DEFAULT_INTERVALS, first_slice=3600, first_rest=3600)
        super().__init__(paths, intervals=patient, order=order)


async def test_the_other_automations_are_read_once_the_first_frame_is_drawn(
    gateway: GatewayRoot, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway.dispatcher()
    for number in range(200):
        gateway.automation(f"a-{number}")
    monkeypatch.setattr(app, "LiveModel", _Patient)
    async with dashboard_at_noon(gateway) as tester:
        await tester.wait_for("Automations  1/200")

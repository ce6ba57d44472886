"""What the hard tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.gateway_root import GatewayRoot


@pytest.fixture
def own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What is clawtui's own, for this process and its children, lies in a place of the test's."""
    state = tmp_path / "own-state"
    monkeypatch.setenv("XDG_STATE_HOME", str(state))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "own-config"))
    return state / "clawtui"


@pytest.fixture
def some(gateway: GatewayRoot) -> GatewayRoot:
    """Two automations, so that there is something to see."""
    gateway.automation("sync-main", name="Sync Main")
    gateway.automation("sync-tools", name="Sync Tools")
    return gateway

"""Fixtures of the hard tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.gateway_root import GatewayRoot


@pytest.fixture
def own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give clawtui, in this process and its children, directories of its own for this test."""
    state = tmp_path / "own-state"
    monkeypatch.setenv("XDG_STATE_HOME", str(state))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "own-config"))
    return state / "clawtui"


@pytest.fixture
def some(gateway: GatewayRoot) -> GatewayRoot:
    """Write two automations, so that something is shown."""
    gateway.automation("sync-main", name="Sync Main")
    gateway.automation("sync-tools", name="Sync Tools")
    return gateway

"""Fixtures of the tests of commands."""

from __future__ import annotations

import pytest

from clawtui.cli.framework import streams
from tests.cli.calls import Caller
from tests.gateway_root import GatewayRoot


@pytest.fixture(autouse=True)
def eighty_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have commands that are called in this process print for a terminal of 80 columns."""
    monkeypatch.setattr(streams, "PIPE_WIDTH", 80)


@pytest.fixture
def call(gateway: GatewayRoot) -> Caller:
    """Return a caller of clawtui over the gateway's state directory, at noon."""
    return Caller(gateway)

"""What the tests of commands share."""

from __future__ import annotations

import pytest

from tests.cli.calls import Caller
from tests.gateway_root import GatewayRoot


@pytest.fixture
def call(gateway: GatewayRoot) -> Caller:
    """Calls clawtui over the gateway's state directory, at noon."""
    return Caller(gateway)

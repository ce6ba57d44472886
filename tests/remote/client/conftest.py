"""The connection to a real agent, for the tests of logs on another host."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from clawtui.remote.client.source import RemoteSource
from tests.remote.other_host import OtherHost


@pytest.fixture
def source(host: OtherHost) -> Iterator[RemoteSource]:
    """Yield the source of the host's root; what the agent sends is also appended to the file ``travelled``."""
    source = host.source(f'sh -c "$command" | tee -a {host.place}/travelled')
    host.until(lambda fleet: fleet.loaded)
    yield source
    source.stop()

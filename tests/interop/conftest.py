"""The gateway's libraries, installed once a session, and directories to write into."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.gateway_root import GatewayRoot
from tests.interop.node import Node, install


@pytest.fixture(scope="session")
def node(tmp_path_factory: pytest.TempPathFactory) -> Node:
    """Return the gateway's side; if npm cannot install it, the tests fail with that message."""
    return install(tmp_path_factory.mktemp("node"))


@pytest.fixture
def roots(tmp_path: Path) -> Iterator[GatewayRoot]:
    """Return new state directories, for the documents of which each can have only one."""

    def make(number: int) -> GatewayRoot:
        (tmp_path / str(number)).mkdir()
        return GatewayRoot(tmp_path / str(number))

    return map(make, itertools.count())

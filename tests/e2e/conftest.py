"""What the tests in a real terminal share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.remote_gateway import RemoteGateway


@pytest.fixture
def remote(tmp_path: Path) -> Iterator[RemoteGateway]:
    """A gateway in another process."""
    with RemoteGateway(tmp_path / "state") as gateway:
        yield gateway

"""Fixtures of the tests in a real terminal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.remote_gateway import RemoteGateway


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what a dashboard saves, such as the order of a table, from the dashboards of other tests."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "own-state"))


@pytest.fixture
def remote(tmp_path: Path) -> Iterator[RemoteGateway]:
    """Yield a gateway in another process."""
    with RemoteGateway(tmp_path / "state") as gateway:
        yield gateway

"""Live models that end with their test."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.gateway_root import GatewayRoot
from tests.live.watched import Watched

Watch = Callable[..., Watched]


@pytest.fixture
def no_fresh_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Treat the files that a test has just made as if their last change was long ago."""
    monkeypatch.setattr("clawtui.live.stat_cache._FRESH_NS", 0)


@pytest.fixture
def watch(gateway: GatewayRoot) -> Iterator[Watch]:
    """Return a function that starts a live model over the gateway's root, or over the root given as `root`."""
    started = []

    def start(**options: object) -> Watched:
        watched = Watched(**{"root": gateway.root} | options)  # type: ignore[arg-type]
        started.append(watched)
        return watched

    yield start
    for watched in started:
        watched.model.stop()
        assert watched.threads <= {"live", "live-watchdog"}

"""The state of a repository after its lock was released, with the clock of the test."""

from __future__ import annotations

from pathlib import Path

import pytest

from clawtui.operations.evidence.lock_context import standing_lock
from clawtui.operations.locks.release import WATCHED, Released, watch_after
from tests.gateway_root import GatewayRoot
from tests.operations.releases import KEY, ReleaseSetup


@pytest.fixture
def desk(gateway: GatewayRoot, tmp_path: Path) -> ReleaseSetup:
    return ReleaseSetup(gateway, tmp_path / "own")


class Clock:
    """A clock that advances only during waits."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def released(desk: ReleaseSetup) -> Released:
    desk.dead_lock()
    return desk.release()


def test_a_repository_that_stays_free_is_watched_for_ten_seconds(desk: ReleaseSetup, released: Released) -> None:
    clock = Clock()
    after = watch_after(desk.paths, released, monotonic=clock, sleep=clock.sleep)
    assert after.taken is None
    assert WATCHED <= after.seconds < WATCHED + 1
    assert standing_lock(desk.paths, released.aside.lock, released.reading) is None


@pytest.mark.parametrize("relative", [None, "locks/github.com/user/repo.lock"])
def test_a_new_holder_is_reported_at_once_under_either_name(
    desk: ReleaseSetup, released: Released, relative: str | None
) -> None:
    clock = Clock()

    def wait(seconds: float) -> None:
        clock.sleep(seconds)
        if clock() >= 1003:
            desk.gateway.lock(KEY, "sync-next", relative)

    after = watch_after(desk.paths, released, monotonic=clock, sleep=wait)
    assert after.taken is not None
    assert after.taken.value is not None
    assert after.taken.value.automation_id == "sync-next"
    assert 3 <= after.seconds < 3.5


def test_an_unreadable_file_counts_as_a_new_holder(desk: ReleaseSetup, released: Released) -> None:
    desk.gateway.write(released.aside.lock, "")
    after = watch_after(desk.paths, released)
    assert after.taken is not None
    assert after.taken.problem is not None

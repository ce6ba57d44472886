"""``X`` on a lock file of a stock gateway: released if its owner is dead, and restored by ``U``."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from clawtui.operations.evidence.processes import start_ticks, why_hidden
from clawtui.storage.user.audit import Audit
from tests.openclaw.gateway_store import GatewayStore, gateway_lock
from tests.tui.dashboard_of_gateway import DEAD, dashboard_of

pytestmark = pytest.mark.skipif(why_hidden() is not None, reason="not all processes can be seen from here")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "own"))
    store = GatewayStore(tmp_path / "root")
    store.job("a", enabled=False)
    store.close()
    return tmp_path / "root"


def dead_lock(root: Path) -> Path:
    return gateway_lock(root, pid=DEAD, startTime=1, createdAt=datetime.now(UTC).isoformat())


async def test_a_dead_owners_lock_is_released_and_restored(root: Path, tmp_path: Path) -> None:
    lock = dead_lock(root)
    before = lock.read_bytes()
    async with dashboard_of(root) as tester:
        await tester.wait_for("orphaned")
        await tester.press("4", "X")
        await tester.wait_for("orphaned: the holder cannot be alive")
        await tester.wait_for("[ Release ]")
        await tester.press("enter")
        await tester.wait_for(lambda: len(tester.app.screen_stack) == 1)
        assert lock.read_bytes() == before
        await tester.press("X")
        await tester.wait_for("[ Release ]")
        await tester.press("right", "enter")
        await tester.wait_for("Released: tmp/openclaw-1000/gateway.state.lock")
        assert not lock.exists()
        await tester.press("escape")
        await tester.wait_for("4 Locks  0")
        await tester.press("U")
        await tester.wait_for("[ Restore ]")
        await tester.press("right", "enter")
        await tester.wait_for(lambda: lock.exists())
        assert lock.read_bytes() == before
    assert [each.event for each in Audit(tmp_path / "own/clawtui").recent()] == ["lock-release"] * 2 + [
        "lock-restore"
    ] * 2


async def test_a_lock_that_a_live_process_takes_meanwhile_is_shown_as_another_lock(root: Path) -> None:
    lock = dead_lock(root)
    async with dashboard_of(root) as tester:
        await tester.wait_for("orphaned")
        await tester.press("4", "X")
        await tester.wait_for("[ Release ]")
        lock.unlink()
        gateway_lock(root, pid=os.getpid(), startTime=start_ticks(os.getpid()), createdAt=datetime.now(UTC).isoformat())
        await tester.wait_for("This is another lock by now")
        await tester.press("right", "enter")
        await tester.wait_for("Only a lock whose owner cannot be alive is released.")
        assert "[ Release ]" not in tester.text and "Release ‹" not in tester.text
    assert str(os.getpid()) in lock.read_text()


async def test_read_only_releases_nothing(root: Path) -> None:
    lock = dead_lock(root)
    async with dashboard_of(root, read_only=True) as tester:
        await tester.wait_for("orphaned")
        await tester.press("4", "X")
        await tester.wait_for("Read-only: nothing is released here.")
        await tester.press("right", "enter")
        await tester.wait_for(lambda: len(tester.app.screen_stack) == 1)
    assert lock.exists()

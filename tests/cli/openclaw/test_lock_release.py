"""``clawtui lock release`` and ``lock restore`` on the root of a stock gateway."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from clawtui.operations.evidence.processes import start_ticks, why_hidden
from tests.cli.openclaw.test_commands import NO_PID, call, document
from tests.openclaw.gateway_store import GatewayStore, gateway_lock

LOCK = "tmp/openclaw-1000/gateway.state.lock"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    GatewayStore(tmp_path).close()
    gateway_lock(tmp_path, pid=NO_PID, startTime=5, createdAt=datetime.now(UTC).isoformat())
    return tmp_path


@pytest.mark.skipif(why_hidden() is not None, reason="not all processes can be seen from here")
def test_a_dead_owners_lock_file_is_released_and_restored(root: Path) -> None:
    before = (root / LOCK).read_bytes()
    finding = next(
        each for each in document("--root", str(root), "doctor", status=1)["findings"] if each["subject"] == LOCK
    )
    assert finding["fix"] == f"clawtui --root {root} lock release {LOCK}"
    release = ("--root", str(root), "lock", "release", LOCK)
    call(*release, status=3)
    assert (root / LOCK).exists()
    assert "--read-only" in call("--read-only", *release, "--yes", status=3)
    planned = document(*release, "--dry-run")
    assert (planned["verdict"], planned["released"]) == ("orphaned", False) and (root / LOCK).exists()
    assert "is not the version" in call(*release, "--yes", "--if-match", "other", status=4)
    done = document(*release, "--yes", "--if-match", planned["fingerprint"])
    assert done["released"] and (root / done["aside"]).read_bytes() == before and not (root / LOCK).exists()
    assert "there is no lock file" in call(*release, "--yes", status=5)
    assert document("--root", str(root), "lock", "restore", "--yes")["restored"]
    assert (root / LOCK).read_bytes() == before
    gateway_lock(root, pid=os.getpid(), startTime=start_ticks(os.getpid()), createdAt=datetime.now(UTC).isoformat())
    refusal = call(*release, "--yes", "--force", "--json", status=3)
    assert "is live" in refusal and "owner cannot be alive" in refusal and (root / LOCK).exists()

"""What is removed automatically, and what is not."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

from clawtui.model.findings.finding import Finding
from clawtui.model.fleet import Fleet
from clawtui.model.runs.judgement import QUIET_AFTER
from clawtui.operations.doctor.fix_files import sweep
from clawtui.operations.doctor.fix_rule import FixContext
from clawtui.storage.locks.released_locks import named_aside
from tests.gateway_root import GatewayRoot
from tests.operations.releases import KEY, LOCK, ReleaseSetup


def test_doctor_keeps_a_lock_that_a_killed_release_moved_however_old_it_is(
    gateway: GatewayRoot, tmp_path: Path
) -> None:
    desk = ReleaseSetup(gateway, tmp_path / "own")
    gateway.lock(KEY, "sync-main")
    moved = named_aside(LOCK, desk.now() - timedelta(days=3), "0123abcd")
    (gateway.automations / LOCK).rename(gateway.automations / moved.path)
    left = gateway.automations / "config" / "dispatcher.json.4711.1769860800000.tmp"
    left.parent.mkdir(parents=True, exist_ok=True)
    left.write_text("{")
    old = (desk.now() - timedelta(days=3)).timestamp()
    os.utime(left, (old, old))
    finding = Finding("leftover", "info", "config", "a temp file was left", "clawtui prune")
    case = FixContext(desk.paths, finding, Fleet(str(gateway.root)), desk.actor, desk.now, QUIET_AFTER)
    assert sweep(case).startswith("1 removed: config/dispatcher.json")
    assert (gateway.automations / moved.path).exists()

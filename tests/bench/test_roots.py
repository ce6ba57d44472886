"""The roots that are measured show what is to be measured, also right after the host has started."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import psutil

from tests.bench.roots import bench_root, name
from tests.cli.calls import Caller


def test_runs_go_on_right_after_the_host_started() -> None:
    with bench_root() as root:
        root.now = datetime.fromtimestamp(psutil.boot_time(), UTC) + timedelta(minutes=2)
        root.furnish(3, running=1, locks=2)
        fresh, target = root.advance(name(0), percentage=41)
        fresh.rename(target)
        call = Caller(root, root.now)
        locks, automations = call("lock", "list", "--json").json, call("automation", "list", "--json").json
    assert [lock["verdict"] for lock in locks] == ["live"] * 3
    assert [each["status"] for each in automations] == ["running", "idle", "idle"]

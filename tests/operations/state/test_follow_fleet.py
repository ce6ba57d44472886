"""The state directory read once."""

from __future__ import annotations

import subprocess
import sys

from clawtui.operations.state.follow_fleet import read_fleet
from clawtui.storage.paths import StatePaths
from tests.gateway_root import NOON, GatewayRoot, iso, run_entry


def test_everything_that_the_dashboard_would_show_is_there(gateway: GatewayRoot) -> None:
    gateway.dispatcher(maxConcurrent=5)
    gateway.automation("a-b")
    gateway.write("config/smart-sync-fork/broken.json", "{ id: ")
    gateway.state("a-b")
    gateway.progress("a-b", ("Cloning", 10))
    gateway.lock("github.com/user/repo", "a-b", relative="locks/github.com/user/repo.lock")
    gateway.append_log("logs/smart-sync-fork/a-b-2025-01-26-11-00-00.jsonl", run_entry("a-b", "here"))
    gateway.append_log(
        "logs/dispatcher/2025-01-26.jsonl", {"timestamp": iso(NOON), "level": "info", "event": "dispatch-started"}
    )
    fleet = read_fleet(StatePaths(gateway.root))
    assert fleet.loaded
    assert set(fleet.automations) == {"config/smart-sync-fork/a-b.json", "config/smart-sync-fork/broken.json"}
    assert fleet.max_slots == 5
    assert fleet.workspaces["a-b"].running is not None
    assert set(fleet.locks) == {"locks/github.com/user/repo.lock"}
    assert set(fleet.problems) == {"config/smart-sync-fork/broken.json"}
    assert [name.file for name in fleet.logs["smart-sync-fork"]["a-b"]] == ["a-b-2025-01-26-11-00-00.jsonl"]
    assert fleet.dispatcher_log is not None
    assert len(fleet.tails[fleet.dispatcher_log].lines) == 1


def test_an_empty_directory_is_an_empty_fleet(gateway: GatewayRoot) -> None:
    fleet = read_fleet(StatePaths(gateway.root))
    assert fleet.loaded
    assert not fleet.automations
    assert not fleet.problems


def test_no_watcher_is_loaded_for_it(gateway: GatewayRoot) -> None:
    script = (
        "import sys; from pathlib import Path; from clawtui.storage.paths import StatePaths\n"
        "from clawtui.operations.state.follow_fleet import read_fleet\n"
        "read_fleet(StatePaths(Path(sys.argv[1]))); print(*sys.modules)"
    )
    result = subprocess.run(
        [sys.executable, "-c", script, str(gateway.root)], capture_output=True, text=True, check=True
    )
    assert not {"watchfiles", "asyncio", "textual", "clawtui.live.watching.watcher"} & set(result.stdout.split())

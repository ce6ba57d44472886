"""Links below the state directory, in a live fleet."""

from __future__ import annotations

import json
from pathlib import Path

from clawtui.model.fleet import Fleet
from tests.files.fs.test_links import config_map
from tests.gateway_root import GatewayRoot
from tests.live.conftest import Watch
from tests.live.watched import QUICK


def content(gateway: GatewayRoot, name: str) -> bytes:
    """Return a configuration's file, moved away from where it was written."""
    path = gateway.automation("a", name=name)
    data = path.read_bytes()
    path.unlink()
    return data


def test_a_config_map_is_seen_in_each_version(gateway: GatewayRoot, watch: Watch) -> None:
    directory = gateway.automations / "config" / "smart-sync-fork"
    config_map(directory, "..1", {"a.json": content(gateway, "First")})

    def name(fleet: Fleet) -> str | None:
        automation = fleet.automations.get("config/smart-sync-fork/a.json")
        return automation.name if automation is not None else None

    watched = watch(timing=QUICK)
    watched.until(lambda fleet: name(fleet) == "First" and fleet.loaded)
    assert not watched.fleet.problems
    second = json.dumps({"id": "a", "type": "smart-sync-fork", "name": "Second", "schedule": {}, "config": {}})
    config_map(directory, "..2", {"a.json": second.encode()})
    watched.until(lambda fleet: name(fleet) == "Second")


def test_logs_on_another_disk_are_listed_and_links_name_their_target(
    gateway: GatewayRoot, watch: Watch, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    (other / "smart-sync-fork").mkdir(parents=True)
    (other / "smart-sync-fork" / "2025-01-26.jsonl").write_text("{}\n")
    (gateway.automations / "logs").symlink_to(other)
    gateway.automation("b")
    (gateway.automations / "workspaces").mkdir()
    (gateway.automations / "workspaces/b").symlink_to(other)
    watched = watch(timing=QUICK)
    watched.until(lambda fleet: fleet.loaded and "smart-sync-fork" in fleet.logs and "workspaces/b" in fleet.problems)
    assert {path: problem.message for path, problem in watched.fleet.problems.items()} == {
        "workspaces/b": f"is a symbolic link to {other}, outside the state directory, and is not followed"
    }
    (other / "smart-sync-fork" / "2025-01-27.jsonl").write_text("{}\n")
    watched.until(lambda fleet: len(fleet.logs["smart-sync-fork"][None]) == 2)

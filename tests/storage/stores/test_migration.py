from __future__ import annotations

import resource
import stat
from pathlib import Path

import pyjson5
import pytest

from clawtui.storage.paths import CONCURRENCY_FILE, DISPATCHER_FILE, StatePaths
from clawtui.storage.stores.dispatcher import DispatcherStore
from clawtui.storage.stores.migration import MigrationItem, migrate, plan
from tests.gateway_root import NOON, GatewayRoot, iso
from tests.storage.processes import together

VERSION_0 = """\
// from before the versions
{
  "version": 0,
  "enabled": false, // for now
  "team": "tools"
}
"""
NOTIFICATIONS = {"onStart": False, "onComplete": True, "onError": True, "channels": ["#cb-activity"]}


@pytest.fixture
def paths(gateway: GatewayRoot) -> StatePaths:
    return StatePaths(gateway.root)


def everything(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def actions(items: tuple[MigrationItem, ...]) -> dict[str, str]:
    return {item.path.removeprefix("config/"): item.action for item in items}


def test_a_dispatcher_of_version_0_is_migrated_to_version_1(gateway: GatewayRoot, paths: StatePaths) -> None:
    path = gateway.write(DISPATCHER_FILE, VERSION_0)
    (item,) = migrate(paths, NOON)
    assert (item.path, item.version, item.action) == (DISPATCHER_FILE, 0, "migrated")
    assert path.read_text().startswith(VERSION_0.removesuffix("\n}\n").replace('"version": 0', '"version": 1') + ",\n")
    assert pyjson5.decode(path.read_text()) == {
        "version": 1,
        "enabled": False,
        "team": "tools",
        "maxConcurrent": 3,
        "notifications": NOTIFICATIONS,
        "lastModified": iso(NOON),
    }
    reading = DispatcherStore(paths).load()
    assert reading is not None
    assert reading.problem is None
    assert item.backup is not None
    assert Path(item.backup).read_text() == VERSION_0
    assert stat.S_IMODE(Path(item.backup).stat().st_mode) == 0o600
    assert actions(migrate(paths, NOON)) == {"dispatcher.json": "current"}


def test_the_values_of_a_dispatcher_of_version_0_are_kept(gateway: GatewayRoot, paths: StatePaths) -> None:
    path = gateway.dispatcher(version=0, maxConcurrent=7)
    migrate(paths, NOON)
    gateway_made = pyjson5.decode(path.read_text())
    assert (gateway_made["version"], gateway_made["maxConcurrent"]) == (1, 7)
    gateway.dispatcher(version=0, maxConcurrent=None)
    migrate(paths, NOON)
    assert pyjson5.decode(path.read_text())["maxConcurrent"] == 3


def test_a_plan_writes_nothing(gateway: GatewayRoot, paths: StatePaths) -> None:
    assert plan(paths) == ()
    gateway.write(DISPATCHER_FILE, VERSION_0)
    before = everything(gateway.root)
    (item,) = plan(paths)
    assert (item.action, item.message, item.backup) == ("migrate", "from version 0 to 1", None)
    assert everything(gateway.root) == before


@pytest.mark.parametrize("version", ["2", "-1", '"1"', "true", "false", "null", "0.5", "{}"])
def test_an_unknown_version_is_left_alone_and_reported(gateway: GatewayRoot, paths: StatePaths, version: str) -> None:
    for file in (DISPATCHER_FILE, CONCURRENCY_FILE):
        gateway.write(file, f'{{"version": {version}}}')
    gateway.write("config/sync/a.json", f'{{id: "a", version: {version}}}')
    before = everything(gateway.root)
    items = migrate(paths, NOON)
    assert actions(items) == dict.fromkeys(["dispatcher.json", "concurrency-state.json", "sync/a.json"], "unknown")
    assert all("left unchanged" in item.message for item in items)
    assert everything(gateway.root) == before


def test_only_an_automation_needs_no_version(gateway: GatewayRoot, paths: StatePaths) -> None:
    gateway.write(DISPATCHER_FILE, "{}")
    gateway.write(CONCURRENCY_FILE, '{"version": 0}')
    gateway.automation("a")
    gateway.automation("b", version=1)
    assert actions(migrate(paths, NOON)) == {
        "dispatcher.json": "unknown",
        "concurrency-state.json": "unknown",
        "smart-sync-fork/a.json": "current",
        "smart-sync-fork/b.json": "current",
    }


def test_an_unreadable_file_is_reported_and_the_others_are_migrated(gateway: GatewayRoot, paths: StatePaths) -> None:
    path = gateway.write(DISPATCHER_FILE, VERSION_0)
    gateway.write(CONCURRENCY_FILE, "[1")
    gateway.write("config/sync/a.json", "[]")
    (gateway.automations / "config/sync/b.json").symlink_to("a.json")
    items = migrate(paths, NOON)
    assert actions(items) == {
        "dispatcher.json": "migrated",
        "concurrency-state.json": "unreadable",
        "sync/a.json": "unreadable",
        "sync/b.json": "unreadable",
    }
    assert pyjson5.decode(path.read_text())["version"] == 1


def test_a_file_that_would_be_invalid_is_not_migrated(gateway: GatewayRoot, paths: StatePaths) -> None:
    gateway.dispatcher(version=0, maxConcurrent=50)
    before = everything(gateway.root)
    (item,) = migrate(paths, NOON)
    assert item.action == "failed"
    assert item.message.startswith("would not fit version 1: maxConcurrent must be at most 10")
    assert everything(gateway.root) == before


def test_an_unwritable_dispatcher_is_reported_and_unchanged(gateway: GatewayRoot, paths: StatePaths) -> None:
    gateway.write(DISPATCHER_FILE, VERSION_0)
    before = everything(gateway.root)

    def migrate_on_a_full_disk() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
        (item,) = migrate(paths, NOON)
        assert (item.action, item.backup) == ("failed", None)
        assert "file too large" in item.message

    assert together(migrate_on_a_full_disk) == [0]
    assert everything(gateway.root) == before

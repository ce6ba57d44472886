"""Temp files of killed writers are found wherever documents are written, and nothing else is removed."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest

from clawtui.storage.paths import StatePaths
from clawtui.storage.stores.gateway_files import sweep_leftovers
from tests.gateway_root import NOON, GatewayRoot

LEFT = [
    "artifacts/sync-main/report.md.4711.8.tmp",
    "config/dispatcher.json.4711.1700000000000.tmp",
    "config/smart-sync-fork/sync-main.json.4711.3.tmp",
    "locks/github.com/user/repo.lock.4711.5.tmp",
    "workspaces/sync-main/state.json.4711.9.tmp",
]
NOT_OURS = [
    "config/smart-sync-fork/sync-main.json",
    "config/smart-sync-fork/notes.tmp",
    "locks/github.com-user-repo.lock.4711.aside",
    "workspaces/sync-main/repo/build.4711.9.tmp",
]


@pytest.fixture
def root(gateway: GatewayRoot) -> GatewayRoot:
    for relative in (*LEFT, *NOT_OURS):
        path = gateway.write(relative, "half")
        os.utime(path, (NOON.timestamp(), NOON.timestamp()))
    return gateway


def there(gateway: GatewayRoot) -> set[str]:
    files = (path for path in gateway.automations.rglob("*") if path.is_file())
    return {path.relative_to(gateway.automations).as_posix() for path in files}


def test_old_temp_files_are_removed_and_nothing_else(root: GatewayRoot) -> None:
    assert sweep_leftovers(StatePaths(root.root), NOON + timedelta(seconds=1)) == tuple(LEFT)
    assert there(root) == set(NOT_OURS)


def test_a_young_one_may_belong_to_a_writer_at_work(root: GatewayRoot) -> None:
    assert sweep_leftovers(StatePaths(root.root), NOON) == ()
    assert there(root) == {*LEFT, *NOT_OURS}


def test_a_dry_run_lists_the_same_files_and_removes_none(root: GatewayRoot) -> None:
    later = NOON + timedelta(days=1)
    assert sweep_leftovers(StatePaths(root.root), later, dry_run=True) == tuple(LEFT)
    assert there(root) == {*LEFT, *NOT_OURS}


def test_a_directory_behind_a_link_is_left_alone(root: GatewayRoot) -> None:
    outside = root.root / "outside"
    outside.mkdir()
    (outside / "x.json.1.1.tmp").touch()
    (root.automations / "config/linked").symlink_to(outside)
    assert not any("linked" in path for path in sweep_leftovers(StatePaths(root.root), NOON.replace(year=2200)))
    assert (outside / "x.json.1.1.tmp").exists()


def test_without_leftovers_nothing_is_removed(gateway: GatewayRoot) -> None:
    assert sweep_leftovers(StatePaths(gateway.root), NOON) == ()

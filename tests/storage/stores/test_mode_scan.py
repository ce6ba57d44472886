"""The modes and leftovers that one walk finds."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from clawtui.files.fs.modes import set_mode
from clawtui.model.errors import Changed, NoSuch, Refused
from clawtui.model.findings.context import WrongMode
from clawtui.storage.paths import StatePaths
from clawtui.storage.stores.gateway_files import sweep_leftovers
from clawtui.storage.stores.mode_scan import ModeScan, is_exposed, scan_modes
from tests.gateway_root import NOON, GatewayRoot
from tests.operations.ailing import Ward


@pytest.fixture
def closed(gateway: GatewayRoot) -> GatewayRoot:
    """Write a directory of each section with a file in it, all private."""
    for relative in (
        "config/t/a.json",
        "workspaces/a/state.json",
        "logs/t/x.jsonl",
        "artifacts/a/b",
        "locks/h/u/r.lock",
    ):
        gateway.write(relative, "{}")
    Ward(gateway).close()
    return gateway


def wrong(gateway: GatewayRoot, most_logs: int | None = None) -> dict[str, tuple[int, int]]:
    return {
        path: (mode, expected_mode)
        for path, mode, expected_mode in scan_modes(gateway.automations, NOON, most_logs).wrong_modes
    }


def test_a_file_in_place_of_a_directory_has_no_wrong_mode(closed: GatewayRoot) -> None:
    for section in ("config", "workspaces", "logs", "artifacts"):
        closed.write(f"{section}/odd", "").chmod(0o644)
    closed.write("config/dispatcher.json", "{}").chmod(0o644)
    assert wrong(closed).keys() == {"config/dispatcher.json"}


def test_private_files_are_not_reported(closed: GatewayRoot) -> None:
    assert scan_modes(closed.automations, NOON) == ModeScan((), ())


@pytest.mark.parametrize(
    "relative", ["", "config", "config/t/a.json", "workspaces/a", "logs/t/x.jsonl", "artifacts/a/b", "locks/h/u/r.lock"]
)
@pytest.mark.parametrize("mode", [0o755, 0o640, 0o400, 0o777])
def test_any_other_mode_is_found_wherever_it_is_and_set(closed: GatewayRoot, relative: str, mode: int) -> None:
    path = closed.automations / relative
    expected_mode = 0o700 if path.is_dir() else 0o600
    path.chmod(mode)
    assert wrong(closed) == {relative: (mode, expected_mode)}
    set_mode(closed.automations, WrongMode(relative, mode, expected_mode))
    assert path.stat().st_mode & 0o777 == expected_mode
    assert wrong(closed) == {}


def test_clones_and_links_are_not_looked_into(closed: GatewayRoot, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir(mode=0o755)
    (closed.automations / "workspaces/a/repo/.git").mkdir(parents=True)
    (closed.automations / "config/linked").symlink_to(outside)
    (closed.automations / "workspaces/b").symlink_to(outside)
    assert wrong(closed) == {}


def test_of_very_many_logs_the_newest_are_looked_at(closed: GatewayRoot) -> None:
    for day in range(1, 10):
        (closed.automations / f"logs/t/2025-01-0{day}.jsonl").touch(mode=0o644)
    assert len(wrong(closed)) == 9
    assert list(wrong(closed, most_logs=3)) == ["logs/t/2025-01-08.jsonl", "logs/t/2025-01-09.jsonl"]


def test_temp_files_are_left_behind_once_they_are_old(closed: GatewayRoot) -> None:
    temp = closed.write("config/t/a.json.4711.7.tmp", "{")
    closed.write("config/t/notes.tmp", "{")
    os.utime(temp, (NOON.timestamp(), NOON.timestamp()))
    assert scan_modes(closed.automations, NOON).leftovers == ()
    assert scan_modes(closed.automations, NOON + timedelta(seconds=1)).leftovers == ("config/t/a.json.4711.7.tmp",)


def test_files_below_a_private_directory_are_not_exposed(closed: GatewayRoot, tmp_path: Path) -> None:
    assert not is_exposed(closed.automations)
    for place in (closed.automations, *closed.automations.parents):
        if place.stat().st_uid == os.geteuid() and place.is_relative_to(tmp_path):
            place.chmod(0o755)
    expected = all(place.stat().st_mode & 0o011 for place in tmp_path.parents)
    tmp_path.chmod(0o755)
    assert is_exposed(closed.automations) is expected


def test_a_mode_is_set_only_on_the_file_that_was_seen(closed: GatewayRoot, tmp_path: Path) -> None:
    base, seen = closed.automations, WrongMode("config/t/a.json", 0o644, 0o600)
    with pytest.raises(Changed):
        set_mode(base, seen)
    (base / seen.path).unlink()
    with pytest.raises(NoSuch):
        set_mode(base, seen)
    outside = tmp_path / "outside"
    outside.touch(mode=0o644)
    (base / seen.path).symlink_to(outside)
    with pytest.raises((Changed, Refused)):
        set_mode(base, seen)
    (base / seen.path).unlink()
    (base / seen.path).hardlink_to(outside)
    with pytest.raises(Refused, match="another name"):
        set_mode(base, seen)
    assert outside.stat().st_mode & 0o777 == 0o644


def test_files_of_others_have_no_wrong_mode_and_are_no_leftovers(gateway: GatewayRoot) -> None:
    others = ("notes.txt", "config/README", "workspaces/mine/x.json", "workspaces/mine/state.json.bak", "locks/README")
    ours = (
        "config/t/a.json",
        "workspaces/a/state.json",
        "logs/t/2025-01-01.jsonl",
        "locks/a.lock",
        "artifacts/a/report.md",
    )
    for path in (*others, *ours, "workspaces/mine/x.1.2.tmp"):
        gateway.write(path, "").chmod(0o644)
    (gateway.automations / "workspaces/mine").chmod(0o755)
    found = scan_modes(gateway.automations, datetime.now(UTC) + timedelta(days=1))
    assert {wrong.path for wrong in found.wrong_modes if (gateway.automations / wrong.path).is_file()} == set(ours)
    assert "workspaces/mine" not in {wrong.path for wrong in found.wrong_modes}
    assert found.leftovers == ()
    assert sweep_leftovers(StatePaths(gateway.root), datetime.now(UTC) + timedelta(days=1)) == ()

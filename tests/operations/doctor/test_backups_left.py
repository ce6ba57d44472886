"""Copies that earlier versions left where the gateway lists: found, and moved away without losing a byte."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from clawtui.model.errors import Changed
from clawtui.operations.doctor.examine import examine
from clawtui.operations.state.follow_fleet import read_fleet
from clawtui.storage.paths import StatePaths
from clawtui.storage.user import backups
from clawtui.storage.user.backups import backups_left, move_backup
from clawtui.storage.user.files import own_state
from tests.cli.calls import Caller
from tests.gateway_root import GatewayRoot

TIME = "2025-01-26T12-00-00.000Z"
LEFT = (
    f"config/dispatcher.json.{TIME}.bak",
    f"config/sync/a.json.{TIME}-2.bak",
    f"workspaces/a/state.json.{TIME}.bak",
)
NOT_OURS = (
    "config/dispatcher.json.bak",
    "config/dispatcher.json.2025.bak",
    f"config/notes.{TIME}.txt",
    "config/x.bak~",
)


@pytest.fixture
def left(gateway: GatewayRoot) -> GatewayRoot:
    gateway.dispatcher()
    gateway.automation("a", "sync")
    for path in (*LEFT, *NOT_OURS):
        gateway.write(path, path)
    return gateway


def gateway_lists(base: Path) -> list[str]:
    """Return what the design's ``listAutomations`` reads. Raises NotADirectoryError where it throws ENOTDIR."""
    types = [path for path in (base / "config").iterdir() if not path.name.endswith(".json")]
    return [file.name for type_ in types for file in type_.iterdir() if file.name.endswith(".json")]


def found(gateway: GatewayRoot) -> list[tuple[str, str, str | None]]:
    paths = StatePaths(gateway.root)
    all_of_them = examine(read_fleet(paths), paths, datetime.now(UTC))
    return [(each.severity, each.subject, each.fix) for each in all_of_them if each.code == "leftover-backup"]


def test_backups_of_earlier_versions_are_found_and_moved(left: GatewayRoot) -> None:
    assert found(left) == [("error", LEFT[0], f"clawtui --root {left.root} doctor --fix")]
    Caller(left, datetime.now(UTC))("doctor", "--fix")
    assert found(left) == []
    assert backups_left(left.automations) == ()
    kept = own_state() / backups.BACKUPS / os.path.realpath(left.automations)[1:]
    for path in LEFT:
        assert not (left.automations / path).exists()
        assert (kept / path).read_text() == path
    for path in NOT_OURS:
        assert (left.automations / path).read_text() == path


def test_a_workspace_s_copy_alone_is_only_untidy(gateway: GatewayRoot) -> None:
    gateway.write(LEFT[2], "{}")
    assert [severity for severity, _, _ in found(gateway)] == ["info"]


def test_a_copy_that_changes_while_it_is_moved_stays(left: GatewayRoot, monkeypatch: pytest.MonkeyPatch) -> None:
    path = left.automations / LEFT[0]
    keep = backups._keep

    def keep_and_change(base: Path, stem: str, data: bytes, place: Path | None) -> Path:
        kept = keep(base, stem, data, place)
        path.write_text("another")
        return kept

    monkeypatch.setattr(backups, "_keep", keep_and_change)
    with pytest.raises(Changed):
        move_backup(left.automations, LEFT[0])
    assert path.read_text() == "another"


@pytest.mark.parametrize(
    "command", [("migrate",), ("automation", "disable", "torn"), ("import", "FILE", "--on-conflict=overwrite")]
)
def test_no_command_leaves_anything_where_the_gateway_lists(
    gateway: GatewayRoot, tmp_path: Path, command: tuple[str, ...]
) -> None:
    gateway.write("config/dispatcher.json", '{"version": 0}')
    gateway.automation("torn", "sync")
    call = Caller(gateway)
    export = tmp_path / "export.json"
    assert call("export", str(export)).status == 0
    if command[0] == "import":
        gateway.write("config/sync/torn.json", "{ torn")
    assert call(*(str(export) if word == "FILE" else word for word in command)).status == 0
    assert gateway_lists(gateway.automations) == ["torn.json"]
    assert not list(gateway.automations.rglob("*.bak"))

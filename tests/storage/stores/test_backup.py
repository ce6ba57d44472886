from __future__ import annotations

import json
import os
import stat
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import json5
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clawtui.model.errors import Invalid, Refused
from clawtui.storage.paths import StatePaths
from clawtui.storage.stores.backup import (
    ImportItem,
    OnConflict,
    export_automations,
    import_automations,
    plan_import,
    write_export,
)
from clawtui.storage.stores.configurations import AutomationConfigStore
from clawtui.storage.user.backups import BACKUPS
from clawtui.storage.user.files import own_state
from tests.gateway_root import NOON, GatewayRoot, iso
from tests.storage import documents

LATER = NOON + timedelta(days=1)


@pytest.fixture
def paths(gateway: GatewayRoot) -> StatePaths:
    return StatePaths(gateway.root)


@pytest.fixture
def other(tmp_path: Path) -> GatewayRoot:
    root = GatewayRoot(tmp_path / "other")
    root.root.mkdir()
    return root


def everything(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def entry(id: str = "new", type: str = "smart-sync-fork", **changes: object) -> dict[str, object]:
    return {
        "id": id,
        "type": type,
        "name": "New",
        "schedule": {"type": "interval", "value": "2h"},
        "config": {},
        "runHistory": [],
        "created": iso(NOON),
        "modified": iso(NOON),
    } | changes


def document(*entries: object, **changes: object) -> bytes:
    fields: dict[str, object] = {"version": 1, "exportedAt": iso(NOON), "automations": list(entries)}
    return json.dumps(fields | changes).encode()


def test_an_export_is_json_with_all_that_can_be_read(gateway: GatewayRoot, paths: StatePaths) -> None:
    gateway.automation("a", owner={"team": "tools"})
    gateway.automation("b", type="other")
    gateway.write("config/other/bad.json", "{")
    export = export_automations(paths, NOON)
    fields = json.loads(export.data)
    assert fields == json5.loads(export.data.decode())
    assert (fields["version"], fields["exportedAt"]) == (1, iso(NOON))
    assert [automation["id"] for automation in fields["automations"]] == list(export.ids) == ["b", "a"]
    assert fields["automations"][1]["owner"] == {"team": "tools"}
    assert [problem.path for problem in export.problems] == ["config/other/bad.json"]


def test_an_export_is_written_for_its_owner_only(paths: StatePaths, tmp_path: Path) -> None:
    export = export_automations(paths, NOON)
    write_export(tmp_path / "export.json", export)
    assert (tmp_path / "export.json").read_bytes() == export.data
    assert stat.S_IMODE((tmp_path / "export.json").stat().st_mode) == 0o600


def test_an_export_can_be_imported_elsewhere(gateway: GatewayRoot, paths: StatePaths, other: GatewayRoot) -> None:
    gateway.automation("a", owner={"team": "tools"}, nextRun=iso(LATER))
    gateway.automation("b", type="other")
    data = export_automations(paths, NOON).data
    elsewhere = StatePaths(other.root)
    assert import_automations(elsewhere, data, "fail", LATER) == (
        ImportItem("b", "other", "create"),
        ImportItem("a", "smart-sync-fork", "create"),
    )
    again = json.loads(export_automations(elsewhere, NOON).data)
    assert again["automations"] == [one | {"modified": iso(LATER)} for one in json.loads(data)["automations"]]
    assert AutomationConfigStore(elsewhere).problems() == ()


def test_an_export_with_secrets_needs_a_choice(gateway: GatewayRoot, paths: StatePaths) -> None:
    gateway.automation("a", config={"dbPass": "hunter2", "args": ["--token", "hunter3"], "key": "${KEY}"})
    gateway.automation("b")
    with pytest.raises(Refused, match=r"2 secrets are in the automations \(a config\.dbPass, a config\.args\[1\]\)"):
        export_automations(paths, NOON)
    hidden = export_automations(paths, NOON, secrets="mask")
    assert hidden.masked == ("a config.dbPass", "a config.args[1]") and b"hunter" not in hidden.data
    whole = export_automations(paths, NOON, secrets="include")
    assert whole.masked == () and whole.data.count(b"hunter") == 2
    import_automations(paths, hidden.data, "overwrite", LATER)
    assert export_automations(paths, LATER, secrets="include").data.count(b"hunter") == 2


@settings(max_examples=30)
@given(st.lists(documents.automations, max_size=3, unique_by=lambda fields: fields["id"]))
def test_any_automations_survive_export_and_import(fields: list[documents.Fields]) -> None:
    with tempfile.TemporaryDirectory() as name:
        gateway = GatewayRoot(Path(name) / "one")
        for one in fields:
            gateway.write_json(f"config/{one['type']}/{one['id']}.json", one)
        data = export_automations(StatePaths(gateway.root), NOON, secrets="include").data
        (Path(name) / "two").mkdir()
        import_automations(StatePaths(Path(name) / "two"), data, "fail", NOON)
        again = export_automations(StatePaths(Path(name) / "two"), NOON, secrets="include").data
        modified = {"modified": iso(NOON)}
        assert json.loads(again)["automations"] == [one | modified for one in json.loads(data)["automations"]]
        assert len(json.loads(again)["automations"]) == len(fields)


def test_fail_refuses_all_where_one_is_there(gateway: GatewayRoot, paths: StatePaths) -> None:
    gateway.automation("there")
    before = everything(gateway.root)
    with pytest.raises(Refused, match="nothing was imported: there is there already"):
        import_automations(paths, document(entry("new"), entry("there")), "fail", NOON)
    assert everything(gateway.root) == before


def test_skip_keeps_existing_files(gateway: GatewayRoot, paths: StatePaths) -> None:
    path = gateway.automation("there")
    before = path.read_text()
    items = import_automations(paths, document(entry("new"), entry("there", type="elsewhere")), "skip", NOON)
    assert [(item.id, item.outcome) for item in items] == [("new", "create"), ("there", "skip")]
    assert path.read_text() == before
    assert [automation.id for automation in AutomationConfigStore(paths).list_automations()] == ["new", "there"]


def test_overwrite_replaces_existing_files_and_keeps_unknown_keys(gateway: GatewayRoot, paths: StatePaths) -> None:
    path = gateway.automation("there", description="old", owner="me")
    items = import_automations(paths, document(entry("there", name="It is new")), "overwrite", LATER)
    assert items == (ImportItem("there", "smart-sync-fork", "overwrite"),)
    assert json5.loads(path.read_text()) == entry("there", name="It is new", modified=iso(LATER), owner="me")


def test_overwrite_replaces_an_unreadable_file_and_keeps_a_copy(gateway: GatewayRoot, paths: StatePaths) -> None:
    path = gateway.write("config/smart-sync-fork/there.json", "{half")
    import_automations(paths, document(entry("there")), "overwrite", LATER)
    assert json5.loads(path.read_text()) == entry("there", modified=iso(LATER))
    assert not list(gateway.root.rglob("*.bak"))
    kept = own_state() / BACKUPS / os.path.realpath(gateway.automations)[1:]
    assert [copy.read_text() for copy in kept.rglob("*.bak")] == ["{half"]


@pytest.mark.parametrize("on_conflict", ["fail", "skip", "overwrite"])
@pytest.mark.parametrize(
    "data",
    [
        b"{half",
        b"[]",
        b"{}",
        document(version=2),
        document(version=True),
        document(version=None),
        document(automations={}),
        document(entry("new"), {"id": "bad"}),
        document(entry("new"), 1),
        document(entry("new"), entry("twice"), entry("twice", type="other")),
        document(entry("new"), entry("UPPER")),
        document(entry("new"), entry("../../x")),
        document(entry("new"), entry("bad-type", type="../..")),
        document(entry("new"), entry("bad-type", type="a/b")),
        document(entry("new"), entry("bad-type", type="")),
        document(entry("new"), entry("bad-type", type="x.json")),
        document(entry("new"), entry("long", name="x" * 101)),
        document(entry("new"), entry("when", created="yesterday")),
    ],
)
def test_a_bad_entry_leaves_no_half_an_import(
    gateway: GatewayRoot, paths: StatePaths, data: bytes, on_conflict: OnConflict
) -> None:
    gateway.automation("there")
    before = everything(gateway.root.parent)
    acts: list[Callable[[], object]] = [
        lambda: import_automations(paths, data, on_conflict, NOON),
        lambda: plan_import(paths, data, on_conflict),
    ]
    for act in acts:
        with pytest.raises((Invalid, Refused)):
            act()
    assert everything(gateway.root.parent) == before


def test_an_id_that_another_type_has_cannot_be_overwritten(gateway: GatewayRoot, paths: StatePaths) -> None:
    gateway.automation("there", type="other")
    before = everything(gateway.root)
    with pytest.raises(Refused, match="is an automation already, in config/other/there"):
        import_automations(paths, document(entry("new"), entry("there")), "overwrite", NOON)
    assert everything(gateway.root) == before


def test_a_plan_lists_the_changes_and_writes_nothing(gateway: GatewayRoot, paths: StatePaths) -> None:
    gateway.automation("there")
    before = everything(gateway.root)
    data = document(entry("new"), entry("there"))
    assert [item.outcome for item in plan_import(paths, data, "overwrite")] == ["create", "overwrite"]
    assert [item.outcome for item in plan_import(paths, data, "skip")] == ["create", "skip"]
    with pytest.raises(Refused):
        plan_import(paths, data, "fail")
    assert everything(gateway.root) == before


def test_an_unwritable_file_is_reported_and_the_others_are_imported(gateway: GatewayRoot, paths: StatePaths) -> None:
    (gateway.automations / "config/linked").parent.mkdir()
    (gateway.automations / "config/linked").symlink_to(gateway.root)
    items = import_automations(paths, document(entry("a", type="linked"), entry("b")), "fail", NOON)
    assert [(item.id, item.outcome) for item in items] == [("a", "failed"), ("b", "create")]
    assert "symbolic link" in items[0].message

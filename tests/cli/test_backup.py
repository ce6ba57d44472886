"""``clawtui export`` and ``clawtui import``."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from tests.cli.calls import Caller
from tests.gateway_root import GatewayRoot


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "export.json"


@pytest.fixture
def other(tmp_path: Path) -> Caller:
    """Return a second, empty state directory."""
    root = GatewayRoot(tmp_path / "other")
    root.automations.mkdir(parents=True)
    return Caller(root)


def ids(call: Caller) -> set[str]:
    return {path.stem for path in (call.gateway.automations / "config").glob("*/*.json")}


def test_an_export_can_be_imported_elsewhere(call: Caller, other: Caller, gateway: GatewayRoot, file: Path) -> None:
    gateway.automation("sync-a", note="kept")
    gateway.automation("sync-b", "daily-report")
    answer = call("export", str(file))
    assert (answer.status, answer.out, answer.err) == (0, "", f"clawtui: 2 automations written to {file}\n")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    answer = other("import", str(file))
    assert answer.status == 0
    assert [line.split() for line in answer.lines[1:]] == [
        ["created", "sync-b", "daily-report"],
        ["created", "sync-a", "smart-sync-fork"],
    ]
    assert ids(other) == {"sync-a", "sync-b"}
    assert b"kept" in (other.gateway.automations / "config/smart-sync-fork/sync-a.json").read_bytes()


def test_a_dash_is_standard_output_and_input(call: Caller, other: Caller, gateway: GatewayRoot) -> None:
    gateway.automation("sync-a", name="Grüße")
    exported = call("export", "-")
    assert exported.err == ""
    assert exported.json["version"] == 1
    assert exported.json["automations"][0]["name"] == "Grüße"
    answer = other("import", "-", "--json", typed=exported.raw)
    assert answer.json == {
        "dryRun": False,
        "items": [{"id": "sync-a", "type": "smart-sync-fork", "outcome": "create", "message": ""}],
    }
    assert ids(other) == {"sync-a"}


def test_export_has_a_json_result(call: Caller, gateway: GatewayRoot, file: Path) -> None:
    gateway.automation("sync-a")
    answer = call("export", str(file), "--json", read_only=True)
    assert answer.json == {"file": str(file), "automations": ["sync-a"], "masked": [], "problems": []}


def test_a_file_that_is_there_is_replaced_only_where_that_is_confirmed(
    call: Caller, gateway: GatewayRoot, file: Path
) -> None:
    gateway.automation("sync-a")
    file.write_text("precious")
    answer = call("export", str(file))
    assert answer.status == 3
    assert file.read_text() == "precious"
    assert call("export", str(file), "--yes").status == 0
    assert json.loads(file.read_text())["version"] == 1


def test_an_export_without_unreadable_files_is_written_and_fails(
    call: Caller, gateway: GatewayRoot, file: Path
) -> None:
    gateway.automation("sync-a")
    gateway.write("config/smart-sync-fork/broken.json", "{ broken")
    answer = call("export", str(file))
    assert answer.status == 1
    assert "config/smart-sync-fork/broken.json: is not JSON5" in answer.err
    assert [entry["id"] for entry in json.loads(file.read_text())["automations"]] == ["sync-a"]


def test_an_unwritable_export_gives_the_reason(call: Caller, gateway: GatewayRoot, tmp_path: Path) -> None:
    gateway.automation("sync-a")
    answer = call("export", str(tmp_path / "no/such/place.json"))
    assert answer.status == 5
    assert "is no directory; nothing was written" in answer.err
    assert call("export", str(tmp_path)).status == 2


def test_an_export_with_secrets_needs_a_choice(call: Caller, other: Caller, gateway: GatewayRoot, file: Path) -> None:
    gateway.automation("sync-a", config={"sshKey": "hunter2", "command": ["tool", "--token", "hunter3"]})
    for target in (str(file), "-"):
        answer = call("export", target)
        assert (answer.status, answer.out) == (3, "") and not file.exists()
        assert answer.err.count("\n") == 2 and "--secrets include" in answer.err and "--secrets mask" in answer.err
    assert call("export", str(file), "--secrets", "mask").status == 0
    assert "hunter" not in file.read_text()
    assert other("import", str(file)).status == 1, "no mask is written in the place of a secret"
    for options in (("--secrets", "include"), ("--show-secrets",)):
        assert call("export", str(file), "--yes", *options).status == 0
        assert file.read_text().count("hunter") == 2
    assert other("import", str(file)).status == 0


@pytest.fixture
def conflicting(call: Caller, gateway: GatewayRoot, file: Path) -> Path:
    """Export sync-a and sync-b, then rename sync-a and delete sync-b."""
    gateway.automation("sync-a", name="Exported")
    gateway.automation("sync-b")
    call("export", str(file))
    gateway.automation("sync-a", name="Edited since")
    (gateway.automations / "config/smart-sync-fork/sync-b.json").unlink()
    return file


def name_of(call: Caller) -> bytes:
    return (call.gateway.automations / "config/smart-sync-fork/sync-a.json").read_bytes()


def test_a_conflict_fails_before_anything_is_written(call: Caller, conflicting: Path) -> None:
    before = call.files()
    answer = call("import", str(conflicting))
    assert answer.status == 3
    assert "sync-a is there already" in answer.err
    assert call.files() == before


@pytest.mark.parametrize(
    ("choice", "words", "name"),
    [("skip", ["skipped", "created"], b"Edited since"), ("overwrite", ["overwritten", "created"], b"Exported")],
)
def test_a_conflict_is_skipped_or_overwritten_where_that_is_chosen(
    call: Caller, conflicting: Path, choice: str, words: list[str], name: bytes
) -> None:
    before = call.files()
    planned = call("import", str(conflicting), "--on-conflict", choice, "--dry-run", read_only=True)
    assert planned.status == 0
    assert [line.split()[:2] for line in planned.lines[1:]] == [["would", choice], ["would", "create"]]
    assert call.files() == before
    done = call("import", str(conflicting), "--on-conflict", choice)
    assert [line.split()[0] for line in done.lines[1:]] == words
    assert name in name_of(call)
    assert ids(call) == {"sync-a", "sync-b"}


@pytest.mark.parametrize("content", ["", "[]", "{version: 2, automations: []}", "{version: 1, automations: [{}]}"])
def test_a_file_that_is_no_export_is_refused(call: Caller, file: Path, content: str) -> None:
    file.write_text(content)
    answer = call("import", str(file))
    assert (answer.status, answer.out) == (1, "")
    assert answer.err.count("\n") <= 2
    assert call.files() == {}


def test_a_file_that_is_not_there_is_no_such_thing(call: Caller, file: Path) -> None:
    assert call("import", str(file)).status == 5


def test_read_only_imports_nothing(call: Caller, conflicting: Path) -> None:
    before = call.files()
    assert call("import", str(conflicting), "--on-conflict", "overwrite", read_only=True).status == 3
    assert call.files() == before


def test_an_unwritable_file_is_named_and_the_others_are_imported(call: Caller, conflicting: Path) -> None:
    (call.gateway.automations / "config/smart-sync-fork/sync-b.json").symlink_to("nowhere")
    answer = call("import", str(conflicting), "--on-conflict", "overwrite")
    assert answer.status == 1
    assert "failed" in answer.out
    assert "1 of 2 automations could not be written" in answer.err
    assert b"Exported" in name_of(call)

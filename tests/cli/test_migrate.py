"""``clawtui migrate``."""

from __future__ import annotations

from pathlib import Path

import pytest

from clawtui.storage.user.files import own_state
from tests.cli.calls import Caller
from tests.gateway_root import GatewayRoot

OLD = "// ours\n{\n  version: 0,\n  maxConcurrent: 2,\n}\n"


@pytest.fixture
def dispatcher(gateway: GatewayRoot) -> Path:
    gateway.automation("sync-a")
    return gateway.write("config/dispatcher.json", OLD)


def test_an_old_dispatcher_is_migrated_and_backed_up(call: Caller, gateway: GatewayRoot, dispatcher: Path) -> None:
    answer = call("migrate")
    assert answer.status == 0
    assert "migrated" in answer.lines[0]
    assert answer.err == "clawtui: 2 of 2 documents have the current version\n"
    document = call("migrate", "--json").json
    assert {item["action"] for item in document["items"]} == {"current"}
    new = dispatcher.read_text()
    assert new.startswith("// ours\n")
    assert "version: 1" in new
    assert {path.name for path in dispatcher.parent.iterdir() if path.is_file()} == {"dispatcher.json"}
    output = "".join(line.strip() for line in answer.lines)
    backup = Path(output[output.index("backup: ") + len("backup: ") :])
    assert backup.read_text() == OLD
    assert backup.is_relative_to(own_state())
    assert (backup.stat().st_mode & 0o777, backup.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_a_dry_run_lists_the_changes_and_makes_none(call: Caller, dispatcher: Path) -> None:
    before = call.files()
    document = call("migrate", "--dry-run", "--json", read_only=True).json
    assert document["dryRun"] is True
    assert {item["path"]: item["action"] for item in document["items"]} == {
        "config/dispatcher.json": "migrate",
        "config/smart-sync-fork/sync-a.json": "current",
    }
    assert "from version 0 to 1" in call("migrate", "--dry-run").out
    assert call.files() == before


@pytest.mark.parametrize("content", ["{version: 7}", "{ broken"])
def test_an_unknown_version_is_left_unchanged_and_reported(call: Caller, gateway: GatewayRoot, content: str) -> None:
    gateway.write("config/dispatcher.json", content)
    before = call.files()
    answer = call("migrate")
    assert answer.status == 1
    assert "config/dispatcher.json" in answer.out
    assert "1 document could not be brought to the current version" in answer.err
    assert call.files() == before


def test_read_only_migrates_nothing(call: Caller, dispatcher: Path) -> None:
    assert call("migrate", read_only=True).status == 3
    assert dispatcher.read_text() == OLD


def test_without_documents_there_is_nothing_to_migrate(call: Caller) -> None:
    answer = call("migrate")
    assert (answer.status, answer.out) == (0, "")
    assert call("migrate", "--json").json == {"dryRun": False, "items": []}

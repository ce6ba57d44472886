"""``clawtui workspace``."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.cli.calls import Caller
from tests.gateway_root import NOON, GatewayRoot, iso

ID = "sync-main"


def info(gateway: GatewayRoot, id: str = ID, **changes: object) -> Path:
    document = {
        "automationId": id,
        "automationType": "smart-sync-fork",
        "sessionId": "cron:ours",
        "created": iso(NOON - timedelta(hours=1)),
        "lastUpdated": iso(NOON - timedelta(minutes=30)),
        "status": "complete",
        "repository": {"forkUrl": "git@h:u/f.git", "upstreamUrl": "git@h:u/r.git", "branch": "main"},
    }
    return gateway.write_json(f"workspaces/{id}/workspace-info.json", document | changes)


def clone(gateway: GatewayRoot, id: str = ID, size: int = 1536) -> Path:
    return gateway.write(f"workspaces/{id}/repo/src/big.bin", b"x" * size)


def size_of(gateway: GatewayRoot, id: str = ID) -> int:
    return sum(path.stat().st_size for path in (gateway.automations / "workspaces" / id).rglob("*") if path.is_file())


def test_workspaces_are_listed_with_their_size(call: Caller, gateway: GatewayRoot) -> None:
    info(gateway)
    clone(gateway)
    gateway.state("sync-live")
    (gateway.automations / "workspaces/empty").mkdir()
    answer = call("workspace", "list")
    rows = [line.split() for line in answer.lines]
    assert rows[0] == ["ID", "STATUS", "UPDATED", "SIZE"]
    assert rows[1] == ["empty", "unknown", "0.0", "B"]
    assert rows[2][:2] == ["sync-live", "running"]
    assert rows[3][:4] == [ID, "complete", "30m", "ago"]
    assert max(map(len, answer.lines)) <= 80


def test_json_has_the_size_in_bytes_and_in_words_and_links_lead_nowhere(
    call: Caller, gateway: GatewayRoot, tmp_path: Path
) -> None:
    info(gateway, preserve=True)
    clone(gateway)
    (tmp_path / "outside").write_bytes(b"x" * 10_000)
    (gateway.automations / "workspaces" / ID / "repo/link").symlink_to(tmp_path / "outside")
    (row,) = call("workspace", "list", "--json").json
    assert row["size"]["bytes"] == size_of(gateway) - 10_000
    assert row["size"]["humanReadable"].endswith(" KB")
    assert (row["id"], row["path"], row["status"], row["running"], row["preserve"]) == (
        ID,
        f"workspaces/{ID}",
        "complete",
        False,
        True,
    )
    assert row["lastUpdated"] == iso(NOON - timedelta(minutes=30))


def test_nothing_is_measured_with_no_size(call: Caller, gateway: GatewayRoot) -> None:
    clone(gateway)
    assert call("workspace", "list", "--no-size", "--json").json[0]["size"] is None
    assert " B" not in call("workspace", "list", "--no-size").out
    assert "size" not in call("workspace", "show", ID, "--no-size").out


def test_an_unreadable_workspace_is_listed_with_its_problem(call: Caller, gateway: GatewayRoot) -> None:
    info(gateway, "good")
    gateway.write("workspaces/bad/state.json", "")
    answer = call("workspace", "list")
    assert answer.status == 0
    assert "state.json is empty" in answer.out
    bad, good = call("workspace", "list", "--json").json
    assert bad["problems"] == [{"path": "workspaces/bad/state.json", "message": "is empty"}]
    assert good["problems"] == []


def test_one_workspace_is_shown_with_its_documents(call: Caller, gateway: GatewayRoot) -> None:
    info(gateway, note="ours")
    gateway.state(ID)
    gateway.progress(ID, ("Cloning", 10))
    output = call("workspace", "show", ID).out
    assert "git@h:u/f.git" in output
    assert "running 65 % Resolving conflicts" in output
    document = call("workspace", "show", ID, "--json").json
    assert document["info"]["note"] == "ours"
    assert document["state"]["progress"]["percentage"] == 65
    assert document["progress"]["timeline"][0]["milestone"] == "Cloning"
    assert document["size"]["bytes"] == size_of(gateway)


@pytest.mark.parametrize("command", [["show"], ["clean", "--yes"]])
@pytest.mark.parametrize(("id", "status"), [("nobody", 5), ("../config", 3), ("a/b", 3)])
def test_an_unknown_workspace_is_not_found_and_no_other_file_is_touched(
    call: Caller, gateway: GatewayRoot, command: list[str], id: str, status: int
) -> None:
    gateway.dispatcher()
    before = call.files()
    assert call("workspace", *command, id).status == status
    assert call.files() == before


def test_a_workspace_is_removed_after_confirmation_only(call: Caller, gateway: GatewayRoot) -> None:
    info(gateway)
    clone(gateway)
    answer = call("workspace", "clean", ID)
    assert answer.status == 3
    assert "--yes" in answer.err
    assert size_of(gateway) > 0
    answer = call("workspace", "clean", ID, "--yes")
    assert (answer.status, answer.err) == (0, f"clawtui: the workspace of {ID} is removed\n")
    assert not (gateway.automations / "workspaces" / ID).exists()


def test_clean_has_a_json_result(call: Caller, gateway: GatewayRoot) -> None:
    clone(gateway)
    answer = call("workspace", "clean", ID, "--yes", "--json")
    assert answer.json == {"id": ID, "path": f"workspaces/{ID}", "removed": True}


@pytest.mark.parametrize(
    ("state", "kept", "needed"),
    [
        ("running", False, ["live"]),
        ("completed", True, ["preserved"]),
        ("running", True, ["live", "preserved"]),
    ],
)
def test_a_live_or_preserved_workspace_needs_its_own_option(
    call: Caller, gateway: GatewayRoot, state: str, kept: bool, needed: list[str]
) -> None:
    info(gateway, preserve=kept)
    gateway.state(ID, status=state)
    before = call.files()
    wrong = {"live", "preserved"} - set(needed[:1])
    for forced in ([], *(["--force", name] for name in wrong)):
        answer = call("workspace", "clean", ID, "--yes", *forced)
        assert answer.status == 3
        assert f"--force {needed[0]}" in answer.err
        assert call.files() == before
    enough = [word for name in needed for word in ("--force", name)]
    assert call("workspace", "clean", ID, "--yes", *enough).status == 0
    assert not (gateway.automations / "workspaces" / ID).exists()


@pytest.mark.parametrize(("file", "danger"), [("state.json", "live"), ("workspace-info.json", "preserved")])
def test_a_workspace_that_cannot_be_read_may_be_either(
    call: Caller, gateway: GatewayRoot, file: str, danger: str
) -> None:
    gateway.write(f"workspaces/{ID}/{file}", "{ broken")
    answer = call("workspace", "clean", ID, "--yes")
    assert answer.status == 3
    assert f"--force {danger}" in answer.err
    assert call("workspace", "clean", ID, "--yes", "--force", danger).status == 0


def test_read_only_cleans_nothing(call: Caller, gateway: GatewayRoot) -> None:
    clone(gateway)
    answer = call("workspace", "clean", ID, "--yes", read_only=True)
    assert answer.status == 3
    assert size_of(gateway) > 0


def test_an_empty_list_of_workspaces_has_a_message(call: Caller) -> None:
    assert call("workspace", "list").err == "clawtui: there are no workspaces\n"
    assert call("workspace", "list", "--json").json == []

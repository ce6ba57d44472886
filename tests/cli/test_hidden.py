"""A file in place of a directory hides what would be in it: every list reports it, and none looks complete."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from clawtui.operations.state.backup import MAX_EXPORT
from tests.cli.calls import Caller
from tests.gateway_root import NOON, GatewayRoot, iso

_LINKED = "symbolic link"
_A_FILE = "is a file where a directory should be"

Block = Callable[[Path], object]


def _link(path: Path) -> None:
    path.symlink_to("/nowhere")


BLOCKS = [(_link, _LINKED), (Path.touch, _A_FILE), (os.mkfifo, _A_FILE)]


def put(gateway: GatewayRoot, place: str, block: Block) -> None:
    path = gateway.automations / place
    path.parent.mkdir(exist_ok=True)
    block(path)


@pytest.mark.parametrize(("block", "why"), BLOCKS)
@pytest.mark.parametrize(
    ("place", "command"),
    [
        ("locks", ("lock", "list")),
        ("config", ("automation", "list")),
        ("config/closed", ("automation", "list")),
        ("workspaces", ("workspace", "list")),
        ("workspaces/closed", ("workspace", "list")),
        ("artifacts", ("artifact", "list")),
        ("artifacts/closed", ("artifact", "list")),
        ("artifacts/closed", ("artifact", "list", "closed")),
        ("logs", ("prune", "--dry-run")),
        ("logs/closed", ("prune", "--dry-run")),
        ("config", ("export", "-")),
        ("config/closed", ("export", "-")),
        ("config", ("run", "list", "any")),
        ("config", ("automation", "delete", "any")),
        ("workspaces/closed", ("progress", "closed")),
        ("workspaces/closed", ("workspace", "clean", "closed")),
    ],
)
def test_an_obstacle_that_hides_files_is_reported_with_its_path(
    call: Caller, gateway: GatewayRoot, place: str, command: tuple[str, ...], block: Block, why: str
) -> None:
    put(gateway, place, block)
    answer = call(*command)
    assert answer.status == 1
    assert f"{place}: " in answer.err and why in answer.err
    assert "nothing is locked" not in answer.err and "there are no" not in answer.err


@pytest.mark.parametrize(("section", "command"), [("locks", "lock"), ("config", "automation")])
def test_an_unreadable_directory_hides_its_files(unprivileged: GatewayRoot, section: str, command: str) -> None:
    closed = unprivileged.automations / section
    closed.mkdir(mode=0)
    answer = Caller(unprivileged)(command, "list", "--json")
    assert (answer.status, answer.json) == (1, [])
    assert answer.err.endswith(f"clawtui: {section}: permission denied\n") and "nothing is" not in answer.err
    closed.chmod(0o700)


def test_readable_files_are_listed_beside_hidden_ones(call: Caller, gateway: GatewayRoot) -> None:
    gateway.lock("github.com/user/one", "a-1")
    gateway.automation("a-1")
    gateway.state("a-1")
    gateway.write("artifacts/a-1/x.md", b"text")
    for place in ("locks/more", "config/more", "workspaces/more", "artifacts/more", "artifacts/a-1/y.md"):
        put(gateway, place, _link)
    os.mkfifo(gateway.automations / "artifacts/a-1/z.md")
    for command in ("lock", "automation", "workspace", "artifact"):
        answer = call(command, "list", "--json")
        assert (answer.status, len(answer.json)) == (1, 1)
    assert "artifacts/a-1/y.md: is a symbolic link" in answer.err
    assert "artifacts/a-1/z.md: is not a regular file" in answer.err


def test_a_workspace_that_may_not_be_looked_into_hides_no_other(unprivileged: GatewayRoot) -> None:
    unprivileged.state("a-1")
    closed = unprivileged.automations / "workspaces/closed"
    closed.mkdir(mode=0)
    answer = Caller(unprivileged)("workspace", "list", "--json")
    assert answer.status == 1 and {row["id"] for row in answer.json} == {"a-1", "closed"}
    assert answer.err.endswith("clawtui: workspaces/closed: permission denied\n")
    closed.chmod(0o700)


@pytest.mark.parametrize(("block", "why"), BLOCKS)
@pytest.mark.parametrize("key", ["github.com/user/one", "locks/github.com-user-one.lock"])
@pytest.mark.parametrize("command", [("show",), ("release", "--dry-run")])
def test_locks_in_an_unreadable_directory_are_not_judged(
    call: Caller, gateway: GatewayRoot, command: tuple[str, ...], key: str, block: Block, why: str
) -> None:
    put(gateway, "locks", block)
    answer = call("lock", *command, key)
    assert (answer.status, answer.out) == (1, "")
    assert answer.err.startswith("clawtui: locks: ") and why in answer.err


def test_nothing_counts_as_unlocked_while_a_group_of_locks_is_hidden(call: Caller, gateway: GatewayRoot) -> None:
    gateway.lock("github.com/user/one", "a-1")
    put(gateway, "locks/group", _link)
    assert call("lock", "show", "github.com/user/one").status == 0
    answer = call("lock", "show", "github.com/user/two")
    assert answer.status == 1 and answer.err.startswith("clawtui: locks/group: is a symbolic link")


@pytest.mark.parametrize("block", [Path.touch, os.mkfifo])
@pytest.mark.parametrize("place", ["config/closed", "workspaces/alpha", "logs/closed", "logs/dispatcher"])
def test_a_file_in_the_place_of_a_directory_is_a_problem_and_no_wrong_mode(
    call: Caller, gateway: GatewayRoot, place: str, block: Block
) -> None:
    put(gateway, place, block)
    (gateway.automations / place).chmod(0o644)
    assert call("status", "--json").json["problems"] == [{"path": place, "message": _A_FILE}]
    found = {
        finding["code"]: finding for finding in call("doctor", "--json").json["findings"] if finding["subject"] == place
    }
    assert found.keys() == {"malformed"}


def test_migrate_and_export_name_unreadable_directories(call: Caller, gateway: GatewayRoot) -> None:
    gateway.automation("a-1")
    put(gateway, "config/closed", Path.touch)
    answer = call("migrate", "--json")
    assert answer.status == 1
    assert [item["path"] for item in answer.json["items"] if item["action"] == "unreadable"] == ["config/closed"]
    answer = call("export", "-")
    assert answer.status == 1 and "config/closed: is a file" in answer.err
    assert [entry["id"] for entry in answer.json["automations"]] == ["a-1"]


def test_notes_beside_the_directories_are_no_problem(call: Caller, gateway: GatewayRoot) -> None:
    gateway.automation("a-1")
    for section in ("config", "workspaces", "logs", "artifacts"):
        for name in (
            "README",
            "notes.md",
            "x.txt",
            "old.bak",
            "dispatcher.json.2025.bak",
            "stray.json",
            ".hidden",
            "a~",
        ):
            gateway.write(f"{section}/{name}", b"")
    gateway.write("locks/stray", b"")
    assert call("status", "--json").json["problems"] == []
    for command in (("automation", "list"), ("workspace", "list"), ("artifact", "list"), ("lock", "list")):
        assert call(*command).status == 0
    assert call("prune", "--dry-run").status == call("migrate").status == call("export", "-").status == 0


@pytest.mark.parametrize("file", ["/dev/zero", "pipe"])
def test_only_a_regular_file_is_imported(call: Caller, tmp_path: Path, file: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    path = tmp_path / file
    answer = call("import", str(path))
    assert (answer.status, answer.err) == (1, f"clawtui: {path}: is not a regular file\n")


def test_an_import_has_its_limit(call: Caller, tmp_path: Path) -> None:
    file = tmp_path / "huge.json"
    file.touch()
    os.truncate(file, MAX_EXPORT + 1)
    answer = call("import", str(file))
    assert answer.status == 1 and answer.err.count("\n") == 1
    assert f"{file}: is 67,108,865 bytes, more than" in answer.err
    answer = call("import", "-", typed=b" " * (MAX_EXPORT + 1))
    assert answer.status == 1 and "standard input has more than" in answer.err


@pytest.mark.parametrize("type_", ["con\nf", "a\x7f", "a\u202eb", "a\x1b[2J"])
def test_a_type_that_cannot_be_shown_as_it_is_is_not_imported(call: Caller, tmp_path: Path, type_: str) -> None:
    entry = {
        "id": "a-1",
        "type": type_,
        "name": "A",
        "schedule": {"type": "interval", "value": "2h"},
        "config": {},
        "runHistory": [],
        "created": iso(NOON),
        "modified": iso(NOON),
    }
    file = tmp_path / "in.json"
    file.write_text(json.dumps({"version": 1, "automations": [entry]}))
    answer = call("import", str(file))
    assert answer.status == 3 and "cannot be a type" in answer.err and answer.err.count("\n") == 1
    assert not (call.gateway.automations / "config").exists()


def test_too_many_slots_are_a_problem_that_is_found_fast(call: Caller, gateway: GatewayRoot) -> None:
    slots = [
        {"automationId": f"a-{number}", "sessionId": f"s-{number}", "acquiredAt": iso(NOON), "slotNumber": 1}
        for number in range(50_000)
    ]
    gateway.slots(*slots)
    begun = time.monotonic()
    found = {finding["code"]: finding for finding in call("doctor", "--json").json["findings"]}
    assert time.monotonic() - begun < 10
    assert "has 50,000 active slots, more than the 1,000 that are read" in found["malformed"]["message"]
    gateway.slots(*slots[:1000])
    begun = time.monotonic()
    found = {finding["code"]: finding for finding in call("doctor", "--json").json["findings"]}
    assert time.monotonic() - begun < 10
    assert "by a-0, a-1, a-2 and 997 more:" in found["slot-number-twice"]["message"]

"""``clawtui artifact``."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.calls import Caller
from tests.e2e.terminal import Terminal
from tests.gateway_root import NOON, GatewayRoot, iso

REPORT = "20250126-103000-conflict-report.md"


def add(gateway: GatewayRoot, id: str, name: str, data: bytes) -> Path:
    path = gateway.write(f"artifacts/{id}/{name}", data)
    os.utime(path, (NOON.timestamp() - 300, NOON.timestamp() - 300))
    return path


def test_artifacts_are_listed_by_id_and_name(call: Caller, gateway: GatewayRoot) -> None:
    add(gateway, "sync-b", "x.md", b"abc")
    add(gateway, "sync-a", REPORT, b"# Conflicts\n")
    answer = call("artifact", "list")
    assert [line.split() for line in answer.lines] == [
        ["ID", "NAME", "SIZE", "MODIFIED"],
        ["sync-a", REPORT, "12.0", "B", "5m", "ago"],
        ["sync-b", "x.md", "3.0", "B", "5m", "ago"],
    ]
    (row,) = call("artifact", "list", "sync-b", "--json").json
    assert row == {
        "automationId": "sync-b",
        "name": "x.md",
        "path": "artifacts/sync-b/x.md",
        "size": 3,
        "modified": iso(NOON.replace(hour=11, minute=55)),
    }


def test_an_automation_without_artifacts_is_none_of_those_that_do_not_exist(call: Caller, gateway: GatewayRoot) -> None:
    gateway.automation("sync-main")
    assert call("artifact", "list", "sync-main").err == "clawtui: there are no artifacts\n"
    assert call("artifact", "list", "sync-main", "--json").json == []
    assert call("artifact", "list", "nobody").status == 5


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00\n\r\n", "Grüße\n".encode(), bytes(range(256)) * 100])
def test_an_artifact_is_printed_byte_for_byte(call: Caller, gateway: GatewayRoot, data: bytes) -> None:
    add(gateway, "sync-main", "x.bin", data)
    answer = call("artifact", "show", "sync-main", "x.bin")
    assert (answer.status, answer.raw, answer.err) == (0, data, "")


def test_json_has_text_as_text_and_all_else_as_base64(call: Caller, gateway: GatewayRoot) -> None:
    add(gateway, "sync-main", "x.md", "Grüße\n".encode())
    add(gateway, "sync-main", "x.bin", b"\xff\x00")
    assert call("artifact", "show", "sync-main", "x.md", "--json").json["text"] == "Grüße\n"
    document = call("artifact", "show", "sync-main", "x.bin", "--json").json
    assert base64.b64decode(document["base64"]) == b"\xff\x00"
    assert "text" not in document


def test_on_a_terminal_an_artifact_is_harmless(gateway: GatewayRoot) -> None:
    add(gateway, "sync-main", "x.md", b"\x1b[2J\x1b]0;owned\x07red\n\xff end\n")
    command = [sys.executable, "-m", "clawtui", "--root", str(gateway.root), "artifact", "show", "sync-main", "x.md"]
    with Terminal(command) as terminal:
        terminal.wait_exit()
        shown = terminal.text
    assert "␛[2J␛]0;owned␇red" in shown
    assert "� end" in shown


@pytest.mark.parametrize(
    ("id", "name", "status"),
    [
        ("sync-main", "nothing.md", 5),
        ("nobody", "x.md", 5),
        ("sync-main", "../../config/dispatcher.json", 5),
        ("..", "x", 3),
        ("sync-main", "link.md", 5),
    ],
)
def test_a_file_that_is_no_artifact_is_not_shown(
    call: Caller, gateway: GatewayRoot, id: str, name: str, status: int
) -> None:
    gateway.dispatcher()
    add(gateway, "sync-main", "x.md", b"x")
    (gateway.automations / "artifacts/sync-main/link.md").symlink_to("../../config/dispatcher.json")
    answer = call("artifact", "show", id, name)
    assert (answer.status, answer.out) == (status, "")


def test_a_reader_who_leaves_early_is_no_error(gateway: GatewayRoot) -> None:
    add(gateway, "sync-main", "x.bin", b"line\n" * 200_000)
    shown = f"{sys.executable} -m clawtui --root {gateway.root} artifact show sync-main x.bin"
    result = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {shown} | head -n 1"], capture_output=True, text=True, check=False
    )
    assert (result.stdout, result.stderr, result.returncode) == ("line\n", "", 0)

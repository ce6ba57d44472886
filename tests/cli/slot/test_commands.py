"""``clawtui slot``."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from pathlib import Path

import pytest

from tests.cli.calls import Caller
from tests.cli.processes import environment, on_terminal, read_until
from tests.gateway_root import NOON, GatewayRoot, iso

SLOT = {
    "automationId": "sync-main",
    "sessionId": "cron:ours",
    "acquiredAt": iso(NOON - timedelta(minutes=5)),
    "slotNumber": 2,
}


def test_every_slot_is_listed_and_those_that_are_free(call: Caller, gateway: GatewayRoot) -> None:
    gateway.slots(SLOT)
    answer = call("slot", "list")
    assert answer.status == 0
    assert [line.split() for line in answer.lines] == [
        ["SLOT", "HELD", "BY", "SESSION", "AGE"],
        ["1", "free"],
        ["2", "sync-main", "cron:ours", "5m"],
        ["3", "free"],
        [],
        ["1", "of", "3", "used"],
    ]


def test_the_json_has_the_document_and_the_derived_fields(call: Caller, gateway: GatewayRoot) -> None:
    gateway.slots(SLOT | {"priority": "high"}, max_slots=2)
    document = call("slot", "list", "--json").json
    assert document == {
        "version": 1,
        "maxSlots": 2,
        "lastUpdated": iso(NOON),
        "used": 1,
        "activeSlots": [SLOT | {"priority": "high", "ageSeconds": 300}],
    }


def test_two_slots_with_one_number_are_both_listed(call: Caller, gateway: GatewayRoot) -> None:
    gateway.slots(SLOT, SLOT | {"automationId": "sync-other"})
    output = call("slot", "list").out
    assert "sync-main" in output
    assert "sync-other" in output
    assert "2 of 3 used" in output


def test_the_configuration_gives_the_number_of_slots_without_a_state_file(call: Caller, gateway: GatewayRoot) -> None:
    assert call("slot", "list").err == "clawtui: no slot was ever taken, and their number is not configured\n"
    assert call("slot", "list", "--json").json == {"maxSlots": None, "used": 0, "activeSlots": []}
    gateway.dispatcher(maxConcurrent=2)
    assert "0 of 2 used" in call("slot", "list").out
    assert call("slot", "list", "--json").json["maxSlots"] == 2


def test_unreadable_slots_are_an_error_with_the_reason(call: Caller, gateway: GatewayRoot) -> None:
    gateway.write("config/concurrency-state.json", "{ broken")
    answer = call("slot", "list", "--json")
    assert (answer.status, answer.out) == (1, "")
    assert "concurrency-state.json: is not JSON5" in answer.err


# Freeing


def dead(gateway: GatewayRoot, status: str = "failed", ago: timedelta = timedelta(minutes=30)) -> None:
    """Write slot 2 of a session that ended half an hour ago, and slot 1 of one that has just begun."""
    gateway.slots(
        SLOT | {"acquiredAt": iso(NOON - timedelta(hours=1))},
        {"automationId": "sync-live", "sessionId": "cron:live", "acquiredAt": iso(NOON), "slotNumber": 1},
    )
    gateway.state("sync-main", sessionId="cron:ours", status=status, lastUpdate=iso(NOON - ago))


def taken(gateway: GatewayRoot) -> list[int]:
    state = json.loads((gateway.automations / "config/concurrency-state.json").read_text())
    return [slot["slotNumber"] for slot in state["activeSlots"]]


@pytest.fixture(autouse=True)
def own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give clawtui directories of its own for this test."""
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    return tmp_path / "XDG_STATE_HOME/clawtui"


def test_the_slot_of_a_session_that_is_over_is_freed_with_yes(
    call: Caller, gateway: GatewayRoot, own_places: Path
) -> None:
    dead(gateway)
    answer = call("slot", "free", "2", "--yes")
    assert answer.status == 0
    assert answer.lines[:2] == [
        "slot 2, held by sync-main, session cron:ours",
        "orphaned: its session is over: nothing will ever free it",
    ]
    assert "- its session has ended: state.json says “failed”, 30m ago" in answer.lines
    assert answer.err == "clawtui: slot 2 is free; cron:ours of sync-main had it\n"
    assert taken(gateway) == [1]
    assert '"slot-free"' in (own_places / "audit.jsonl").read_text()


def test_without_a_terminal_there_is_no_question_and_no_change(call: Caller, gateway: GatewayRoot) -> None:
    dead(gateway)
    before = call.files()
    answer = call("slot", "free", "2")
    assert answer.status == 3
    assert "Add --yes" in answer.err
    assert call.files() == before


@pytest.mark.parametrize(
    ("ago", "enough", "not_enough"),
    [
        (timedelta(minutes=30), ("--yes", "--force"), ("--yes",)),
        (timedelta(minutes=1), ("--yes", "--force-live"), ("--yes", "--force")),
    ],
)
def test_a_slot_of_a_run_that_may_be_alive_needs_more_than_yes(
    call: Caller, gateway: GatewayRoot, ago: timedelta, enough: tuple[str, ...], not_enough: tuple[str, ...]
) -> None:
    dead(gateway, "running", ago)
    refused = call("slot", "free", "2", *not_enough)
    assert refused.status == 3
    assert f"If it is to be freed all the same: {' '.join(enough)}" in refused.err
    assert taken(gateway) == [2, 1]
    document = call("slot", "free", "2", *enough, "--json").json
    assert (document["freed"], document["slotNumber"], document["sessionId"], document["complaints"]) == (
        True,
        2,
        "cron:ours",
        [],
    )
    assert taken(gateway) == [1]


def test_a_dry_run_shows_the_verdict_and_the_consent_even_if_read_only(call: Caller, gateway: GatewayRoot) -> None:
    dead(gateway, "running")
    before = call.files()
    answer = call("slot", "free", "2", "--dry-run", read_only=True)
    assert answer.status == 0
    assert answer.lines[1] == "quiet: its session may be at work, and has long been silent"
    assert answer.err == "clawtui: it would be freed with --yes --force; nothing was done\n"
    document = call("slot", "free", "2", "--dry-run", "--json").json
    assert (document["verdict"], document["freed"], document["demands"]) == ("quiet", False, ["--yes", "--force"])
    assert call("slot", "free", "2", "--yes", "--force", read_only=True).status == 3
    assert call.files() == before


def test_a_free_slot_and_a_shared_number_are_refused(call: Caller, gateway: GatewayRoot) -> None:
    dead(gateway)
    assert call("slot", "free", "3", "--yes").status == 5
    assert call("slot", "free", "0", "--yes").status == 2
    gateway.slots(SLOT, SLOT | {"sessionId": "cron:theirs", "automationId": "sync-other"})
    shared = call("slot", "free", "2", "--yes", "--force-live")
    assert shared.status == 3
    assert "cron:ours of sync-main and cron:theirs of sync-other" in shared.err
    assert call("slot", "free", "2", "--session", "cron:ours", "--yes", "--force-live").status == 0
    assert "cron:theirs" in call("slot", "list").out


def _on_terminal(gateway: GatewayRoot, tmp_path: Path, typed: bytes, prompt: bytes) -> tuple[int, str]:
    env = environment(XDG_STATE_HOME=str(tmp_path / "state"), XDG_CONFIG_HOME=str(tmp_path / "own"))
    with on_terminal("--root", str(gateway.root), "slot", "free", "2", env=env) as (process, terminal):
        read_until(terminal, prompt)
        os.write(terminal, typed)
        shown = read_until(terminal).decode()
        return process.wait(), shown


@pytest.mark.parametrize(
    ("status", "prompt", "typed", "expected"),
    [
        ("failed", b"[y/N]: ", b"\n", 3),
        ("failed", b"[y/N]: ", b"y\n", 0),
        ("running", b"Type sync-main to do it: ", b"y\n", 3),
        ("running", b"Type sync-main to do it: ", b"sync-main\n", 0),
    ],
)
def test_on_a_terminal_it_asks_by_the_danger(
    gateway: GatewayRoot, tmp_path: Path, status: str, prompt: bytes, typed: bytes, expected: int
) -> None:
    dead(gateway, status)
    ended, shown = _on_terminal(gateway, tmp_path, typed, prompt)
    assert ended == expected, shown
    assert taken(gateway) == ([1] if expected == 0 else [2, 1])


def test_a_change_of_the_slots_during_the_question_is_refused(gateway: GatewayRoot, tmp_path: Path) -> None:
    dead(gateway)
    env = environment(XDG_STATE_HOME=str(tmp_path / "state"), XDG_CONFIG_HOME=str(tmp_path / "own"))
    with on_terminal("--root", str(gateway.root), "slot", "free", "2", env=env) as (process, terminal):
        read_until(terminal, b"[y/N]: ")
        gateway.slots(SLOT | {"sessionId": "cron:next"})
        os.write(terminal, b"y\n")
        shown = read_until(terminal).decode()
        assert process.wait() == 4
    assert "nothing was done" in shown
    assert taken(gateway) == [2]

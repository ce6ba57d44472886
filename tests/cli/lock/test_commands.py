"""``clawtui lock list`` and ``show``."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import pytest

from tests.cli.calls import Caller
from tests.gateway_root import GatewayRoot, iso
from tests.operations.evidence.test_processes import ended_pid

KEY = "github.com/user/repo"
LOCK = "locks/github.com-user-repo.lock"
NAMES = [
    "path",
    "repoKey",
    "repoUrl",
    "automationId",
    "sessionId",
    "acquiredAt",
    "ageSeconds",
    "pid",
    "hostname",
    "verdict",
    "expired",
    "facts",
    "foreignFacts",
    "fingerprint",
]


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def call(gateway: GatewayRoot, now: datetime) -> Caller:
    """Return a caller at the present time, because the processes are real."""
    return Caller(gateway, now)


@pytest.fixture
def dead(gateway: GatewayRoot, now: datetime) -> int:
    """Take a lock for a process that has ended; return its pid."""
    pid = ended_pid()
    gateway.lock(KEY, "sync-main", pid=pid, acquiredAt=iso(now - timedelta(hours=5)))
    return pid


def test_locks_are_listed_with_their_verdict(call: Caller, gateway: GatewayRoot, dead: int, now: datetime) -> None:
    gateway.lock("gitlab.example.com/group/sub/project", "sync-far", hostname="gateway-2", acquiredAt=iso(now))
    gateway.write("locks/broken.lock", "")
    answer = call("lock", "list")
    assert answer.status == 0
    rows = [line.split() for line in answer.lines]
    assert rows[0] == ["VERDICT", "REPOSITORY", "HELD", "BY", "AGE"], "there is no room for the host"
    assert rows[1][:2] == ["orphaned", KEY]
    assert rows[1][-2:] == ["5h00m", "expired"]
    assert rows[2][:2] == ["invalid", "broken.lock"]
    assert rows[3][:2] == ["foreign", "gitlab.example.com/group/sub/project"]
    assert answer.lines[-1] == "locks/broken.lock: not a readable lock: is empty"
    assert max(map(len, answer.lines)) <= 80


def test_the_host_is_listed_where_there_is_room(call: Caller, dead: int) -> None:
    rows = [line.split() for line in call("lock", "list").lines]
    assert rows[0] == ["VERDICT", "REPOSITORY", "HELD", "BY", "HOST", "AGE"]
    assert rows[1] == ["orphaned", KEY, "sync-main", os.uname().nodename, "5h00m", "expired"]


def test_json_has_the_names_that_scripts_rely_on(call: Caller, dead: int, now: datetime) -> None:
    (row,) = call("lock", "list", "--json").json
    assert list(row) == NAMES
    fingerprint = row.pop("fingerprint")
    facts = row.pop("facts")
    assert row.pop("foreignFacts") == []
    assert row == {
        "path": LOCK,
        "repoKey": KEY,
        "repoUrl": f"https://{KEY}.git",
        "automationId": "sync-main",
        "sessionId": "cron:sync-main",
        "acquiredAt": iso(now - timedelta(hours=5)),
        "ageSeconds": 5 * 3600,
        "pid": dead,
        "hostname": os.uname().nodename,
        "verdict": "orphaned",
        "expired": True,
    }
    assert facts[0] == f"pid {dead} is gone"
    assert isinstance(fingerprint, str)
    assert call("lock", "list", "--json").json[0]["fingerprint"] == fingerprint


def test_an_unreadable_lock_has_null_fields(call: Caller, gateway: GatewayRoot) -> None:
    gateway.write(LOCK, "")
    (row,) = call("lock", "list", "--json").json
    assert list(row) == NAMES
    assert (row["path"], row["verdict"], row["facts"]) == (LOCK, "invalid", ["not a readable lock: is empty"])
    assert [name for name, value in row.items() if value is None] == NAMES[1:9]


def test_an_empty_list_of_locks_has_a_message(call: Caller) -> None:
    answer = call("lock", "list")
    assert (answer.status, answer.out, answer.err) == (0, "", "clawtui: nothing is locked\n")
    assert call("lock", "list", "--json").json == []


@pytest.mark.parametrize("key", [KEY, f"git@{KEY.replace('/', ':', 1)}.git", LOCK])
def test_one_lock_is_shown_with_every_fact(call: Caller, dead: int, key: str) -> None:
    answer = call("lock", "show", key)
    assert answer.status == 0
    assert answer.lines[0] == "orphaned: the holder cannot be alive · expired"
    document = call("lock", "show", key, "--json").json
    assert list(document) == NAMES
    flowing = " ".join(answer.out.split())
    for fact in document["facts"]:
        assert fact in flowing
    assert f"pid {dead} on {os.uname().nodename}" in flowing
    assert max(map(len, answer.lines)) <= 80


def test_hostile_text_in_a_lock_stays_text(call: Caller, gateway: GatewayRoot, now: datetime) -> None:
    gateway.lock("h/x\x1b[2J", "a\x07b", LOCK, hostname="gate\nway", acquiredAt=iso(now))
    for command in (["list"], ["show", LOCK]):
        answer = call("lock", *command)
        assert answer.status == 0
        assert not {"\x1b", "\x07"} & set(answer.out)
        assert "␛[2J" in answer.out


def test_an_unlocked_repository_is_not_found(call: Caller, dead: int) -> None:
    for json in ([], ["--json"]):
        answer = call("lock", "show", "github.com/user/other", *json)
        assert (answer.status, answer.out) == (5, "")
        assert "lock list" in answer.err


def test_showing_is_no_change(call: Caller, dead: int) -> None:
    before = call.files()
    assert call("lock", "list", read_only=True).status == 0
    assert call("lock", "show", KEY, read_only=True).status == 0
    assert call.files() == before


@pytest.mark.parametrize("command", ["list", "show", "run"])
def test_help_has_an_example(call: Caller, command: str) -> None:
    assert f"clawtui lock {command}" in call("lock", command, "--help").out.partition("Examples:")[2]

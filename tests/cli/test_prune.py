"""``clawtui prune``."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import pytest

from tests.cli.calls import Caller
from tests.gateway_root import NOON, GatewayRoot, run_entry

OLD = [
    "logs/dispatcher/2024-12-01.jsonl",
    "logs/smart-sync-fork/sync-main-2024-12-01-10-00-00.jsonl",
    "logs/smart-sync-fork/sync-main-20241202-100000.jsonl",
]
YOUNG_DAY = datetime(2025, 1, 20, tzinfo=UTC)
YOUNG = "logs/dispatcher/2025-01-20.jsonl"


@pytest.fixture(autouse=True)
def logs(gateway: GatewayRoot) -> None:
    for relative, day in {**dict.fromkeys(OLD, datetime(2024, 12, 2, tzinfo=UTC)), YOUNG: YOUNG_DAY}.items():
        path = gateway.append_log(relative, run_entry("sync-main", "x", NOON - timedelta(days=40)))
        os.utime(path, (day.timestamp(), day.timestamp()))


def there(gateway: GatewayRoot) -> set[str]:
    return {path.relative_to(gateway.automations).as_posix() for path in gateway.automations.rglob("*.jsonl")}


def test_old_logs_of_all_three_names_go_and_young_ones_stay(call: Caller, gateway: GatewayRoot) -> None:
    answer = call("prune")
    assert answer.status == 0
    assert answer.lines == OLD
    assert answer.err == "clawtui: 3 logs removed, older than 30 days\n"
    assert there(gateway) == {YOUNG}


def test_prune_removes_temp_files_of_killed_writers(call: Caller, gateway: GatewayRoot) -> None:
    left = gateway.write("config/dispatcher.json.4711.3.tmp", "half")
    os.utime(left, ((NOON - timedelta(days=2)).timestamp(),) * 2)
    answer = call("prune")
    assert answer.lines == [*OLD, "config/dispatcher.json.4711.3.tmp"]
    assert answer.err.endswith("; left behind: 1\n")
    assert not left.exists()


def test_a_dry_run_lists_the_same_files_and_removes_none(call: Caller, gateway: GatewayRoot) -> None:
    answer = call("prune", "--dry-run", read_only=True)
    assert answer.status == 0
    assert answer.lines == OLD
    assert "would be removed" in answer.err
    assert there(gateway) == {*OLD, YOUNG}
    document = call("prune", "--dry-run", "--json").json
    assert document == {"days": 30, "dryRun": True, "removed": OLD, "leftovers": []}


@pytest.mark.parametrize(("days", "left"), [("1", 0), ("3", 0), ("10", 1), ("55", 1), ("56", 4), ("9999999999", 4)])
def test_the_days_are_the_operators(call: Caller, gateway: GatewayRoot, days: str, left: int) -> None:
    assert call("prune", "--days", days).status == 0
    assert len(there(gateway)) == left


@pytest.mark.parametrize("days", ["-1", "0", "many"])
def test_an_invalid_number_of_days_is_a_usage_error(call: Caller, gateway: GatewayRoot, days: str) -> None:
    assert call("prune", "--days", days).status == 2
    assert len(there(gateway)) == 4


def test_read_only_removes_nothing(call: Caller, gateway: GatewayRoot) -> None:
    assert call("prune", read_only=True).status == 3
    assert len(there(gateway)) == 4


@pytest.mark.parametrize("options", [(), ("--dry-run",)])
def test_a_directory_that_cannot_be_read_does_not_keep_the_rest(
    call: Caller, unprivileged: GatewayRoot, options: tuple[str, ...]
) -> None:
    entry = run_entry("sync-main", "x", NOON - timedelta(days=40))
    log = unprivileged.append_log("logs/other/b-2024-12-01-10-00-00.jsonl", entry)
    left = unprivileged.write("artifacts/b/x.md.4711.3.tmp", "half")
    closed = [unprivileged.append_log(OLD[1], entry).parent]
    closed += [unprivileged.write(f"{place}/x.md", "").parent for place in ("artifacts/a", "config/a", "workspaces/a")]
    for path in (log, left):
        os.utime(path, (0, 0))
    for directory in closed:
        directory.chmod(0)
    try:
        answer = call("--read-write", "--root", str(unprivileged.root), "prune", *options)
    finally:
        for directory in closed:
            directory.chmod(0o700)
    assert answer.lines == ["logs/other/b-2024-12-01-10-00-00.jsonl", "artifacts/b/x.md.4711.3.tmp"]
    assert answer.status == 1
    places = {directory.relative_to(unprivileged.automations).as_posix() for directory in closed}
    assert {place for place in places if answer.err.count(f"{place}: permission denied") == 1} == places
    assert (log.exists(), left.exists()) == (bool(options), bool(options))


def test_no_log_goes_while_it_is_not_known_which_runs_are_going(call: Caller, unprivileged: GatewayRoot) -> None:
    log = unprivileged.append_log(OLD[0], run_entry("sync-main", "x", NOON - timedelta(days=40)))
    left = unprivileged.write("config/x.json.4711.3.tmp", "half")
    for path in (log, left):
        os.utime(path, (0, 0))
    workspaces = unprivileged.automations / "workspaces"
    workspaces.mkdir(mode=0)
    try:
        answer = call("--read-write", "--root", str(unprivileged.root), "prune")
    finally:
        workspaces.chmod(0o700)
    assert (answer.status, answer.lines) == (1, ["config/x.json.4711.3.tmp"])
    assert answer.err.count("workspaces: permission denied") == 1
    assert log.exists() and not left.exists()

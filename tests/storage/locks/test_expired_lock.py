"""Taking back an expired lock: only after a timeout that is known, and as a release that is on record."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from clawtui.model.documents.audit import Actor
from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.errors import Refused
from clawtui.operations.locks.restore import restorable
from clawtui.storage.locks.expired_lock import TakenBack
from clawtui.storage.locks.manager import RepositoryLockManager
from clawtui.storage.paths import StatePaths
from clawtui.storage.stores.dispatcher import DispatcherStore
from clawtui.storage.user.audit import AUDIT_FILE, Audit
from tests.gateway_root import NOON, GatewayRoot, iso

KEY = "github.com/user/repo"
URL = f"https://{KEY}.git"
LOCK = "locks/github.com-user-repo.lock"
HOURS = timedelta(hours=1)


def expired(gateway: GatewayRoot, age: timedelta = 6 * HOURS) -> Path:
    return gateway.lock(KEY, "theirs", hostname="elsewhere", acquiredAt=iso(NOON - age))


def acquire(
    gateway: GatewayRoot, audit: Path, taken: list[TakenBack], timeout: timedelta | None = None
) -> RepositoryLock | None:
    return RepositoryLockManager(StatePaths(gateway.root)).acquire(
        URL,
        "ours",
        "cron:ours",
        now=NOON,
        pid=4711,
        hostname="here",
        timeout=timeout,
        actor=Actor(user="alice", pid=4711, hostname="here"),
        audit=Audit(audit),
        on_taken_back=taken.append,
    )


def _torn(gateway: GatewayRoot) -> None:
    path = gateway.dispatcher(lockTimeoutHours=12)
    path.write_bytes(path.read_bytes()[:-20])


UNKNOWN: Mapping[str, Callable[[GatewayRoot], object]] = {
    "torn": _torn,
    "empty": lambda gateway: gateway.write("config/dispatcher.json", ""),
    "newer": lambda gateway: gateway.dispatcher(version=2, lockTimeoutHours=12),
    "too long": lambda gateway: gateway.dispatcher(lockTimeoutHours=48),
    "text": lambda gateway: gateway.dispatcher(lockTimeoutHours="12"),
    "null": lambda gateway: gateway.dispatcher(lockTimeoutHours=None),
    "zero": lambda gateway: gateway.dispatcher(lockTimeoutHours=0),
    "a list": lambda gateway: gateway.write("config/dispatcher.json", "[]"),
    "no number": lambda gateway: gateway.write(
        "config/dispatcher.json", gateway.dispatcher().read_text().replace(": 4", ": NaN")
    ),
    "a link": lambda gateway: (gateway.automations / "config").symlink_to(gateway.root),
    "a directory": lambda gateway: (gateway.automations / "config/dispatcher.json").mkdir(parents=True),
}


@pytest.mark.parametrize("why", UNKNOWN)
def test_an_unknown_timeout_takes_nothing_back(gateway: GatewayRoot, tmp_path: Path, why: str) -> None:
    UNKNOWN[why](gateway)
    path = expired(gateway, 9000 * HOURS)
    before = path.read_bytes()
    taken: list[TakenBack] = []
    assert DispatcherStore(StatePaths(gateway.root)).lock_timeout() is None
    assert acquire(gateway, tmp_path / "own", taken) is None
    assert path.read_bytes() == before
    assert not taken
    assert not (tmp_path / "own").exists()


@pytest.mark.parametrize(("hours", "is_taken"), [(5, True), (6, False), (12, False)])
def test_the_configured_timeout_decides(gateway: GatewayRoot, tmp_path: Path, hours: int, is_taken: bool) -> None:
    gateway.dispatcher(lockTimeoutHours=hours)
    expired(gateway)
    assert (acquire(gateway, tmp_path / "own", []) is not None) == is_taken


def test_without_a_configuration_it_is_four_hours(gateway: GatewayRoot, tmp_path: Path) -> None:
    expired(gateway, 4 * HOURS)
    assert acquire(gateway, tmp_path / "own", []) is None
    expired(gateway, 4 * HOURS + timedelta(milliseconds=1))
    assert acquire(gateway, tmp_path / "own", []) is not None


def test_an_expired_lock_is_set_aside_with_a_record_and_can_be_restored(gateway: GatewayRoot, tmp_path: Path) -> None:
    content = expired(gateway).read_bytes()
    taken: list[TakenBack] = []
    lock = acquire(gateway, tmp_path / "own", taken)
    assert lock is not None
    ((one,), complaints) = taken, taken[0].complaints
    assert complaints == ()
    assert (gateway.automations / one.aside.path).read_bytes() == content
    (found,) = restorable(StatePaths(gateway.root), NOON)
    assert found.aside == one.aside
    intent, outcome = map(json.loads, (tmp_path / "own" / AUDIT_FILE).read_text().splitlines())
    assert (intent["event"], intent["consent"], intent["expired"]) == ("lock-release", "expired", True)
    assert (intent["path"], intent["repoKey"], intent["actor"]["user"]) == (LOCK, KEY, "alice")
    assert json.loads(intent["lock"]) == json.loads(content)
    assert (outcome["id"], outcome["outcome"], outcome["aside"]) == (intent["id"], "done", one.aside.path)
    (logged,) = map(json.loads, (gateway.automations / "logs/dispatcher/2025-01-26.jsonl").read_text().splitlines())
    assert (logged["event"], logged["reason"], logged["automationId"]) == ("lock-force-released", "expired", "theirs")
    assert (logged["aside"], logged["by"]) == (one.aside.path, "alice")


def test_without_a_record_no_expired_lock_is_taken_back(gateway: GatewayRoot, tmp_path: Path) -> None:
    path = expired(gateway)
    (tmp_path / "own").write_text("a file where the audit's directory should be")
    with pytest.raises(Refused, match="record"):
        acquire(gateway, tmp_path / "own", [])
    assert path.exists()
    assert not restorable(StatePaths(gateway.root), NOON)


def test_a_lock_with_a_field_that_is_not_understood_is_not_taken_back(gateway: GatewayRoot, tmp_path: Path) -> None:
    path = gateway.lock(KEY, "theirs", acquiredAt=iso(NOON - 6 * HOURS), lockType="branch")
    assert acquire(gateway, tmp_path / "own", []) is None
    assert path.exists()

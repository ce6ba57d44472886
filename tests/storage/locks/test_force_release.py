"""A release by force: exactly the lock that is there, set aside, on record; nothing that is certainly held."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from clawtui.operations.locks.restore import restore
from clawtui.storage import Actor, Audit, Changed, Refused, RepositoryLock, StateDirectory, TakenBack
from clawtui.storage.locks.open_lock import let_go
from clawtui.storage.user.audit import AUDIT_FILE
from tests.gateway_root import NOON, GatewayRoot, iso
from tests.renaming import around_rename

KEY = "github.com/user/repo"
URL = f"git@github.com:{KEY.removeprefix('github.com/')}.git"
LOCK = "locks/github.com-user-repo.lock"
ALICE = Actor(user="alice", pid=4711, hostname="here")


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return tmp_path / "own"


def force(gateway: GatewayRoot, own: Path, expected: RepositoryLock | None = None) -> TakenBack | None:
    locks = StateDirectory(gateway.root).locks
    return locks.force_release(URL, audit=Audit(own), actor=ALICE, now=NOON, expected=expected)


def test_it_is_set_aside_on_record_and_can_be_restored(gateway: GatewayRoot, own: Path) -> None:
    path = gateway.lock(KEY, "theirs")
    content = path.read_bytes()
    released = force(gateway, own)
    assert released is not None
    assert (released.lock.automation_id, released.complaints) == ("theirs", ())
    assert not path.exists()
    assert (gateway.automations / released.aside.path).read_bytes() == content
    intent, outcome = map(json.loads, (own / AUDIT_FILE).read_text().splitlines())
    assert (intent["event"], intent["path"], intent["consent"]) == ("lock-release", LOCK, "force")
    assert (intent["actor"]["user"], json.loads(intent["lock"])) == ("alice", json.loads(content))
    assert (outcome["id"], outcome["outcome"], outcome["aside"]) == (intent["id"], "done", released.aside.path)
    (logged,) = map(json.loads, (gateway.automations / "logs/dispatcher/2025-01-26.jsonl").read_text().splitlines())
    assert (logged["event"], logged["reason"], logged["by"]) == ("lock-force-released", "force", "alice")
    state = StateDirectory(gateway.root)
    restore(state.paths, KEY, ALICE, lambda: NOON, audit=Audit(own))
    assert path.read_bytes() == content


def test_without_a_lock_nothing_is_released(gateway: GatewayRoot, own: Path) -> None:
    assert force(gateway, own) is None
    assert not own.exists()


def test_only_the_expected_lock_is_released(gateway: GatewayRoot, own: Path) -> None:
    gateway.lock(KEY, "theirs")
    shown = StateDirectory(gateway.root).locks.get(URL)
    assert shown is not None
    path = gateway.lock(KEY, "theirs", acquiredAt=iso(NOON - timedelta(seconds=1)), sessionId="cron:next")
    with pytest.raises(Changed, match="another lock"):
        force(gateway, own, shown.value)
    assert path.exists()
    assert force(gateway, own, None) is not None


def _link(gateway: GatewayRoot) -> None:
    gateway.write("locks/x", "").with_name(LOCK.removeprefix("locks/")).symlink_to("x")


OTHERS: Mapping[str, Callable[[GatewayRoot], object]] = {
    "is the lock of a/b-c": lambda gateway: gateway.write_json(
        LOCK, json.loads(gateway.lock("a/b-c", "theirs").read_text())
    ),
    "is not JSON5": lambda gateway: gateway.write(LOCK, "{"),
    "is a symbolic link": _link,
    "is a directory": lambda gateway: (gateway.automations / LOCK).mkdir(parents=True),
}


@pytest.mark.parametrize("why", OTHERS)
def test_a_lock_of_another_repository_is_refused(gateway: GatewayRoot, own: Path, why: str) -> None:
    OTHERS[why](gateway)
    with pytest.raises(Refused, match=why):
        force(gateway, own)
    assert (gateway.automations / LOCK).exists()
    assert not own.exists()


def test_a_lock_that_a_process_keeps_open_is_refused(gateway: GatewayRoot, own: Path) -> None:
    locks = StateDirectory(gateway.root).locks
    lock = locks.acquire(URL, "sync-main", "cron:1", now=NOON, pid=4711, hostname="here")
    assert lock is not None
    kept = locks.keep_open(lock)
    if kept is None:
        pytest.skip("this system has no open file description locks")
    with pytest.raises(Refused, match="kept open"):
        force(gateway, own)
    let_go(kept)
    assert force(gateway, own) is not None


def test_without_a_record_nothing_is_released(gateway: GatewayRoot, own: Path) -> None:
    path = gateway.lock(KEY, "theirs")
    own.write_text("a file where the audit's directory should be")
    with pytest.raises(Refused, match="record"):
        force(gateway, own)
    assert path.exists()


def test_a_lock_that_appears_at_the_last_instant_is_put_back(
    gateway: GatewayRoot, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = gateway.lock(KEY, "theirs")
    around_rename(monkeypatch, before=lambda: gateway.lock(KEY, "fresh", sessionId="cron:fresh"))
    with pytest.raises(Changed):
        force(gateway, own)
    assert json.loads(path.read_text())["sessionId"] == "cron:fresh"
    assert json.loads((own / AUDIT_FILE).read_text().splitlines()[-1])["outcome"] == "changed"


def test_a_secret_in_the_lock_is_masked_in_the_dispatchers_log(gateway: GatewayRoot, own: Path) -> None:
    token = "ghp_" + "a1B2" * 9
    gateway.lock(KEY, "theirs", sessionId=token)
    assert force(gateway, own) is not None
    for log in (own / AUDIT_FILE, gateway.automations / "logs/dispatcher/2025-01-26.jsonl"):
        assert token not in log.read_text()

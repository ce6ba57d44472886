"""Taking a release back: within a day, never over another lock, and on record."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from clawtui.model.errors import Changed, NoSuch, Refused
from clawtui.operations.locks.restore import find_restorable, restorable
from clawtui.operations.state.retention import prune_leftovers
from clawtui.storage.locks.released_locks import KEPT, sweep_set_aside
from tests.gateway_root import GatewayRoot
from tests.operations.releases import HOUR, KEY, LOCK, ReleaseSetup
from tests.renaming import around_rename
from tests.storage.processes import together

NESTED = "locks/github.com/user/repo.lock"
DAY = timedelta(days=1)


@pytest.fixture
def desk(gateway: GatewayRoot, tmp_path: Path) -> ReleaseSetup:
    return ReleaseSetup(gateway, tmp_path / "own")


@pytest.mark.parametrize(
    "key",
    [
        KEY,
        "git@github.com:User/Repo.git",
        LOCK,
        "github.com-user-repo.lock",
        None,
        "{aside}",
        "{token}",
    ],
)
def test_a_restored_lock_is_the_same_file_with_the_same_bytes(desk: ReleaseSetup, key: str | None) -> None:
    content = desk.dead_lock()
    target, inode = desk.target(), desk.path.stat().st_ino
    released = desk.release()
    restored = desk.restore(key and key.format(aside=released.aside.path, token=released.aside.token))
    assert restored.key == KEY
    assert desk.locks() == {LOCK: content}
    assert desk.path.stat().st_ino == inode
    assert desk.target() == target
    assert restorable(desk.paths, desk.now()) == ()


def test_it_is_on_record_and_in_the_dispatcher_s_log(desk: ReleaseSetup) -> None:
    desk.dead_lock()
    desk.release()
    desk.restore()
    *_, intent, outcome = desk.records
    assert (intent.event, intent.path, intent.actor, intent.outcome) == ("lock-restore", LOCK, desk.actor, None)
    assert (outcome.id, outcome.outcome) == (intent.id, "done")
    entry = json.loads(desk.events()[-1])
    assert (entry["event"], entry["level"], entry["repoKey"]) == ("lock-restored", "info", KEY)


@pytest.mark.parametrize(
    "take",
    [
        lambda desk: desk.dead_lock(automationId="sync-other"),
        lambda desk: desk.gateway.lock(KEY, "sync-other", NESTED),
    ],
)
def test_restore_refuses_a_repository_that_is_locked_again(
    desk: ReleaseSetup, take: Callable[[ReleaseSetup], object]
) -> None:
    desk.dead_lock()
    aside = desk.release().aside.path
    take(desk)
    there = desk.locks()
    with pytest.raises(Refused, match=r"is locked again, by sync-other \(session .*; nothing was done\n") as refused:
        desk.restore()
    assert aside in str(refused.value)
    assert desk.locks() == there
    assert desk.records[-1].outcome == "refused"


def test_the_flat_lock_of_another_repository_does_not_prevent_a_restore(desk: ReleaseSetup) -> None:
    desk.gateway.lock("a-b/c", "sync-other")
    desk.gateway.lock("a/b-c", "sync-main", "locks/a/b-c.lock", pid=2**31 - 1)
    from clawtui.operations.locks.release import target_of

    desk.release(target_of(desk.report("locks/a/b-c.lock")))
    assert desk.restore("a/b-c").aside.lock == "locks/a/b-c.lock"


def test_a_lock_that_appears_at_the_last_instant_is_not_overwritten(
    desk: ReleaseSetup, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.dead_lock()
    desk.release()
    around_rename(monkeypatch, lambda: desk.dead_lock(automationId="sync-fresh"))
    with pytest.raises(Refused, match="locked again, by sync-fresh"):
        desk.restore()
    assert b"sync-fresh" in desk.locks()[LOCK]
    assert len(desk.locks()) == 2


def test_after_a_day_it_can_no_longer_be_restored_and_is_pruned(desk: ReleaseSetup) -> None:
    desk.dead_lock()
    path = desk.release().aside.path
    desk.ahead = DAY - timedelta(seconds=5)
    assert [each.aside.path for each in restorable(desk.paths, desk.now())] == [path]
    assert prune_leftovers(desk.paths, desk.now()) == ()
    desk.ahead = DAY + timedelta(seconds=5)
    with pytest.raises(NoSuch, match="kept for a day"):
        desk.restore()
    assert sweep_set_aside(desk.paths.automations, desk.now() - KEPT, unfinished=True, dry_run=True) == (path,)
    assert prune_leftovers(desk.paths, desk.now(), dry_run=True) == (path,)
    assert prune_leftovers(desk.paths, desk.now()) == (path,)
    assert desk.locks() == {}


def test_a_key_means_its_newest_lock_and_several_need_a_key(desk: ReleaseSetup) -> None:
    desk.dead_lock(sessionId="cron:1")
    first = desk.release()
    desk.ahead = HOUR
    desk.dead_lock(sessionId="cron:2")
    second = desk.release()
    now = desk.now()
    assert [each.aside for each in restorable(desk.paths, now)] == [second.aside, first.aside]
    assert find_restorable(desk.paths, KEY, now).aside == second.aside
    assert find_restorable(desk.paths, first.aside.token, now).aside == first.aside
    with pytest.raises(Refused, match=f"2 locks are set aside; nothing was done\nName one of them: {KEY}"):
        desk.restore(None)


@pytest.mark.parametrize("key", [None, KEY, "github.com/user/other", "locks/../x.lock", "", "*"])
def test_without_a_released_lock_restore_finds_none(desk: ReleaseSetup, key: str | None) -> None:
    with pytest.raises(NoSuch, match="nothing is set aside"):
        desk.restore(key)
    assert desk.records == ()


def test_a_lock_that_disappears_meanwhile_is_reported(desk: ReleaseSetup, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.dead_lock()
    aside = desk.gateway.automations / desk.release().aside.path
    around_rename(monkeypatch, aside.unlink)
    with pytest.raises(Changed, match="gone by now"):
        desk.restore()


def test_two_restores_at_once_leave_the_lock_once(desk: ReleaseSetup) -> None:
    for _ in range(10):
        content = desk.dead_lock()
        desk.release()

        def attempt() -> int:
            try:
                desk.restore()
            except (Changed, Refused, NoSuch):
                return 4
            return 0

        assert 0 in together(attempt, attempt)
        assert desk.locks() == {LOCK: content}


def test_without_a_record_nothing_is_restored(desk: ReleaseSetup) -> None:
    desk.dead_lock()
    desk.release()
    there = desk.locks()
    desk.audit.path.unlink()
    desk.audit.path.mkdir()
    with pytest.raises(Refused, match="nothing is done without a record"):
        desk.restore()
    assert desk.locks() == there

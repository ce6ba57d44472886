"""Acquiring, releasing, finding and listing repository locks."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import threading
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from clawtui.files.fs import renameat2
from clawtui.files.json5.serialize import dumped
from clawtui.model.checked.reading import from_json
from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.errors import Changed, Invalid, Refused
from clawtui.operations.state.follow_fleet import read_fleet
from clawtui.storage.locks.lock_file import MAX_LOCK, Overlap, hold, read_lock
from clawtui.storage.locks.manager import RepositoryLockManager
from clawtui.storage.paths import StatePaths
from tests.gateway_root import NOON, GatewayRoot, iso
from tests.renaming import around_rename
from tests.storage.lock_contest import LOCK, REPO, TIMEOUT, clawtui_contender, contest

KEY = "github.com/user/repo"
NESTED = "locks/github.com/user/repo.lock"


@pytest.fixture
def manager(gateway: GatewayRoot) -> RepositoryLockManager:
    return RepositoryLockManager(StatePaths(gateway.root))


def acquire(
    manager: RepositoryLockManager, url: str = REPO, session: str = "cron:ours", now: datetime = NOON
) -> RepositoryLock | None:
    return manager.acquire(url, "sync-main", session, now=now, pid=4711, hostname="here", timeout=TIMEOUT)


def files(gateway: GatewayRoot) -> set[str]:
    return {path.relative_to(gateway.automations).as_posix() for path in gateway.automations.rglob("*.*")}


# Acquiring


def test_a_lock_is_written_under_its_flat_name_as_the_gateway_writes_it(
    manager: RepositoryLockManager, gateway: GatewayRoot
) -> None:
    lock = acquire(manager, "git@github.com:User/Repo.git", now=NOON + timedelta(microseconds=1999))
    path = gateway.automations / LOCK
    assert path.read_text() == (
        "{\n"
        '  "repoUrl": "git@github.com:User/Repo.git",\n'
        '  "repoKey": "github.com/user/repo",\n'
        '  "automationId": "sync-main",\n'
        '  "sessionId": "cron:ours",\n'
        '  "acquiredAt": "2025-01-26T12:00:00.001Z",\n'
        '  "pid": 4711,\n'
        '  "hostname": "here",\n'
        '  "lockType": "repository"\n'
        "}"
    )
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    reading = manager.get(REPO)
    assert reading is not None
    assert reading.value == lock
    assert files(gateway) == {LOCK}


@pytest.mark.parametrize("url", [REPO, "git@github.com:user/repo.git", "HTTPS://GITHUB.COM/USER/REPO"])
def test_every_address_of_a_repository_is_locked_by_one_lock(manager: RepositoryLockManager, url: str) -> None:
    assert acquire(manager, REPO) is not None
    assert acquire(manager, url) is None
    assert manager.is_locked(url)
    assert not manager.is_locked("https://github.com/user/other")


def test_a_nested_lock_of_the_gateway_holds_the_repository(
    manager: RepositoryLockManager, gateway: GatewayRoot
) -> None:
    gateway.lock(KEY, "theirs", NESTED)
    assert acquire(manager) is None
    reading = manager.get(REPO)
    assert reading is not None
    assert (reading.path, reading.value and reading.value.automation_id) == (NESTED, "theirs")
    assert files(gateway) == {"locks/github.com", NESTED}


def test_a_flat_name_of_another_repository_counts_as_locked_and_get_names_it(
    manager: RepositoryLockManager, gateway: GatewayRoot
) -> None:
    path = gateway.lock("a-b/c", "theirs", acquiredAt=iso(NOON - timedelta(days=9)))
    before = path.read_bytes()
    assert acquire(manager, "https://a/b-c") is None
    assert path.read_bytes() == before
    reading = manager.get("https://a/b-c")
    assert reading is not None
    assert reading.value is not None
    assert reading.value.repo_key == "a-b/c"
    gateway.lock("a/b-c", "own", "locks/a/b-c.lock")
    own = manager.get("https://a/b-c")
    assert own is not None
    assert own.path == "locks/a/b-c.lock"


@pytest.mark.parametrize("place", [LOCK, NESTED])
def test_an_expired_lock_is_taken_back_and_a_younger_one_is_not(
    manager: RepositoryLockManager, gateway: GatewayRoot, place: str
) -> None:
    gateway.lock(KEY, "theirs", place, acquiredAt=iso(NOON - TIMEOUT))
    assert acquire(manager) is None
    gateway.lock(KEY, "theirs", place, acquiredAt=iso(NOON - TIMEOUT - timedelta(milliseconds=1)))
    assert acquire(manager) is not None
    assert {name for name in files(gateway) if name.endswith(".lock")} == {LOCK}


@pytest.mark.parametrize("content", ["", "{", '{"repoKey": "github.com/user/repo"}', " " * (MAX_LOCK + 1)])
def test_an_unreadable_lock_counts_as_locked_and_get_gives_the_reason(
    manager: RepositoryLockManager, gateway: GatewayRoot, content: str
) -> None:
    gateway.write(LOCK, content)
    assert acquire(manager) is None
    assert manager.is_locked(REPO)
    reading = manager.get(REPO)
    assert reading is not None
    assert reading.problem is not None
    assert (gateway.automations / LOCK).read_text() == content


def test_a_dangling_link_under_the_locks_name_counts_as_locked_and_is_not_followed(
    manager: RepositoryLockManager, gateway: GatewayRoot, tmp_path: Path
) -> None:
    (gateway.automations / "locks").mkdir()
    (gateway.automations / LOCK).symlink_to(tmp_path / "outside")
    assert acquire(manager) is None
    assert not (tmp_path / "outside").exists()
    reading = manager.get(REPO)
    assert reading is not None
    assert reading.problem is not None
    assert "link" in reading.problem.message


def test_a_gateway_that_takes_the_nested_name_meanwhile_keeps_it(
    manager: RepositoryLockManager, gateway: GatewayRoot, monkeypatch: pytest.MonkeyPatch
) -> None:
    around_rename(monkeypatch, lambda: gateway.lock(KEY, "theirs", NESTED))
    assert acquire(manager) is None
    assert files(gateway) == {"locks/github.com", NESTED}


@pytest.mark.parametrize("url", ["", "/", "no address", "x" * 300 + ":y", "https://a/" + "b" * 300, "https://a/\0"])
def test_addresses_that_make_no_lock_are_refused(
    manager: RepositoryLockManager, gateway: GatewayRoot, url: str
) -> None:
    with pytest.raises((Refused, Invalid)):
        acquire(manager, url)
    assert files(gateway) == set()


def test_an_address_that_climbs_stays_inside(manager: RepositoryLockManager, gateway: GatewayRoot) -> None:
    assert acquire(manager, "https://host/../../../etc/passwd") is not None
    assert files(gateway) == {"locks/host-..-..-..-etc-passwd.lock"}


@pytest.mark.parametrize("id", ["", "..", "a/b", "a\0"])
def test_ids_that_are_no_plain_names_are_refused(manager: RepositoryLockManager, id: str) -> None:
    with pytest.raises(Refused):
        manager.acquire(REPO, id, "s", now=NOON, pid=1, hostname="h", timeout=TIMEOUT)


def test_sixteen_processes_contest_one_lock_and_exactly_one_wins_each_round(gateway: GatewayRoot) -> None:
    path = gateway.automations / LOCK
    over = threading.Event()
    halves: list[bytes] = []
    wholes = 0

    def look() -> None:
        nonlocal wholes
        while not over.is_set():
            try:
                content = path.read_bytes()
            except FileNotFoundError:
                continue
            try:
                from_json(RepositoryLock, content)
                wholes += 1
            except ValueError:
                halves.append(content)

    reader = threading.Thread(target=look)
    reader.start()
    try:
        winners = contest(gateway.root, contenders=16, rounds=100, contender=clawtui_contender)
    finally:
        over.set()
        reader.join()
    assert [len(sessions) for sessions in winners] == [1] * 100
    assert halves == []
    assert wholes > 0
    locks = {name for name in files(gateway) if name.startswith("locks/")}
    assert {name for name in locks if not name.endswith(".released")} == {LOCK}
    assert json.loads(path.read_text())["sessionId"] == winners[-1][0]


# Releasing


def test_a_lock_is_released_by_its_holder(manager: RepositoryLockManager, gateway: GatewayRoot) -> None:
    lock = acquire(manager, now=NOON + timedelta(microseconds=123_456))
    assert lock is not None
    assert manager.release(lock)
    assert files(gateway) == set()
    assert not manager.is_locked(REPO)
    assert not manager.release(lock)


def test_a_lock_with_the_gateways_own_words_is_released_from_its_nested_place(
    manager: RepositoryLockManager, gateway: GatewayRoot
) -> None:
    gateway.lock(KEY, "theirs", NESTED, extra={"kept": True})
    reading = manager.get(REPO)
    assert reading is not None
    assert reading.value is not None
    assert manager.release(reading.value)
    assert files(gateway) == {"locks/github.com"}


@pytest.mark.parametrize(
    "change",
    [
        {"sessionId": "cron:next"},
        {"acquiredAt": iso(NOON + timedelta(milliseconds=1))},
        {"pid": 4712},
        {"hostname": "x"},
    ],
)
def test_a_late_release_leaves_the_successors_lock_alone(
    manager: RepositoryLockManager, gateway: GatewayRoot, change: dict[str, object]
) -> None:
    lock = acquire(manager)
    assert lock is not None
    successor = gateway.write_json(LOCK, dumped(lock) | change)
    before = successor.read_bytes()
    assert not manager.release(lock)
    assert successor.read_bytes() == before


def test_a_lock_that_appears_at_the_last_instant_is_put_back(
    manager: RepositoryLockManager, gateway: GatewayRoot, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = acquire(manager)
    assert lock is not None
    around_rename(monkeypatch, lambda: gateway.lock(KEY, "fresh"))
    assert not manager.release(lock)
    reading = manager.get(REPO)
    assert reading is not None
    assert reading.value is not None
    assert reading.value.automation_id == "fresh"
    assert files(gateway) == {LOCK}


def test_a_lock_that_is_another_by_now_is_not_even_moved(gateway: GatewayRoot, monkeypatch: pytest.MonkeyPatch) -> None:
    gateway.lock(KEY, "theirs")
    with hold(gateway.automations, LOCK) as held:
        fresh = gateway.lock(KEY, "fresh")
        monkeypatch.delattr(renameat2, "renameat2")
        with pytest.raises(Changed, match="another lock"):
            held.remove()
        fresh.unlink()
        with pytest.raises(Changed, match="gone"):
            held.remove()


@pytest.mark.parametrize("act", ["release", "acquire"])
def test_two_locks_at_the_last_instant_raise_overlap_and_are_kept(
    manager: RepositoryLockManager, gateway: GatewayRoot, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    lock = acquire(manager)
    assert lock is not None
    around_rename(monkeypatch, lambda: gateway.lock(KEY, "fresh"), lambda: gateway.lock(KEY, "fresher"))
    with pytest.raises(Overlap, match="overlap"):
        manager.release(lock) if act == "release" else acquire(manager, now=NOON + timedelta(hours=5))
    locks = {
        path.name: json.loads(path.read_text())["automationId"] for path in (gateway.automations / "locks").iterdir()
    }
    assert locks.pop("github.com-user-repo.lock") == "fresher"
    ((aside, owner),) = locks.items()
    assert owner == "fresh"
    assert not aside.endswith(".lock")


REPLACER = """
import json, os, sys, time

path, released, words = sys.argv[1:4]
lost = []
for n in range(600):
    session = f"fresh-{n}"
    temp = f"{path}.{os.getpid()}.tmp"
    with open(temp, "w") as file:
        json.dump(dict(json.loads(words), sessionId=session), file)
    os.rename(temp, path)
    time.sleep(n % 9 / 20000)
    deadline = time.monotonic() + 5
    while not os.path.exists(path) and session not in open(released).read().split():
        if time.monotonic() > deadline:
            lost.append(session)
            break
print(*lost)
"""


def test_releases_against_a_gateway_that_keeps_replacing_the_lock_remove_no_fresh_one(
    manager: RepositoryLockManager, gateway: GatewayRoot, tmp_path: Path
) -> None:
    lock = acquire(manager)
    assert lock is not None
    words = json.dumps(dumped(lock))
    released = tmp_path / "released"
    released.touch()
    command = [sys.executable, "-W", "ignore", "-c", REPLACER, str(gateway.automations / LOCK), str(released), words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as replacer, released.open("a", 1) as log:
        while replacer.poll() is None:
            reading = manager.get(REPO)
            with suppress(Overlap):  # reported, and nothing is lost: the newest lock stays
                if reading and reading.value and manager.release(reading.value):
                    log.write(f"{reading.value.session_id}\n")
        assert replacer.stdout is not None
        assert replacer.stdout.read().split() == []
    assert released.read_text().count("fresh") > 10


# Finding and listing


def test_a_repository_without_a_lock_file_is_not_locked(manager: RepositoryLockManager) -> None:
    assert not manager.is_locked(REPO)
    assert manager.get(REPO) is None
    assert manager.list_locks() == {}


def test_locks_are_listed_flat_and_nested_at_any_depth(manager: RepositoryLockManager, gateway: GatewayRoot) -> None:
    deep = "locks/" + "/".join("abcdefghij") + "/repo.lock"
    for place in (LOCK, NESTED, deep):
        gateway.lock(KEY, place, place)
    gateway.write("locks/notes.txt", "not a lock")
    gateway.write(f"{LOCK}.1.2.tmp", "{")
    locks = manager.list_locks()
    assert list(locks) == sorted([LOCK, NESTED, deep])
    assert {path: reading.value and reading.value.automation_id for path, reading in locks.items()} == {
        place: place for place in (LOCK, NESTED, deep)
    }


def test_links_pipes_and_invalid_files_are_listed_as_problems(
    manager: RepositoryLockManager, gateway: GatewayRoot, tmp_path: Path
) -> None:
    outside = GatewayRoot(tmp_path / "outside")
    target = outside.lock(KEY, "outside")
    locks = gateway.automations / "locks"
    locks.mkdir()
    (locks / "link.lock").symlink_to(target)
    (locks / "linked").symlink_to(target.parent)
    os.mkfifo(locks / "pipe.lock")
    gateway.write("locks/big.lock", target.read_bytes() + b" " * MAX_LOCK)
    gateway.write("locks/broken.lock", "{")
    gateway.write("locks/strange.lock", '{"repoKey": 1}')
    gateway.lock(KEY, "inside", "locks/directory.lock/repo.lock")
    problems = {path: reading.problem.message for path, reading in manager.list_locks().items() if reading.problem}
    expected = {
        "locks/link.lock": "link",
        "locks/linked": "link",
        "locks/pipe.lock": "regular file",
        "locks/big.lock": "65,536",
        "locks/broken.lock": "not complete",
        "locks/strange.lock": "repoUrl is missing",
        "locks/directory.lock": "directory",
    }
    assert problems.keys() == expected.keys()
    for path, word in expected.items():
        assert word in problems[path]
    inside = manager.list_locks()["locks/directory.lock/repo.lock"]
    assert inside.value is not None


def test_a_directory_of_locks_that_leads_elsewhere_is_a_problem(
    manager: RepositoryLockManager, gateway: GatewayRoot, tmp_path: Path
) -> None:
    GatewayRoot(tmp_path / "outside").lock(KEY, "outside")
    (gateway.automations / "locks").symlink_to(tmp_path / "outside/automations/locks")
    (reading,) = manager.list_locks().values()
    assert reading.problem is not None
    assert "link" in reading.problem.message
    assert acquire(manager, "https://github.com/user/other") is None
    blocking = manager.get("https://github.com/user/other")
    assert blocking is not None
    assert blocking.problem is not None
    assert "link" in blocking.problem.message
    assert files(GatewayRoot(tmp_path / "outside")) == {LOCK}


def test_a_directory_that_may_not_be_read_is_a_problem(unprivileged: GatewayRoot) -> None:
    path = unprivileged.lock(KEY, "hidden", NESTED).parent
    path.chmod(0)
    try:
        (reading,) = RepositoryLockManager(StatePaths(unprivileged.root)).list_locks().values()
        assert reading.problem is not None
        assert "permission denied" in reading.problem.message
    finally:
        path.chmod(0o700)


def test_a_lock_of_exactly_the_limit_is_read(gateway: GatewayRoot) -> None:
    lock = gateway.lock(KEY, "big").read_bytes()
    gateway.write(LOCK, lock + b" " * (MAX_LOCK - len(lock)))
    reading = read_lock(gateway.automations, LOCK)
    assert reading is not None
    assert reading.value is not None
    with hold(gateway.automations, LOCK) as held:
        assert held.value() == reading.value


def test_a_lock_is_moved_by_one_of_our_processes_at_a_time(
    gateway: GatewayRoot, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = gateway.lock(KEY, "theirs").name

    def between() -> None:
        with pytest.raises(Changed, match="another process"):
            second.set_aside(f"{name}.second.aside")

    with hold(gateway.automations, LOCK) as first, hold(gateway.automations, LOCK) as second:
        around_rename(monkeypatch, between)
        first.set_aside(f"{name}.first.aside")
    assert files(gateway) == {f"{LOCK}.first.aside"}


@pytest.mark.parametrize(
    ("address", "nested"),
    [("/srv/git/Repo.git", "locks/srv/git/repo.lock"), ("file:///srv/git/Repo.git", "locks/file:/srv/git/repo.lock")],
)
def test_a_local_repository_is_locked_like_others_also_by_the_gateways_nested_name(
    manager: RepositoryLockManager, gateway: GatewayRoot, address: str, nested: str
) -> None:
    ours = acquire(manager, address)
    assert ours is not None
    assert acquire(manager, address.removesuffix(".git") + "/", "cron:other") is None
    manager.release(ours)
    gateway.lock(ours.repo_key, "sync-other", nested, repoUrl=address, acquiredAt=iso(NOON))
    assert acquire(manager, address) is None
    assert [reading.problem for reading in manager.list_locks().values()] == [None]


def test_a_link_that_was_released_is_no_lock_and_no_problem_any_more(
    manager: RepositoryLockManager, gateway: GatewayRoot
) -> None:
    locks = gateway.automations / "locks"
    locks.mkdir(exist_ok=True)
    (locks / "a.lock.20250126T120000Z.4711.0123abcd.released").symlink_to("/nowhere")
    assert manager.list_locks() == {}
    assert not read_fleet(StatePaths(gateway.root)).problems
    (locks / "b").symlink_to("/nowhere")
    assert len(manager.list_locks()) == 1
    assert list(read_fleet(StatePaths(gateway.root)).problems) == ["locks/b"]

"""Setting aside files of any kind with a lock's name, finding them, putting them back, sweeping them."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawtui.files.fs import renameat2
from clawtui.model.errors import Changed, NoSuch, Refused
from clawtui.storage.locks.capture import capture
from clawtui.storage.locks.lock_file import Overlap, hold_anything
from clawtui.storage.locks.released_locks import (
    ReleasedLock,
    has_its_name,
    list_set_aside,
    named_aside,
    put_back,
    set_lock_aside,
    sweep_set_aside,
)
from tests.gateway_root import NOON, GatewayRoot
from tests.renaming import around_rename

KEY = "github.com/user/repo"
LOCK = "locks/github.com-user-repo.lock"
NESTED = "locks/github.com/user/repo.lock"
TOKEN = "0123abcd"
DAY = timedelta(days=1)


def put_aside(gateway: GatewayRoot, lock: str = LOCK, at: datetime = NOON) -> ReleasedLock:
    with hold_anything(gateway.automations, lock) as held:
        return set_lock_aside(held, named_aside(lock, at, TOKEN))


def names(gateway: GatewayRoot) -> list[str]:
    return sorted(path.name for path in (gateway.automations / "locks").iterdir())


def _link(path: Path) -> None:
    path.symlink_to("nowhere")


def _closed(path: Path) -> None:
    path.write_text("{}")
    path.chmod(0)


KINDS = [
    lambda path: path.write_text("{}"),
    lambda path: path.write_bytes(b""),
    lambda path: path.write_bytes(b" " * 2**20),
    _link,
    os.mkfifo,
    Path.mkdir,
    _closed,
]


@pytest.mark.parametrize("make", KINDS)
def test_any_file_with_a_lock_s_name_can_be_set_aside_and_restored(
    gateway: GatewayRoot, make: Callable[[Path], object]
) -> None:
    path = gateway.automations / LOCK
    path.parent.mkdir()
    make(path)
    before = path.lstat()
    shown = capture(gateway.automations, LOCK)
    with hold_anything(gateway.automations, LOCK) as held:
        assert shown is not None
        assert held.fingerprint == shown.fingerprint
        assert held.reading() == shown.reading
    aside = put_aside(gateway)
    assert not os.path.lexists(path)
    assert names(gateway) == [f"{path.name}.20250126T120000Z.{os.getpid()}.{TOKEN}.released"]
    assert list_set_aside(gateway.automations) == (aside,)
    assert (aside.lock, aside.at, aside.pid, aside.token, aside.released) == (LOCK, NOON, os.getpid(), TOKEN, True)
    put_back(gateway.automations, aside)
    assert os.path.samestat(path.lstat(), before)
    assert names(gateway) == [path.name]


def test_an_unreadable_file_can_be_set_aside(unprivileged: GatewayRoot) -> None:
    path = unprivileged.lock(KEY, "a")
    path.chmod(0)
    shown = capture(unprivileged.automations, LOCK)
    with hold_anything(unprivileged.automations, LOCK) as held:
        assert shown is not None
        assert (held.raw, held.fingerprint) == (None, shown.fingerprint)
    put_aside(unprivileged)
    assert not path.exists()


@pytest.mark.parametrize("make", KINDS)
@pytest.mark.parametrize("other", KINDS)
def test_no_existing_file_is_overwritten(
    gateway: GatewayRoot, make: Callable[[Path], object], other: Callable[[Path], object]
) -> None:
    path = gateway.automations / LOCK
    path.parent.mkdir()
    make(path)
    aside = put_aside(gateway)
    other(path)
    standing = path.lstat()
    if make is other is Path.mkdir:  # an empty directory takes the place of an empty directory: nothing is lost
        return
    with pytest.raises(FileExistsError):
        put_back(gateway.automations, aside)
    assert os.path.samestat(path.lstat(), standing)
    assert len(names(gateway)) == 2


def test_a_directory_with_something_in_it_stays(gateway: GatewayRoot) -> None:
    gateway.lock(KEY, "a", f"{LOCK}/inner.lock")
    with pytest.raises(Refused, match="not empty"):
        put_aside(gateway)
    assert (gateway.automations / LOCK / "inner.lock").exists()


def _overtaken(monkeypatch: pytest.MonkeyPatch, *acts: Callable[[], object]) -> None:
    """Do the first ``act`` right before the next rename, the second right after it."""
    around_rename(monkeypatch, *acts)


def test_a_lock_that_was_only_touched_is_another_version(gateway: GatewayRoot, monkeypatch: pytest.MonkeyPatch) -> None:
    path = gateway.lock(KEY, "a")
    _overtaken(monkeypatch, lambda: os.utime(path, ns=(0, 1)))
    with pytest.raises(Changed):
        put_aside(gateway)
    assert names(gateway) == [path.name]


def test_a_lock_that_came_where_an_unreadable_thing_was_is_put_back(
    gateway: GatewayRoot, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = gateway.automations / LOCK
    path.parent.mkdir()
    path.symlink_to("nowhere")
    _overtaken(monkeypatch, lambda: gateway.lock(KEY, "fresh"))
    with pytest.raises(Changed):
        put_aside(gateway)
    assert names(gateway) == [path.name]
    assert b"fresh" in path.read_bytes()


def test_a_fresh_lock_that_cannot_be_put_back_raises_overlap(
    gateway: GatewayRoot, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway.lock(KEY, "a")

    def broken() -> None:
        monkeypatch.setattr(renameat2, "_call", lambda: lambda *arguments: errno.EIO)

    _overtaken(monkeypatch, lambda: gateway.lock(KEY, "fresh"), broken)
    with pytest.raises(Overlap, match="cannot go back: input/output error"):
        put_aside(gateway)
    (aside,) = list_set_aside(gateway.automations)
    assert not aside.released
    assert b"fresh" in (gateway.automations / aside.path).read_bytes()


def test_a_second_name_of_an_existing_lock_is_recognized_and_swept(gateway: GatewayRoot) -> None:
    path = gateway.lock(KEY, "a")
    aside = put_aside(gateway)
    os.link(gateway.automations / aside.path, path)
    assert has_its_name(gateway.automations, aside)
    assert sweep_set_aside(gateway.automations, NOON - DAY, dry_run=True) == (aside.path,)
    put_back(gateway.automations, aside)
    assert names(gateway) == [path.name]
    with pytest.raises(NoSuch):
        put_back(gateway.automations, aside)


def test_old_released_locks_are_swept_and_remains_of_killed_processes_on_request(
    gateway: GatewayRoot,
) -> None:
    gateway.lock(KEY, "a")
    released = put_aside(gateway, at=NOON - DAY)
    left = gateway.write(f"{LOCK}.20250125T115959Z.4711.{TOKEN}.aside", "{}")
    removal = gateway.write(f"{LOCK}.4711.{TOKEN}.aside", "{}")
    base = gateway.automations
    assert sweep_set_aside(base, NOON - DAY) == ()
    later = NOON - DAY + timedelta(seconds=1)
    assert sweep_set_aside(base, later, dry_run=True) == (released.path,)
    assert sweep_set_aside(base, later) == (released.path,)
    assert left.exists()
    assert sweep_set_aside(base, later, unfinished=True) == (f"locks/{left.name}",)
    assert removal.exists(), "its name tells no time: it was moved just now"
    assert sweep_set_aside(base, datetime.now(UTC) + DAY, unfinished=True) == (f"locks/{removal.name}",)


def test_directories_and_their_content_are_swept(gateway: GatewayRoot) -> None:
    (gateway.automations / LOCK).mkdir(parents=True)
    gateway.lock(KEY, "a", NESTED)
    asides = {put_aside(gateway).path, put_aside(gateway, NESTED).path}
    assert set(sweep_set_aside(gateway.automations, NOON + DAY)) == asides
    assert list_set_aside(gateway.automations) == ()


@pytest.mark.parametrize(
    "name",
    ["x.lock", "x.aside", "x.lock.aside", "x.lock.1.zzzzzzzz.aside", "x.lock.1.0123abcd.tmp", "x.1.0123abcd.aside"],
)
def test_other_names_are_not_released_locks(gateway: GatewayRoot, name: str) -> None:
    gateway.write(f"locks/{name}", "{}")
    assert list_set_aside(gateway.automations) == ()
    assert sweep_set_aside(gateway.automations, datetime.now(UTC) + DAY, unfinished=True) == ()


instants = st.datetimes(datetime(1990, 1, 1), datetime(2200, 1, 1)).map(lambda naive: naive.replace(tzinfo=UTC))
stems = st.text(st.characters(exclude_characters="/\0", codec="utf-8"), min_size=1, max_size=30)


@given(stems, instants, st.integers(0, 2**32 - 1).map("{:08x}".format))
def test_a_name_has_the_lock_and_the_time(stem: str, at: datetime, token: str) -> None:
    named = named_aside(f"locks/{stem}.lock", at, token)
    assert not named.path.endswith(".lock")
    again = _parsed(named.path)
    assert again == (named.lock, at.replace(microsecond=0), named.pid, token, False)


def _parsed(path: str) -> tuple[object, ...]:
    from clawtui.files.fs.reading import Entry
    from clawtui.storage.locks import released_locks as set_aside

    directory, _, name = path.rpartition("/")
    found = set_aside._parse(Path("/nowhere"), directory, Entry(name, "file"))
    assert found is not None
    return found.lock, found.at, found.pid, found.token, found.released

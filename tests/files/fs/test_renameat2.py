"""Renaming without overwriting on any file system, and names that each of them accepts."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from clawtui.files.fs import renameat2
from clawtui.files.fs.append import append_line
from clawtui.files.fs.atomic import create_exclusive, remove, write_atomic
from clawtui.model.errors import Changed, Unwritable
from clawtui.storage.locks.lock_file import hold
from clawtui.storage.locks.released_locks import list_set_aside, named_aside, put_back, set_lock_aside, sweep_set_aside
from tests.gateway_root import NOON, GatewayRoot
from tests.renaming import around_rename, without_links, without_renameat2
from tests.storage.processes import together

KEY = "github.com/user/repo"
TOKEN = "0123abcd"
WAYS: dict[str, tuple[Callable[[pytest.MonkeyPatch], None], ...]] = {
    "renameat2": (),
    "links": (without_renameat2,),
    "O_EXCL": (without_renameat2, without_links),
}


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    for lack in WAYS[request.param]:
        lack(monkeypatch)
    return str(request.param)


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[int]:
    descriptor = os.open(tmp_path, os.O_RDONLY)
    yield descriptor
    os.close(descriptor)


def test_a_file_is_renamed_and_nothing_is_ever_overwritten(tmp_path: Path, directory: int, way: str) -> None:
    (tmp_path / "old").write_text("content")
    inode = (tmp_path / "old").stat().st_ino
    renameat2.rename_noreplace(directory, "old", "new")
    assert os.listdir(directory) == ["new"]
    assert (tmp_path / "new").stat().st_ino == inode
    (tmp_path / "old").write_text("other")
    with pytest.raises(FileExistsError):
        renameat2.rename_noreplace(directory, "old", "new")
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"old": "other", "new": "content"}
    with pytest.raises(FileNotFoundError):
        renameat2.rename_noreplace(directory, "gone", "other")


def test_of_many_who_create_one_file_exactly_one_wins_and_it_is_whole(tmp_path: Path, way: str) -> None:
    def create() -> int:
        try:
            create_exclusive(tmp_path, "x", f"{os.getpid()}\n".encode() * 1000)
        except FileExistsError:
            return 1
        return 0

    for _ in range(20):
        assert sorted(together(create, create, create, create)) == [0, 1, 1, 1]
        assert len(set((tmp_path / "x").read_text().splitlines())) == 1
        assert [path.name for path in tmp_path.iterdir()] == ["x"]
        (tmp_path / "x").unlink()


def test_a_fresh_lock_that_was_moved_at_the_last_instant_is_put_back(
    gateway: GatewayRoot, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = gateway.lock(KEY, "dead")
    with hold(gateway.automations, f"locks/{path.name}") as held:
        around_rename(monkeypatch, lambda: gateway.lock(KEY, "fresh"))
        with pytest.raises(Changed):
            held.set_aside(f"{path.name}.1.{TOKEN}.aside")
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    assert b"fresh" in path.read_bytes()


def test_without_a_safe_rename_nothing_is_moved_unless_it_is_final(
    gateway: GatewayRoot, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = gateway.lock(KEY, "dead")
    without_renameat2(monkeypatch)
    without_links(monkeypatch)
    make = os.open

    def full(name: str, flags: int, *arguments: int, dir_fd: int | None = None) -> int:
        if flags & os.O_CREAT:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return make(name, flags, *arguments, dir_fd=dir_fd)

    aside = named_aside(f"locks/{path.name}", NOON, TOKEN)
    with hold(gateway.automations, aside.lock) as held:
        monkeypatch.setattr(os, "open", full)
        with pytest.raises(renameat2.NoWayBack, match="nothing was done"):
            set_lock_aside(held, aside)
        assert [each.name for each in path.parent.iterdir()] == [path.name]
        assert set_lock_aside(held, aside, final=True).released
    assert [each.suffix for each in path.parent.iterdir()] == [".released"]


@pytest.mark.parametrize("length", [6, 80, 81, 120, 138, 215, 235])
def test_a_lock_with_a_name_of_any_length_can_be_set_aside_and_restored(gateway: GatewayRoot, length: int) -> None:
    name = f"{'x' * (length - 7)}é.lock" if length > 9 else "x.lock"
    path = gateway.lock(KEY, "a", f"locks/{name}")
    content = path.read_bytes()
    with hold(gateway.automations, f"locks/{name}") as held:
        kept = set_lock_aside(held, named_aside(f"locks/{name}", NOON, TOKEN))
    assert max(len(os.fsencode(each.name)) for each in path.parent.iterdir()) <= 143
    assert not any(each.name.endswith(".lock") for each in path.parent.iterdir())
    assert list_set_aside(gateway.automations) == (kept,)
    assert kept.lock == f"locks/{name}"
    put_back(gateway.automations, kept)
    assert {each.name: each.read_bytes() for each in path.parent.iterdir()} == {name: content}
    with hold(gateway.automations, f"locks/{name}") as held:
        set_lock_aside(held, named_aside(f"locks/{name}", NOON, TOKEN))
    assert sweep_set_aside(gateway.automations, NOON.replace(year=2100)) == (kept.path,)
    assert list(path.parent.iterdir()) == []
    gateway.lock(KEY, "a", f"locks/{name}")
    with hold(gateway.automations, f"locks/{name}") as held:
        held.remove()
    assert list(path.parent.iterdir()) == []


def test_a_note_that_a_killed_process_left_is_swept_and_one_with_its_lock_is_not(gateway: GatewayRoot) -> None:
    lock = f"locks/{'x' * 200}.lock"
    gateway.lock(KEY, "a", lock)
    with hold(gateway.automations, lock) as held:
        kept = set_lock_aside(held, named_aside(lock, NOON, TOKEN))
    locks = gateway.automations / "locks"
    orphan = locks / f"{'0' * 32}.lock.20250126T120000Z.1.{TOKEN}.name"
    orphan.write_text("y.lock")
    sweep_set_aside(gateway.automations, NOON)
    assert orphan.exists()
    os.utime(orphan, (0, 0))
    sweep_set_aside(gateway.automations, NOON)
    assert not orphan.exists()
    assert list_set_aside(gateway.automations) == (kept,)


@pytest.mark.parametrize("length", [140, 250])
def test_documents_with_long_names_are_written_and_removed(tmp_path: Path, length: int) -> None:
    name = "x" * length
    stamp = create_exclusive(tmp_path, name, b"one")
    stamp = write_atomic(tmp_path, name, b"two", stamp)
    remove(tmp_path, name, stamp)
    assert list(tmp_path.iterdir()) == []


def test_a_directory_that_cannot_be_synced_is_no_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fsync = os.fsync

    def as_some_do(descriptor: int) -> None:
        if os.path.isdir(f"/proc/self/fd/{descriptor}"):  # noqa: PTH112
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", as_some_do)
    append_line(tmp_path, "audit.jsonl", b"{}", durable=True)
    assert (tmp_path / "audit.jsonl").read_bytes() == b"{}\n"

    def broken(descriptor: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(Unwritable, match="input/output error"):
        append_line(tmp_path, "audit.jsonl", b"{}", durable=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs two users")
@pytest.mark.parametrize("lacks", [(), (without_renameat2,)], ids=["renameat2", "links"])
def test_another_user_s_lock_is_put_back_under_protected_hardlinks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lacks: tuple[Callable[[pytest.MonkeyPatch], None], ...]
) -> None:
    if Path("/proc/sys/fs/protected_hardlinks").read_text().strip() != "1":
        pytest.skip("needs fs.protected_hardlinks")
    for place in (tmp_path, *tmp_path.parents):
        if not place.stat().st_mode & 0o001:
            place.chmod(place.stat().st_mode | 0o011)
    gateway = GatewayRoot(tmp_path / "root")
    path = gateway.lock(KEY, "theirs")
    for place in (gateway.root, *gateway.root.rglob("*")):
        os.chown(place, 12345, 23456)
        place.chmod(0o2770 if place.is_dir() else 0o640)
    for lack in lacks:
        lack(monkeypatch)

    def as_member() -> int:
        os.setgroups([23456])
        os.setresgid(23456, 23456, 23456)
        os.setresuid(54321, 54321, 54321)
        with pytest.raises(PermissionError):
            os.link(path, path.with_name("second"))
        with hold(gateway.automations, f"locks/{path.name}") as held:
            aside = set_lock_aside(held, named_aside(f"locks/{path.name}", NOON, TOKEN))
        put_back(gateway.automations, aside)
        return 0

    assert together(as_member) == [0]
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    assert path.stat().st_uid == 12345


@pytest.mark.parametrize("kind", ["tmpfs", "overlay", "vfat", "exfat"])
def test_a_release_and_its_undoing_on_a_real_file_system(tmp_path: Path, kind: str) -> None:
    place = tmp_path / "mounted"
    place.mkdir()
    for name in ("lower", "upper", "work"):
        (tmp_path / name).mkdir()
    mount = {
        "tmpfs": "mount -t tmpfs none mounted",
        "overlay": "mount -t overlay none -o lowerdir=lower,upperdir=upper,workdir=work mounted",
        "vfat": "truncate -s 40M image && mkfs.vfat image >/dev/null && mount -o loop image mounted",
        "exfat": "truncate -s 40M image && mkfs.exfat image >/dev/null && mount -o loop image mounted",
    }[kind]
    script = f"cd {tmp_path} && {mount} || exit 77; exec python -m tests.storage.on_file_system {place}"
    command = ["unshare", "-m", "sh", "-c", script]
    if os.geteuid() != 0:
        pytest.skip("needs root, to mount")
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(Path(__file__).parents[3]),
    }
    ended = subprocess.run(command, check=False, capture_output=True, text=True, env=environment, timeout=60)
    if ended.returncode == 77:
        pytest.skip(f"{kind} cannot be mounted here: {ended.stderr.strip()}")
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.split() == ["taken", "released", "restored", "written", "removed"]

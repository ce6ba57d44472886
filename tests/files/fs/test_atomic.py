from __future__ import annotations

import os
import random
import resource
import signal
import stat
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from clawtui.files.fs.atomic import (
    ABSENT,
    ANY,
    Expected,
    create_exclusive,
    make_directory,
    remove,
    sweep_temp_files,
    write_atomic,
)
from clawtui.files.fs.reading import read_bytes
from clawtui.model.documents.base import Stamp
from clawtui.model.errors import Changed, ClawtuiError, NoSuch, Refused, Unwritable
from tests.gateway_root import NOON, GatewayRoot
from tests.renaming import around_rename
from tests.storage.processes import forked, together

NOTE = "config/a/note.json"
LEAVING = ["../note.json", "config/../../note.json", "/tmp/note.json", "config//note.json", "", ".", "a\0b", "x" * 256]


@pytest.fixture
def base(gateway: GatewayRoot) -> Path:
    return gateway.automations


@pytest.fixture(params=[0o000, 0o022, 0o777], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


def names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def test_a_written_file_is_there_whole_with_the_stamp_that_was_returned(base: Path) -> None:
    for data in (b"first", b"second, which is longer", b""):
        stamp = write_atomic(base, NOTE, data)
        assert read_bytes(base, NOTE) == (data, stamp)
    assert names(base / "config/a") == ["note.json"]


def test_files_are_0600_and_directories_0700_under_any_umask(base: Path, umask: int) -> None:
    write_atomic(base, NOTE, b"x")
    create_exclusive(base, "locks/deep/one.lock", b"x")
    make_directory(base, "workspaces/a/b")
    assert {mode(path) for path in base.rglob("*") if path.is_file()} == {0o600}
    assert {mode(path) for path in base.rglob("*") if path.is_dir()} == {0o700}


def test_a_private_file_that_others_could_read_cannot_be_read_by_them_afterwards(base: Path) -> None:
    (base / "open").write_text("x")
    (base / "open").chmod(0o666)
    write_atomic(base, "open", b"y", private=True)
    assert mode(base / "open") == 0o600


def test_the_base_is_made_where_only_that_is_missing(tmp_path: Path) -> None:
    write_atomic(tmp_path / "automations", NOTE, b"x")
    assert mode(tmp_path / "automations") == 0o700
    with pytest.raises(NoSuch, match="does not exist"):
        write_atomic(tmp_path / "no/automations", NOTE, b"x")
    assert names(tmp_path) == ["automations"]


def test_the_second_of_two_savers_is_refused(base: Path) -> None:
    read_by_both = write_atomic(base, NOTE, b"old")
    write_atomic(base, NOTE, b"first", read_by_both)
    with pytest.raises(Changed, match="changed since it was read"):
        write_atomic(base, NOTE, b"other", read_by_both)
    assert read_bytes(base, NOTE)[0] == b"first"
    assert names(base / "config/a") == ["note.json"]


def test_a_file_that_is_gone_is_not_the_version_that_was_read(base: Path) -> None:
    stamp = write_atomic(base, NOTE, b"old")
    (base / NOTE).unlink()
    with pytest.raises(Changed, match="gone"):
        write_atomic(base, NOTE, b"new", stamp)
    assert names(base / "config/a") == []


def test_an_exclusive_write_creates_the_file_once(base: Path) -> None:
    write_atomic(base, NOTE, b"first", ABSENT)
    with pytest.raises(Changed, match="exists by now"):
        write_atomic(base, NOTE, b"second", ABSENT)
    with pytest.raises(FileExistsError):
        create_exclusive(base, NOTE, b"third")
    assert read_bytes(base, NOTE)[0] == b"first"
    assert names(base / "config/a") == ["note.json"]


def test_a_dangling_link_counts_as_there(base: Path, tmp_path: Path) -> None:
    (base / "dangling").symlink_to(tmp_path / "outside")
    with pytest.raises(FileExistsError):
        create_exclusive(base, "dangling", b"x")
    assert not (tmp_path / "outside").exists()


Write = Callable[[Path, str], object]
WRITES: list[Write] = [
    lambda base, relative: write_atomic(base, relative, b"new"),
    lambda base, relative: write_atomic(base, relative, b"new", ABSENT),
    lambda base, relative: create_exclusive(base, relative, b"new"),
    lambda base, relative: remove(base, relative),
    lambda base, relative: make_directory(base, relative),
]


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("relative", LEAVING)
def test_names_that_could_leave_the_base_are_refused(base: Path, write: Write, relative: str) -> None:
    outside = base.parent / "note.json"
    outside.write_text("mine")
    with pytest.raises(Refused):
        write(base, relative)
    assert outside.read_text() == "mine"
    assert names(base) == []


@pytest.mark.parametrize("write", WRITES)
def test_nothing_is_written_through_a_link_in_a_middle_step(base: Path, tmp_path: Path, write: Write) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "note.json").write_text("mine")
    (base / "config").symlink_to(outside)
    for relative in ("config/note.json", "config/new.json", "config/sub/new.json"):
        with pytest.raises(Refused, match="leads through a symbolic link"):
            write(base, relative)
    assert names(outside) == ["note.json"]
    assert (outside / "note.json").read_text() == "mine"


def test_a_link_in_the_last_step_is_neither_followed_nor_replaced(base: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("mine")
    (base / "link").symlink_to(outside)
    for write in (lambda: write_atomic(base, "link", b"new"), lambda: remove(base, "link")):
        with pytest.raises(Refused, match="symbolic link"):
            write()
    assert outside.read_text() == "mine"
    assert (base / "link").is_symlink()


def test_a_directory_is_not_replaced_by_a_file(base: Path) -> None:
    make_directory(base, "config")
    with pytest.raises(Refused, match="is a directory"):
        write_atomic(base, "config", b"x")
    assert names(base) == ["config"]


def test_a_write_that_fails_leaves_the_old_file_and_no_temp_file(base: Path) -> None:
    write_atomic(base, NOTE, b"old")

    def write_too_much() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        with pytest.raises(Unwritable, match="file too large"):
            write_atomic(base, NOTE, b"x" * 10_000)

    assert together(write_too_much) == [0]
    assert read_bytes(base, NOTE)[0] == b"old"
    assert names(base / "config/a") == ["note.json"]


def test_a_directory_of_another_user_is_refused(unprivileged: GatewayRoot) -> None:
    base = unprivileged.automations
    make_directory(base, "config")
    (base / "config").chmod(0o500)
    try:
        with pytest.raises(Refused, match="permission denied"):
            write_atomic(base, "config/x", b"x")
    finally:
        (base / "config").chmod(0o700)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_files_that_root_writes_belong_to_the_owner_of_the_directory(base: Path) -> None:
    os.chown(base, 12345, 23456)
    write_atomic(base, NOTE, b"x")
    for path in (base / "config", base / "config/a", base / NOTE):
        assert (path.stat().st_uid, path.stat().st_gid) == (12345, 23456)


def test_remove_removes_only_the_expected_version(base: Path) -> None:
    old = write_atomic(base, NOTE, b"old")
    new = write_atomic(base, NOTE, b"new")
    with pytest.raises(Changed):
        remove(base, NOTE, old)
    assert read_bytes(base, NOTE) == (b"new", new)
    remove(base, NOTE, new)
    assert names(base / "config/a") == []
    for expected in (ANY, new):
        with pytest.raises((NoSuch, Changed)):
            remove(base, NOTE, expected)


def test_a_file_that_was_written_at_the_last_instant_is_put_back(
    gateway: GatewayRoot, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = write_atomic(base, NOTE, b"old")
    around_rename(monkeypatch, lambda: gateway.write(NOTE, "fresh"))
    with pytest.raises(Changed):
        remove(base, NOTE, old)
    assert read_bytes(base, NOTE)[0] == b"fresh"
    assert names(base / "config/a") == ["note.json"]


def test_of_many_who_create_one_file_exactly_one_wins(base: Path) -> None:
    def create() -> int:
        try:
            create_exclusive(base, NOTE, str(os.getpid()).encode() * 1000)
        except FileExistsError:
            return 1
        return 0

    for _ in range(20):
        assert sorted(together(*[create] * 8)) == [0] + [1] * 7
        (base / NOTE).unlink()
    assert names(base / "config/a") == []


def test_no_count_is_lost_among_writers_that_check_the_version(base: Path) -> None:
    write_atomic(base, NOTE, b"0")

    def count() -> None:
        done = 0
        while done < 50:
            data, stamp = read_bytes(base, NOTE)
            try:
                write_atomic(base, NOTE, str(int(data) + 1).encode(), stamp)
            except Changed:
                continue
            done += 1

    assert together(*[count] * 4) == [0] * 4
    assert read_bytes(base, NOTE)[0] == b"200"


def test_a_writer_killed_at_any_point_leaves_the_old_document_or_the_new(base: Path) -> None:
    documents = [bytes([letter]) * 300_000 for letter in b"abc"]
    write_atomic(base, NOTE, documents[0])
    hand = random.Random(1)

    def write_on() -> None:
        for serial in range(1_000_000):
            write_atomic(base, NOTE, documents[serial % 3])

    seen = set()
    for _ in range(100):
        with forked(write_on) as writer:
            end = time.monotonic() + hand.uniform(0, 0.02)
            while time.monotonic() < end:
                seen.add(read_bytes(base, NOTE)[0])
            os.kill(writer, signal.SIGKILL)
        seen.add(read_bytes(base, NOTE)[0])
    assert seen <= set(documents)
    assert len(seen) > 1
    left_over = [name for name in names(base / "config/a") if name != "note.json"]
    assert len(sweep_temp_files(base, "config/a", NOON.replace(year=2200))) == len(left_over)
    assert names(base / "config/a") == ["note.json"]


def test_a_temp_file_of_a_dead_process_with_our_pid_is_no_obstacle(base: Path) -> None:
    write_atomic(base, "note", b"x")
    for serial in range(2000):
        (base / f"note.{os.getpid()}.{serial}.tmp").touch()
    write_atomic(base, "note", b"y")
    assert (base / "note").read_text() == "y"


def test_only_old_temp_files_are_swept(base: Path) -> None:
    directory = base / "config/a"
    directory.mkdir(parents=True)
    swept = ["a.json.123.0.tmp", "a.json.99.1737892800123.tmp"]
    kept = ["a.json", "a.json.tmp", "a.json.x.1.tmp", "a.json.1.2.tmp.bak", ".1.2.tmp"]
    for name in swept + kept:
        (directory / name).write_text("")
        os.utime(directory / name, (NOON.timestamp(), NOON.timestamp()))
    (directory / "young.1.1.tmp").write_text("")
    (directory / "link.1.1.tmp").symlink_to("a.json")
    (directory / "dir.1.1.tmp").mkdir()
    assert sweep_temp_files(base, "config/a", NOON) == ()
    assert sweep_temp_files(base, "config/a", NOON + timedelta(seconds=1)) == tuple(f"config/a/{n}" for n in swept)
    assert names(directory) == sorted([*kept, "young.1.1.tmp", "link.1.1.tmp", "dir.1.1.tmp"])
    assert sweep_temp_files(base, "none", NOON) == ()


def test_a_storage_error_is_one_plain_line(base: Path) -> None:
    (base / "link").symlink_to("x")
    stamp = write_atomic(base, "there", b"")
    attempts: list[tuple[str, Expected]] = [("link", ANY), ("../x", ANY), ("none", stamp), ("there", ABSENT)]
    for relative, expected in attempts:
        with pytest.raises(ClawtuiError) as caught:
            write_atomic(base, relative, b"", expected)
        assert relative in str(caught.value)
        assert "\n" not in str(caught.value)
    assert isinstance(stamp, Stamp)

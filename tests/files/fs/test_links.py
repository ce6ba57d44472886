"""Reading through links: those that stay inside the state directory, and sections that its owner has linked."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from clawtui.files.fs.atomic import ANY, remove, write_atomic
from clawtui.files.fs.links import followed_entries, list_followed, locate, open_followed, read_followed
from clawtui.model.errors import ClawtuiError, Unreadable


@pytest.fixture
def base(tmp_path: Path) -> Path:
    base = tmp_path / "state" / "automations"
    (base / "config").mkdir(parents=True)
    return base


def config_map(directory: Path, version: str, files: dict[str, bytes]) -> None:
    """Mount a version of a ConfigMap, as a kubelet does: the files, and then ``..data`` exchanged at once."""
    (directory / version).mkdir(parents=True)
    for name, data in files.items():
        (directory / version / name).write_bytes(data)
        if not (directory / name).is_symlink():
            (directory / name).symlink_to(f"..data/{name}")
    fresh = directory / "..data_tmp"
    fresh.symlink_to(version)
    fresh.replace(directory / "..data")


def test_a_config_map_is_read_in_each_version(base: Path) -> None:
    directory = base / "config" / "t"
    config_map(directory, "..2026_11_28", {"a.json": b"one"})
    assert read_followed(base, "config/t/a.json")[0] == b"one"
    config_map(directory, "..2026_11_29", {"a.json": b"two"})
    data, stamp = read_followed(base, "config/t/a.json")
    assert (data, stamp.inode) == (b"two", (directory / "..2026_11_29/a.json").stat().st_ino)
    assert [entry for entry in followed_entries(base, "config/t") if not entry.name.startswith("..")] == [
        ("a.json", "file")
    ]


def test_a_section_on_another_disk_is_read_and_never_written(base: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    (other / "t").mkdir(parents=True)
    (other / "t" / "a.jsonl").write_bytes(b"line\n")
    (base / "logs").symlink_to(other)
    assert list_followed(base, "logs") == (("t", "directory"),)
    assert list_followed(base, "logs/t") == (("a.jsonl", "file"),)
    descriptor = open_followed(base, "logs/t/a.jsonl")
    assert os.read(descriptor, 9) == b"line\n"
    os.close(descriptor)
    with pytest.raises(ClawtuiError, match="symbolic link"):
        write_atomic(base, "logs/t/a.jsonl", b"mine", ANY)
    with pytest.raises(ClawtuiError, match="symbolic link"):
        remove(base, "logs/t/a.jsonl", ANY)
    assert (other / "t" / "a.jsonl").read_bytes() == b"line\n"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a link to another user")
def test_a_section_that_another_user_linked_is_not_read(base: Path, tmp_path: Path) -> None:
    (base / "logs").symlink_to(tmp_path)
    os.lchown(base / "logs", 4711, 4711)
    with pytest.raises(Unreadable, match=f"is a symbolic link to {tmp_path}, outside the state directory"):
        list_followed(base, "logs")


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ("/etc/hostname", "is a symbolic link to /etc/hostname, outside the state directory, and is not followed"),
        ("nothing", "is a symbolic link to nothing, which does not exist"),
        ("a.json", "is a symbolic link to a.json, which does not exist"),
        ("../u/b.json", "is a symbolic link to ../u/b.json: that is read under its own name"),
        ("../../../../secret", "is a symbolic link to ../../../../secret, outside the state directory, and is not"),
    ],
)
def test_the_error_about_a_link_names_its_target(base: Path, tmp_path: Path, target: str, why: str) -> None:
    (base / "config/u").mkdir()
    (base / "config/u/b.json").write_text("{}")
    (base / "config/t").mkdir()
    (tmp_path / "secret").write_text("hidden")
    (base / "config/t/a.json").symlink_to(target)
    with pytest.raises(Unreadable) as caught:
        read_followed(base, "config/t/a.json")
    assert caught.value.reason.startswith(why)


def test_a_linked_type_outside_is_named_where_it_leads(base: Path, tmp_path: Path) -> None:
    (tmp_path / "types").mkdir()
    (tmp_path / "types" / "a.json").write_text("{}")
    (base / "config/t").symlink_to(tmp_path / "types")
    with pytest.raises(Unreadable, match=f"leads through config/t, a symbolic link to {tmp_path}/types, outside"):
        read_followed(base, "config/t/a.json")


def test_a_lock_that_is_a_link_is_never_followed(base: Path) -> None:
    (base / "locks").mkdir()
    (base / "kept").write_text("{}")
    (base / "locks/a.lock").symlink_to("../kept")
    assert locate(base, "locks/a.lock") is None
    with pytest.raises(Unreadable, match="is a symbolic link, which is never followed"):
        read_followed(base, "locks/a.lock")


def test_a_file_without_a_link_on_its_way_is_where_it_is(base: Path) -> None:
    (base / "config/a.json").write_text("{}")
    assert locate(base, "config/a.json") is None
    assert locate(base, "config/missing.json") is None

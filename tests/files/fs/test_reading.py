from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from clawtui.files.fs.reading import Entry, directory_at, list_directory, open_directory, open_regular, read_bytes
from clawtui.model.errors import Refused, Unreadable
from tests.gateway_root import GatewayRoot

NOTE = "config/a/note.json"
LEAVING = [
    "../note.json",
    "config/../../note.json",
    "/etc/passwd",
    "config//note.json",
    "config/./note.json",
    "",
    "a\0b",
]


@pytest.fixture
def base(gateway: GatewayRoot) -> Path:
    gateway.write(NOTE, "text")
    return gateway.automations


def test_a_file_is_read_with_the_version_that_was_read(base: Path) -> None:
    data, stamp = read_bytes(base, NOTE)
    status = (base / NOTE).stat()
    assert data == b"text"
    assert stamp == (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)


def test_the_base_may_be_reached_through_a_link(base: Path, tmp_path: Path) -> None:
    (tmp_path / "named").symlink_to(base)
    assert read_bytes(tmp_path / "named", NOTE)[0] == b"text"
    assert list_directory(tmp_path / "named") == (Entry("config", "directory"),)


def test_a_link_in_the_last_step_is_not_followed(base: Path) -> None:
    (base / "config/a/link.json").symlink_to("note.json")
    with pytest.raises(Unreadable, match="symbolic link"):
        read_bytes(base, "config/a/link.json")
    (base / "config/link").symlink_to("a")
    with pytest.raises(Unreadable, match="symbolic link"):
        list_directory(base, "config/link")


def test_a_link_in_a_middle_step_is_not_followed(base: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    (outside / "a").mkdir(parents=True)
    (outside / "a/note.json").write_text("secret")
    (base / "linked").symlink_to(outside)
    (base / "config/b").symlink_to("a")
    for relative in ("linked/a/note.json", "config/b/note.json"):
        with pytest.raises(Unreadable, match="leads through a symbolic link"):
            read_bytes(base, relative)
    with pytest.raises(Unreadable, match="leads through a symbolic link"):
        open_directory(base, "linked/a")


@pytest.mark.parametrize("relative", LEAVING)
@pytest.mark.parametrize("read", [read_bytes, open_regular])
def test_names_that_could_leave_the_base_are_refused(
    base: Path, read: Callable[[Path, str], object], relative: str
) -> None:
    (base.parent / "note.json").write_text("secret")
    with pytest.raises(Refused):
        read(base, relative)


@pytest.mark.parametrize("relative", ["config/a/none.json", "config/none/note.json", "none"])
def test_a_missing_file_is_not_found(base: Path, relative: str) -> None:
    with pytest.raises(FileNotFoundError):
        read_bytes(base, relative)
    with pytest.raises(FileNotFoundError):
        read_bytes(base / "none", relative)
    with pytest.raises(FileNotFoundError):
        open_directory(base, relative)


def test_only_regular_files_are_read(base: Path) -> None:
    os.mkfifo(base / "fifo")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(base / "socket"))
        for name in ("fifo", "socket"):
            with pytest.raises(Unreadable, match="is not a regular file"):
                read_bytes(base, name)
    with pytest.raises(Unreadable, match="is a directory"):
        read_bytes(base, "config")
    with pytest.raises(Unreadable, match="not a directory"):
        read_bytes(base, f"{NOTE}/deeper")
    with pytest.raises(Unreadable, match="a file where a directory should be"):
        open_directory(base, NOTE)


def test_a_file_over_the_limit_is_not_read(base: Path) -> None:
    assert read_bytes(base, NOTE, limit=4)[0] == b"text"
    with pytest.raises(Unreadable, match="is 4 bytes, more than the 3 that are read"):
        read_bytes(base, NOTE, limit=3)


def test_a_directory_is_listed_by_name_with_links_as_links(base: Path) -> None:
    (base / "config/a/z").mkdir()
    (base / "config/a/link.json").symlink_to("note.json")
    os.mkfifo(base / "config/a/fifo")
    assert list_directory(base, "config/a") == (
        ("fifo", "other"),
        ("link.json", "link"),
        ("note.json", "file"),
        ("z", "directory"),
    )


def test_no_descriptor_stays_open_after_any_error(base: Path) -> None:
    def descriptors() -> int:
        return len(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").exists() else 0  # noqa: PTH208

    (base / "link").symlink_to("config")
    before = descriptors()
    for relative in (NOTE, "link/a/note.json", "config/none/x", "config", "link", f"{NOTE}/x"):
        for look in (read_bytes, list_directory):
            try:
                look(base, relative)
            except (OSError, Unreadable):
                continue
    with directory_at(base, "config") as descriptor:
        assert os.stat("a", dir_fd=descriptor)
    assert descriptors() == before

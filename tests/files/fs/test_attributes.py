"""A replaced file keeps its owner, group, mode, ACL and label, or nothing is done: with real users."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from clawtui.files.fs.append import append_line
from clawtui.files.fs.atomic import create_exclusive, make_directory, write_atomic
from clawtui.files.fs.attributes import NotKept
from clawtui.files.fs.reading import read_bytes
from clawtui.model.findings.context import WrongMode
from clawtui.storage.stores.mode_scan import scan_modes
from tests.gateway_root import NOON, GatewayRoot
from tests.storage.processes import together

GATEWAY, MEMBER, GROUP = 12345, 54321, 23456
NOTE = "config/a/x.json"

needs_users = pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to be two users")


@pytest.fixture
def shared(tmp_path: Path) -> GatewayRoot:
    """Write a root that a group shares: 2770 and 0660, of the gateway's user."""
    gateway = GatewayRoot(tmp_path / "state")
    gateway.write(NOTE, "{}")
    for place in (gateway.root, *gateway.root.rglob("*")):
        if os.geteuid() == 0:
            os.chown(place, GATEWAY, GROUP)
        place.chmod(0o2770 if place.is_dir() else 0o660)
    for place in (tmp_path, *tmp_path.parents):
        if not place.stat().st_mode & 0o001:
            place.chmod(place.stat().st_mode | 0o011)
    return gateway


def become(user: int, group: int = GROUP) -> None:
    os.setgroups([])
    os.setresgid(group, group, group)
    os.setresuid(user, user, user)


def as_user(user: int, work: Callable[[], object], group: int = GROUP) -> int:
    def child() -> object:
        become(user, group)
        return work()

    return together(child)[0]


def attributes(path: Path) -> tuple[int, int, int]:
    status = path.lstat()
    return status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o660, 0o644])
def test_a_replaced_file_keeps_its_mode(tmp_path: Path, mode: int) -> None:
    stamp = create_exclusive(tmp_path, "x", b"one")
    (tmp_path / "x").chmod(mode)
    write_atomic(tmp_path, "x", b"two", stamp)
    assert attributes(tmp_path / "x")[2] == mode


@needs_users
def test_a_member_of_the_group_is_refused_and_the_command_is_named(shared: GatewayRoot) -> None:
    path = shared.automations / NOTE
    before = attributes(path)

    def write() -> None:
        stamp = read_bytes(shared.automations, NOTE)[1]
        with pytest.raises(NotKept, match=r"belongs to .*12345.*\n`sudo -u '#12345' clawtui …` can do it"):
            write_atomic(shared.automations, NOTE, b"theirs", stamp)

    assert as_user(MEMBER, write) == 0
    assert path.read_text() == "{}"
    assert attributes(path) == before
    assert [each.name for each in path.parent.iterdir()] == ["x.json"]


@needs_users
def test_the_owner_and_root_keep_owner_group_and_mode(shared: GatewayRoot) -> None:
    path = shared.automations / NOTE
    os.chown(path, MEMBER, GROUP)
    before = attributes(path)
    write_atomic(shared.automations, NOTE, b"of root")
    assert attributes(path) == before
    assert as_user(MEMBER, lambda: write_atomic(shared.automations, NOTE, b"of the owner")) == 0
    assert attributes(path) == before
    assert path.read_text() == "of the owner"


@needs_users
def test_a_group_that_its_owner_is_not_in_is_not_lost(shared: GatewayRoot) -> None:
    path = shared.automations / NOTE
    os.chown(path, MEMBER, 34567)

    def write() -> None:
        with pytest.raises(NotKept, match="has the group 34567"):
            write_atomic(shared.automations, NOTE, b"theirs")

    assert as_user(MEMBER, write) == 0
    assert path.read_text() == "{}"


@needs_users
def test_the_gateway_can_read_and_write_the_files_of_a_group_member(shared: GatewayRoot) -> None:
    def make() -> None:
        create_exclusive(shared.automations, "config/b/y.json", b"{}")
        append_line(shared.automations, "logs/dispatcher/2025-01-26.jsonl", b"{}")
        make_directory(shared.automations, "artifacts/b")

    assert as_user(MEMBER, make) == 0
    assert as_user(GATEWAY, lambda: (shared.automations / "config/b/y.json").read_text()) == 0
    for path in (*shared.automations.rglob("*"),):
        assert attributes(path)[1:] == (GROUP, 0o2770 if path.is_dir() else 0o660), path


def test_a_shared_root_has_no_wrong_modes_and_another_has(shared: GatewayRoot) -> None:
    shared.write("config/a/z.json", "{}").chmod(0o640)
    assert scan_modes(shared.automations, NOON).wrong_modes == ()
    shared.root.chmod(0o700)
    shared.automations.chmod(0o700)
    assert WrongMode(NOTE, 0o660, 0o600) in scan_modes(shared.automations, NOON).wrong_modes


def test_an_acl_and_the_user_s_own_attributes_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "x"
    create_exclusive(tmp_path, "x", b"one")
    try:
        os.setxattr(path, "user.note", b"mine")
        if os.geteuid() == 0:
            os.setxattr(path, "security.selinux", b"system_u:object_r:etc_t:s0\0")
    except OSError as error:
        pytest.skip(f"this file system has no extended attributes: {error.strerror}")
    if shutil.which("setfacl"):
        subprocess.run(["setfacl", "-m", f"u:{MEMBER}:rw", path], check=True)
    before = {name: os.getxattr(path, name) for name in os.listxattr(path)}
    mode = attributes(path)
    write_atomic(tmp_path, "x", b"two")
    assert {name: os.getxattr(path, name) for name in os.listxattr(path)} == before
    assert attributes(path) == mode
    assert path.read_text() == "two"


@pytest.mark.skipif(shutil.which("setfacl") is None, reason="needs setfacl")
def test_an_inherited_acl_is_not_added_to_a_file_without_one(tmp_path: Path) -> None:
    path = tmp_path / "x"
    create_exclusive(tmp_path, "x", b"one")
    if subprocess.run(["setfacl", "-d", "-m", f"u:{MEMBER}:rw", tmp_path], check=False).returncode:
        pytest.skip("this file system has no ACLs")
    write_atomic(tmp_path, "x", b"two")
    assert "system.posix_acl_access" not in os.listxattr(path)
    assert attributes(path)[2] == 0o600

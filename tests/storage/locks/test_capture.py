"""A fingerprint is of one version of one lock, and of no other."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from clawtui.model.errors import Refused, Unreadable
from clawtui.storage.locks.capture import capture, lock_path, look_at
from tests.gateway_root import GatewayRoot

KEY = "github.com/user/repo"
LOCK = "locks/github.com-user-repo.lock"


def fingerprint(gateway: GatewayRoot) -> str | None:
    captured = capture(gateway.automations, LOCK)
    assert captured is not None
    return captured.fingerprint


def test_an_unchanged_lock_keeps_its_fingerprint(gateway: GatewayRoot) -> None:
    gateway.lock(KEY, "a")
    captured = capture(gateway.automations, LOCK)
    assert captured == capture(gateway.automations, LOCK)
    assert captured is not None
    assert captured.reading.value is not None
    assert captured.reading.value.repo_key == KEY


def _replaced(path: Path) -> None:
    copy = path.with_name("copy")
    copy.write_bytes(path.read_bytes())
    times = path.stat()
    os.utime(copy, ns=(times.st_atime_ns, times.st_mtime_ns))
    copy.rename(path)


def _rewritten(path: Path) -> None:
    times = path.stat()
    path.write_bytes(path.read_bytes().replace(b"cron:a", b"cron:b"))
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


@pytest.mark.parametrize("change", [_replaced, _rewritten, lambda path: os.utime(path, ns=(0, 1))])
def test_any_change_gives_another_fingerprint(gateway: GatewayRoot, change: Callable[[Path], None]) -> None:
    path = gateway.lock(KEY, "a")
    before = fingerprint(gateway)
    change(path)
    assert fingerprint(gateway) != before


def test_an_unreadable_lock_has_a_fingerprint(gateway: GatewayRoot) -> None:
    path = gateway.automations / LOCK
    path.parent.mkdir()
    path.symlink_to("somewhere")
    before = fingerprint(gateway)
    assert before == fingerprint(gateway)
    other = path.with_name("other")
    other.symlink_to("elsewhere")
    other.rename(path)
    assert fingerprint(gateway) not in (None, before)


def test_a_missing_lock_is_not_captured(gateway: GatewayRoot) -> None:
    assert capture(gateway.automations, LOCK) is None
    assert look_at(gateway.automations, LOCK) is None


def test_a_lock_below_a_link_cannot_even_be_looked_at(gateway: GatewayRoot, tmp_path: Path) -> None:
    (tmp_path / "github.com-user-repo.lock").write_text("{}")
    (gateway.automations / "locks").symlink_to(tmp_path)
    captured = capture(gateway.automations, LOCK)
    assert captured is not None
    assert captured.reading.problem is not None
    assert captured.fingerprint is None
    with pytest.raises(Unreadable):
        look_at(gateway.automations, LOCK)


@pytest.mark.parametrize("relative", ["../x.lock", "locks/../../x.lock", "/etc/x.lock", "locks//x.lock"])
def test_nothing_outside_is_captured(gateway: GatewayRoot, relative: str) -> None:
    with pytest.raises(Refused):
        capture(gateway.automations, relative)


def test_a_path_out_of_the_locks_names_no_lock(gateway: GatewayRoot, tmp_path: Path) -> None:
    gateway.lock(KEY, "a")
    outside = tmp_path / "outside.lock"
    outside.write_text("{}")
    (gateway.automations / "locks/inner").symlink_to(tmp_path)
    for named in (str(outside), "inner/outside.lock", "../config/x.lock", str(gateway.automations / "x.lock")):
        assert lock_path(gateway.automations, named) is None
    assert lock_path(gateway.automations, LOCK) == LOCK

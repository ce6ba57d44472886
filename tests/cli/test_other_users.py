"""Acts on files of another user, and on a file system that lacks a call, as commands: real users, real processes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.calls import Caller
from tests.cli.processes import environment, run
from tests.gateway_root import GatewayRoot
from tests.renaming import without_renameat2

GATEWAY, MEMBER, GROUP = 12345, 54321, 23456

needs_users = pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to be two users")


def as_member() -> None:
    os.setgroups([])
    os.setresgid(GROUP, GROUP, GROUP)
    os.setresuid(MEMBER, MEMBER, MEMBER)


def can_run_python(env: dict[str, str]) -> bool:
    """Return whether the member of the group can start this Python, which may be in a directory of root."""
    command = [sys.executable, "-c", "import clawtui"]
    try:
        return not subprocess.run(command, env=env, preexec_fn=as_member, check=False, capture_output=True).returncode
    except PermissionError:
        return False


@pytest.fixture
def member(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run clawtui as a member of the group."""
    for place in (tmp_path, *tmp_path.parents):
        if not place.stat().st_mode & 0o001:
            place.chmod(place.stat().st_mode | 0o011)
    own = tmp_path / "member"
    own.mkdir()
    os.chown(own, MEMBER, GROUP)
    env = environment(XDG_STATE_HOME=str(own), XDG_CONFIG_HOME=str(own), HOME=str(own))
    if not can_run_python(env):
        pytest.skip("another user cannot reach this Python")
    return lambda *arguments: run(*arguments, env=env, preexec_fn=as_member)


@needs_users
def test_a_member_of_the_group_can_use_all_commands(
    tmp_path: Path, member: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    gateway = GatewayRoot(tmp_path / "the root")
    path = gateway.automation("x")
    for place in (gateway.root, *gateway.root.rglob("*")):
        os.chown(place, GATEWAY, GROUP)
        place.chmod(0o2770 if place.is_dir() else 0o660)
    before = path.read_bytes(), path.stat()
    done = member("automation", "disable", "x", "--root", str(gateway.root))
    assert done.returncode == 3
    assert f"`sudo -u '#{GATEWAY}' clawtui automation disable x --root '{gateway.root}'` can do it." in done.stderr
    assert len(done.stderr.splitlines()) == 2
    assert (path.read_bytes(), path.stat()) == before
    done = run("--root", str(gateway.root), "automation", "disable", "x")
    assert done.returncode == 0, done.stderr
    after = path.stat()
    assert (after.st_uid, after.st_gid, after.st_mode & 0o7777) == (GATEWAY, GROUP, 0o660)
    done = run("--root", str(gateway.root), "doctor")
    assert "wrong-mode" not in done.stdout


def test_acts_report_the_weaker_guarantee_once(call: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    call.gateway.automation("x")
    assert "renameat2" not in call("automation", "disable", "x").err
    without_renameat2(monkeypatch)
    assert call("automation", "enable", "x").err.count("no renameat2, so the guarantee is weaker") == 1
    assert "renameat2" not in call("automation", "list").err

"""A lock that names the host of another root in the settings: commands say what that host says."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from clawtui.remote.command import SSH_COMMAND
from clawtui.storage.user.audit import Audit
from tests.gateway_root import GatewayRoot, iso
from tests.operations.evidence.test_processes import ended_pid
from tests.remote.other_host import OtherHost, can_rename

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not can_rename(), reason="needs a UTS namespace")]


@dataclass
class Here:
    """A root on this host, and the settings with a root on ``gw1-host``."""

    place: Path
    gateway: GatewayRoot
    lock: Path

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "clawtui", "--root", str(self.gateway.root), "lock", *words]
        environment = {
            **os.environ,
            "XDG_CONFIG_HOME": f"{self.place}/config",
            "XDG_STATE_HOME": f"{self.place}/own",
            SSH_COMMAND: shlex.quote(f"{self.place}/ssh"),
        }
        return subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=100
        )


def here(place: Path, pid: int, ssh: str | None = None) -> Here:
    gateway, there = GatewayRoot(place / "home"), GatewayRoot(place / "there")
    for each in (gateway, there):
        each.automation("r")
    lock = gateway.lock("github.com/u/r", "r", hostname="gw1-host", pid=pid, acquiredAt=iso(datetime.now(UTC)))
    renamed = 'exec unshare --uts sh -c "hostname gw1-host; exec $command"'
    OtherHost(place, there.root).script(ssh or renamed)
    settings = place / "config/clawtui/config.toml"
    settings.parent.mkdir(parents=True)
    command = shlex.join([sys.executable, "-m", "clawtui"])
    settings.write_text(f'[roots.work]\nhost = "gw1"\npath = "{there.root}"\ncommand = "{command}"\n')
    return Here(place, gateway, lock)


def test_list_and_show_have_the_verdict_of_that_host(tmp_path: Path) -> None:
    pid = ended_pid()
    root = here(tmp_path, pid)
    listed = root.run("list", "--json")
    (row,) = json.loads(listed.stdout)
    assert (row["verdict"], listed.stderr) == ("orphaned", "")
    assert row["foreignFacts"][0] == f"pid {pid} is gone"
    assert row["foreignFacts"][-1].startswith("judged on gw1-host at ")
    shown = root.run("show", "github.com/u/r")
    assert "judged on gw1-host at " in shown.stdout
    assert "orphaned" in root.run("list").stdout


def test_a_process_that_is_there_keeps_it_from_being_released(tmp_path: Path) -> None:
    root = here(tmp_path, os.getpid())
    (row,) = json.loads(root.run("list", "--json").stdout)
    assert row["verdict"] in ("live", "quiet")
    refused = root.run("release", "github.com/u/r", "--yes")
    assert refused.returncode == 3
    assert root.lock.exists()


def test_a_release_takes_the_typed_name_because_it_is_the_word_of_another_host(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = here(tmp_path, ended_pid())
    refused = root.run("release", "github.com/u/r", "--yes")
    assert (refused.returncode, "--yes --force" in refused.stderr) == (3, True), refused.stderr
    planned = json.loads(root.run("release", "github.com/u/r", "--dry-run", "--json").stdout)
    assert planned["demands"] == "--yes --force"
    released = root.run("release", "github.com/u/r", "--yes", "--force", "--no-wait")
    assert (released.returncode, root.lock.exists()) == (0, False), released.stderr
    intent = Audit(tmp_path / "own/clawtui").recent()[0]
    assert (intent.verdict, intent.consent) == ("foreign", "typed")
    assert any("judged on gw1-host at" in fact for fact in intent.facts or ())


def test_a_host_that_cannot_be_asked_is_named_and_the_lock_stays_foreign(tmp_path: Path) -> None:
    root = here(tmp_path, ended_pid(), "echo 'ssh: connect to host gw1 port 22: Connection refused' >&2; exit 255")
    listed = root.run("list", "--json")
    assert [row["verdict"] for row in json.loads(listed.stdout)] == ["foreign"]
    assert listed.returncode == 0
    assert "work could not be asked about locks of other hosts: ssh: Connection refused" in listed.stderr


def test_no_host_is_asked_without_a_foreign_lock(tmp_path: Path) -> None:
    root = here(tmp_path, ended_pid(), f"touch {tmp_path}/asked; exit 255")
    root.lock.unlink()
    assert root.run("list").returncode == 0
    assert not (tmp_path / "asked").exists()

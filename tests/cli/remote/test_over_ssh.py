"""Commands for roots on another host, over a real ``sshd`` on the loopback address."""

from __future__ import annotations

import getpass
import json
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pyjson5
import pytest

from clawtui.model.fleet import Fleet
from clawtui.remote.address import RemoteRoot
from clawtui.remote.client.source import RemoteSource
from clawtui.remote.command import SSH_COMMAND
from tests.gateway_root import GatewayRoot
from tests.hard.sshd import SSH, Server, needs_sshd, run_server
from tests.waiting import has_ended, wait_until

pytestmark = [needs_sshd, pytest.mark.slow]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    yield from run_server(tmp_path_factory.mktemp("sshd"))


@dataclass(frozen=True)
class Operator:
    """An operator on this host, with settings and an ssh configuration of their own."""

    home: Path
    gateway: GatewayRoot

    @property
    def there(self) -> str:
        """Return the command of clawtui on the other host, with its own home."""
        own = [f"XDG_CONFIG_HOME={self.home}/there/config", f"XDG_STATE_HOME={self.home}/there/state"]
        return shlex.join(["env", *own, sys.executable, "-m", "clawtui"])

    def settings(self, **roots: dict[str, object]) -> None:
        """Write the settings with these roots."""
        lines = []
        for name, root in roots.items():
            lines += [f"[roots.{name}]", *(f"{key} = {json.dumps(value)}" for key, value in root.items())]
        place = self.home / "here/config/clawtui"
        place.mkdir(parents=True, exist_ok=True)
        (place / "config.toml").write_text("\n".join(lines))

    def __call__(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run clawtui here."""
        environment = {
            "PATH": "/usr/bin:/bin",
            "HOME": str(self.home),
            "XDG_CONFIG_HOME": f"{self.home}/here/config",
            "XDG_STATE_HOME": f"{self.home}/here/state",
            SSH_COMMAND: shlex.join([str(SSH), "-F", f"{self.home}/ssh_config"]),
        }
        command = [sys.executable, "-m", "clawtui", *words]
        return subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=100
        )

    def write_ssh_config(self, server: Server) -> None:
        """Write a configuration of ssh with the host ``gw1``."""
        options = {
            "HostName": "127.0.0.1",
            "Port": server.port,
            "User": getpass.getuser(),
            "IdentityFile": server.place / "user",
            "IdentitiesOnly": "yes",
            "UserKnownHostsFile": "/dev/null",
            "StrictHostKeyChecking": "no",
            "LogLevel": "ERROR",
        }
        text = "Host gw1\n" + "".join(f"  {name} {value}\n" for name, value in options.items())
        (self.home / "ssh_config").write_text(f"{text}\nHost down\n  HostName 127.0.0.1\n  Port 1\n")


@pytest.fixture
def operator(tmp_path: Path, gateway: GatewayRoot, server: Server) -> Operator:
    operator = Operator(tmp_path, gateway)
    operator.write_ssh_config(server)
    gateway.automation("sync-main", "sync")
    operator.settings(work={"host": "gw1", "path": str(gateway.root), "command": operator.there})
    return operator


def test_a_command_prints_the_same_as_there(operator: Operator) -> None:
    local = operator("--root", str(operator.gateway.root), "automation", "list", "--json")
    remote = operator("--root", "work", "automation", "list", "--json")
    assert (remote.returncode, remote.stderr) == (0, "")
    assert json.loads(remote.stdout) == json.loads(local.stdout)


def test_an_act_is_done_there_and_its_status_is_passed_on(operator: Operator) -> None:
    done = operator("automation", "disable", "sync-main", "--root", "work")
    assert (done.returncode, done.stderr) == (0, "clawtui: sync-main is disabled\n")
    config = next(operator.gateway.automations.glob("config/*/sync-main.json"))
    assert pyjson5.decode(config.read_text())["enabled"] is False
    missing = operator("--root", "work", "automation", "show", "nothing")
    assert missing.returncode == 5
    assert "nothing" in missing.stderr


def test_read_only_holds_there_too(operator: Operator) -> None:
    refused = operator("--read-only", "--root", "work", "automation", "disable", "sync-main")
    assert refused.returncode == 3
    assert "nothing is changed" in refused.stderr
    root = {"host": "gw1", "path": str(operator.gateway.root), "command": operator.there, "read-only": True}
    operator.settings(work=root)
    refused = operator("--root", "work", "automation", "disable", "sync-main")
    assert refused.returncode == 3
    config = next(operator.gateway.automations.glob("config/*/sync-main.json"))
    assert pyjson5.decode(config.read_text())["enabled"] is True


def test_the_output_of_a_shell_s_start_is_not_part_of_the_answer(operator: Operator) -> None:
    noisy = f"echo Welcome; echo '{{\"not\": \"ours\"}}'; printf 'no newline'; {operator.there}"
    operator.settings(work={"host": "gw1", "path": str(operator.gateway.root), "command": noisy})
    listed = operator("--root", "work", "automation", "list", "--json")
    assert [each["id"] for each in json.loads(listed.stdout)] == ["sync-main"]


def test_an_unusable_host_is_an_error_with_a_hint(operator: Operator) -> None:
    operator.settings(work={"host": "gw1", "command": "/nowhere/clawtui"}, gone={"host": "down"})
    missing = operator("--root", "work", "status")
    assert missing.returncode == 5
    assert "there is no clawtui on work" in missing.stderr
    assert "[roots.work] command" in missing.stderr
    down = operator("--root", "gone", "status")
    assert down.returncode == 1
    assert "gone cannot be reached" in down.stderr


def test_a_connection_that_breaks_in_the_middle_leaves_the_outcome_unknown(operator: Operator) -> None:
    cut = f'{operator.there} "$@"; kill -9 $PPID; :'
    script = operator.home / "cut"
    script.write_text(f"#!/bin/sh\n{cut}\n")
    script.chmod(0o700)
    operator.settings(work={"host": "gw1", "path": str(operator.gateway.root), "command": str(script)})
    broken = operator("--root", "work", "automation", "disable", "sync-main")
    assert broken.returncode == 1
    assert "whether the command was carried out is unknown" in broken.stderr


def test_one_command_for_all_roots_gives_one_list_with_the_root_in_each_entry(operator: Operator) -> None:
    path = str(operator.gateway.root)
    operator.settings(
        home={"path": path}, work={"host": "gw1", "path": path, "command": operator.there}, gone={"host": "down"}
    )
    operator.gateway.lock("github.com/user/r", "sync-main")
    locks = operator("--all", "lock", "list", "--json")
    assert [(each["root"], each["repoKey"]) for each in json.loads(locks.stdout)] == [
        ("home", "github.com/user/r"),
        ("work", "github.com/user/r"),
    ]
    assert (locks.returncode, "gone cannot be reached" in locks.stderr) == (1, True)
    listed = operator("--all", "automation", "list", "--json")
    assert [(each["root"], each["id"]) for each in json.loads(listed.stdout)] == [
        ("home", "sync-main"),
        ("work", "sync-main"),
    ]
    assert listed.returncode == 1
    assert "gone: " in listed.stderr
    roots = json.loads(operator("--all", "status", "--json").stdout)["roots"]
    assert [root["root"] for root in roots] == ["home", "work", "gone"]
    assert "cannot be reached" in roots[2]["error"]
    text = operator("--all", "automation", "list").stdout
    assert text.index("== home") < text.index("== work")


def test_a_dashboard_here_follows_the_root_there_and_leaves_nothing(operator: Operator, server: Server) -> None:
    environment = {SSH_COMMAND: shlex.join([str(SSH), "-F", f"{operator.home}/ssh_config"])}
    root = RemoteRoot("gw1", None, str(operator.gateway.root), operator.there, "work")
    fleets: list[Fleet] = []
    source = RemoteSource(root, lambda: datetime.now(UTC), environment=environment)
    source.start(fleets.append)
    try:
        wait_until(lambda: fleets and fleets[-1].loaded, 60, "the fleet")
        operator.gateway.automation("another")
        wait_until(lambda: "config/smart-sync-fork/another.json" in fleets[-1].automations, 60, "the change")
        connection = fleets[-1].connection
        assert connection is not None
        assert (connection.state, connection.clock_difference) == ("connected", timedelta(0))
        agents = agents_of(server)
        assert agents
        before = sorted(operator.home.rglob("*"))
    finally:
        source.stop()
    wait_until(lambda: all(has_ended(agent) for agent in agents), 60, "the end")
    assert sorted(operator.home.rglob("*")) == before
    assert not source.place.exists()


def agents_of(server: Server) -> list[psutil.Process]:
    children = psutil.Process(server.process.pid).children(recursive=True)
    return [child for child in children if "agent" in child.cmdline()]


def test_commands_for_this_host_alone_are_refused(operator: Operator) -> None:
    for words in (["automation", "edit", "sync-main"], ["lock", "run", "key", "--", "true"], ["import", "x"]):
        refused = operator("--root", "work", *words)
        assert refused.returncode == 3, refused
        assert "cannot be run on another host" in refused.stderr

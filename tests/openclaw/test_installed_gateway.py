"""A gateway that is really installed: what is shown of it while a job runs, and after it was killed in mid-run.

It runs where ``$OPENCLAW`` is the command of an installed ``openclaw``, and needs no model and no network.
"""

from __future__ import annotations

import json
import os
import shlex
import signal
import socket
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from clawtui.cli.main import main
from tests.waiting import wait_until

OPENCLAW = shlex.split(os.environ.get("OPENCLAW", ""))
TOKEN = "for-this-test-alone"

pytestmark = pytest.mark.skipif(not OPENCLAW, reason="$OPENCLAW does not name an installed gateway")


class Installed:
    """The gateway on a free port of this host, with a state directory and a home of its own."""

    def __init__(self, directory: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.root = directory / "state"
        self._env = os.environ | {
            "HOME": str(directory),
            "OPENCLAW_STATE_DIR": str(self.root),
            "OPENCLAW_GATEWAY_TOKEN": TOKEN,
            "OPENCLAW_GATEWAY_PORT": str(self.port),
        }
        options = ["--port", str(self.port), "--bind", "loopback", "--auth", "token", "--allow-unconfigured"]
        with (directory / "gateway.log").open("wb") as log:
            command = [*OPENCLAW, "gateway", *options]
            self.process = subprocess.Popen(command, env=self._env, stdout=log, stderr=log, start_new_session=True)

    def answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def call(self, *words: str) -> Any:
        """The answer of one of its own commands, which is JSON after what else it prints."""
        run = subprocess.run([*OPENCLAW, *words], env=self._env, capture_output=True, text=True, timeout=120)
        assert run.returncode == 0, run.stdout + run.stderr
        return json.loads(run.stdout[run.stdout.index("{") :])

    def add(self, name: str, command: str) -> str:
        job = self.call("automations", "add", "--name", name, "--every", "1h", "--command", command, "--json")
        return str(job["id"])

    def end(self) -> None:
        """Kill it with all that it has started, unless that was done."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installed]:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "own"))
    gateway = Installed(tmp_path)
    try:
        wait_until(gateway.answers, 120, "the gateway")
        yield gateway
    finally:
        gateway.end()


def shown(gateway: Installed, *words: str, statuses: Sequence[int] = (0,)) -> Any:
    result = CliRunner().invoke(main, ["--root", str(gateway.root), *words, "--json"])
    assert result.exit_code in statuses, result.output
    return json.loads(result.stdout)


def newest_run(gateway: Installed, job: str) -> str | None:
    """The status of the newest run."""
    runs = shown(gateway, "run", "list", job)
    return runs[0]["status"] if runs else None


@pytest.mark.slow
def test_a_run_is_shown_with_its_owner_alive_and_dead_once_the_gateway_was_killed(installed: Installed) -> None:
    quick, slow = installed.add("quick", "echo done"), installed.add("slow", "sleep 600")
    installed.call("automations", "run", quick)
    wait_until(lambda: newest_run(installed, quick) == "success", 60, "the end of the quick run")
    installed.call("automations", "run", slow)
    wait_until(lambda: newest_run(installed, slow) == "running", 60, "the slow run")
    held = shown(installed, "lock", "list")
    assert {row["verdict"] for row in held} == {"live"}, held
    codes = {finding["code"] for finding in shown(installed, "doctor", statuses=(0, 1))["findings"]}
    assert not codes & {"run-owner-dead", "gateway-down", "lock-orphaned"}

    installed.end()
    held = shown(installed, "lock", "list")
    assert {row["verdict"] for row in held} == {"orphaned"}, held
    findings = shown(installed, "doctor", statuses=(1,))["findings"]
    assert "run-owner-dead" in {finding["code"] for finding in findings}, findings
    assert newest_run(installed, quick) == "success"

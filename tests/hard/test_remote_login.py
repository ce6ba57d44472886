"""Over a real ``sshd``: a login by hand carries the connection of a dashboard, and an act is recorded with it."""

from __future__ import annotations

import getpass
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from clawtui.model.fleet import Fleet
from clawtui.remote.address import RemoteRoot
from clawtui.remote.client.source import RemoteSource
from clawtui.remote.command import SSH_COMMAND
from clawtui.remote.sources import acts_over
from clawtui.storage.user.audit import Audit
from tests.gateway_root import GatewayRoot
from tests.hard.sshd import SSH, Server, needs_sshd, run_server
from tests.remote.other_host import QUICK
from tests.waiting import wait_until

pytestmark = needs_sshd


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    yield from run_server(tmp_path)


def masters(server: Server) -> list[psutil.Process]:
    port = str(server.port)
    return [each for each in psutil.process_iter(["cmdline"]) if {"-M", port} <= set(each.info["cmdline"] or ())]


def test_a_login_by_hand_carries_the_connection_and_an_act_is_recorded_with_it(
    server: Server, gateway: GatewayRoot, tmp_path: Path
) -> None:
    gateway.dispatcher()
    lock = gateway.lock("github.com/user/r", "r", pid=2**22 + 1)
    (tmp_path / "login").mkdir()
    options = ("IdentitiesOnly=yes", "IdentityAgent=none", "UserKnownHostsFile=/dev/null", "StrictHostKeyChecking=no")
    without_key = [str(SSH), "-F", "none", *(part for option in options for part in ("-o", option))]
    own_state = tmp_path / "state"
    command = shlex.join(["env", f"XDG_STATE_HOME={own_state}", sys.executable, "-m", "clawtui"])
    root = RemoteRoot(f"{getpass.getuser()}@127.0.0.1", server.port, str(gateway.root), command, "work")
    fleets: list[Fleet] = []
    environment = {**os.environ, SSH_COMMAND: shlex.join(without_key)}
    source = RemoteSource(root, lambda: datetime.now(UTC), timing=QUICK, environment=environment)
    source.start(fleets.append)
    try:
        wait_until(lambda: fleets and "Permission denied" in str(fleets[-1].problems), 60, "the refusal")
        assert "“Log in with ssh” in the palette lets it" in str(fleets[-1].problems)
        ask = source.login.ask()
        assert ask[: len(without_key)] == without_key
        subprocess.run([*without_key, "-i", server.place / "user", *ask[len(without_key) :]], check=True, timeout=60)
        assert len(masters(server)) == 1
        source.rescan()
        wait_until(lambda: fleets[-1].loaded and fleets[-1].locks, 60, "the root")

        acts = acts_over(source)
        report = acts.look_at_lock("locks/github.com-user-r.lock", fleets[-1], datetime.now(UTC)).report
        assert report is not None
        acts.release_lock(report, lambda text: None)
        assert not lock.exists()
        actor = Audit(own_state / "clawtui").recent()[0].actor
        assert actor is not None
        assert (actor.connection or "").endswith(f"127.0.0.1 {server.port}")
        assert actor.asked_by == f"{getpass.getuser()} on {os.uname().nodename}"
    finally:
        source.stop()
    wait_until(lambda: not masters(server), 60, "the end of the shared connection")

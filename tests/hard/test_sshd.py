"""Over a real ``sshd`` on the loopback address: a connection that is cut ends the dashboard, and leaves nothing."""

from __future__ import annotations

import getpass
import os
import shlex
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from tests.gateway_root import GatewayRoot
from tests.hard.terminals import DASHBOARD, WITHIN, HardTerminal, assert_left_as_it_was
from tests.waiting import wait_until

SSHD = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
SSH = shutil.which("ssh")

pytestmark = pytest.mark.skipif(not (SSHD and SSH and shutil.which("ssh-keygen")), reason="there is no sshd here")

_PRIVATE_RUN = 'mount -t tmpfs tmpfs /run && mkdir /run/sshd && exec "$@"'
"""What root's sshd wants to have; nobody else sees it."""


@dataclass(frozen=True)
class Server:
    """An sshd of this test alone, with keys of its own."""

    place: Path
    port: int
    process: subprocess.Popen[bytes]

    def connect(self, root: Path) -> HardTerminal:
        """A terminal with ``ssh`` in it, and the dashboard at its other end."""
        own = [f"XDG_STATE_HOME={root.parent}/own-state", f"XDG_CONFIG_HOME={root.parent}/own-config"]
        remote = ["cd", str(Path.cwd()), "&&", "exec", "env", *own, *DASHBOARD, "--root", str(root)]
        line = " ".join(word if word == "&&" else shlex.quote(word) for word in remote)
        known = ["UserKnownHostsFile=/dev/null", "StrictHostKeyChecking=no", "IdentitiesOnly=yes", "LogLevel=ERROR"]
        options = [part for option in known for part in ("-o", option)]
        to = ["-F", "none", "-i", str(self.place / "user"), "-p", str(self.port), f"{getpass.getuser()}@127.0.0.1"]
        return HardTerminal([str(SSH), "-tt", *options, *to, line])

    def dashboards(self) -> list[psutil.Process]:
        """Return the dashboards that were started over a connection and still run, without their guard processes."""
        found = []
        for child in psutil.Process(self.process.pid).children(recursive=True):
            try:
                parent = child.parent()
                is_guard = parent is not None and "clawtui" in parent.cmdline()
                if "clawtui" in child.cmdline() and not is_guard and child.status() != psutil.STATUS_ZOMBIE:
                    found.append(child)
            except psutil.NoSuchProcess:
                continue
        return found


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    place = tmp_path_factory.mktemp("sshd")
    for name in ("host", "user"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", place / name], check=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        "ListenAddress": f"127.0.0.1:{port}",
        "HostKey": place / "host",
        "AuthorizedKeysFile": place / "user.pub",
        "PidFile": "none",
        "UsePAM": "no",
        "StrictModes": "no",
        "PasswordAuthentication": "no",
        "PermitRootLogin": "prohibit-password",
        "AcceptEnv": "LC_*",
    }
    (place / "config").write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
    apart = ["unshare", "-m", "sh", "-c", _PRIVATE_RUN, "sh"] if os.geteuid() == 0 else []
    process = subprocess.Popen([*apart, str(SSHD), "-D", "-e", "-f", place / "config"], stderr=subprocess.PIPE)
    try:
        wait_until(lambda: answers(port) or process.poll() is not None, what="the server")
        if process.poll() is not None:
            assert process.stderr is not None
            pytest.skip(f"sshd does not run here: {process.stderr.read().decode()[-300:]}")
        yield Server(place, port, process)
    finally:
        process.kill()
        process.communicate()


def answers(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def test_a_connection_that_is_cut_ends_the_dashboard_and_leaves_no_process(server: Server, some: GatewayRoot) -> None:
    with server.connect(some.root) as terminal:
        terminal.wait_for("Sync Main")
        (dashboard,) = server.dashboards()
        session = os.getsid(dashboard.pid)
        began = time.monotonic()
        terminal.signal(signal.SIGKILL)  # the client is gone without a word, and its end of the connection with it
        wait_until(lambda: not dashboard.is_running() or dashboard.status() == psutil.STATUS_ZOMBIE, WITHIN, "the end")
        print(f"a cut connection ended it after {time.monotonic() - began:.2f} s")
    wait_until(lambda: processes_of(session) == [], WITHIN, "the end of all that it started")
    assert server.dashboards() == []


def test_over_a_connection_it_can_be_used_and_is_left_as_anywhere(server: Server, some: GatewayRoot) -> None:
    with server.connect(some.root) as terminal:
        terminal.wait_for("Sync Main")
        some.automation("sync-main", name="Sync Renamed")
        terminal.wait_for("Sync Renamed")
        terminal.resize(100, 30)
        terminal.wait_for(lambda rows: len(rows) == 30 and rows[0].rstrip().endswith("watching"))
        terminal.press("q")
        assert terminal.wait_exit(WITHIN) == 0
        wait_until(lambda: server.dashboards() == [], WITHIN)
        assert_left_as_it_was(terminal)


def test_a_terminal_that_is_closed_at_the_operator_s_end_ends_it(server: Server, some: GatewayRoot) -> None:
    with server.connect(some.root) as terminal:
        terminal.wait_for("Sync Main")
        terminal.hang_up()
        wait_until(lambda: server.dashboards() == [], WITHIN, "the end")


def processes_of(session: int) -> list[int]:
    found = []
    for process in psutil.process_iter():
        try:
            if os.getsid(process.pid) == session and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process.pid)
        except (ProcessLookupError, psutil.NoSuchProcess):
            continue
    return found

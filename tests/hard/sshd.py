"""A real ``sshd`` on the loopback address, with keys of its own."""

from __future__ import annotations

import getpass
import os
import shlex
import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from tests.hard.terminals import DASHBOARD, HardTerminal
from tests.waiting import wait_until

SSHD = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
SSH = shutil.which("ssh")

needs_sshd = pytest.mark.skipif(not (SSHD and SSH and shutil.which("ssh-keygen")), reason="there is no sshd here")

_PRIVATE_RUN = 'mount -t tmpfs tmpfs /run && mkdir /run/sshd && exec "$@"'
"""Command that makes the privilege separation directory of root's sshd, in a mount that only sshd sees."""


@dataclass(frozen=True)
class Server:
    """An sshd for one test, with keys of its own."""

    place: Path
    port: int
    process: subprocess.Popen[bytes]

    def connect(self, root: Path) -> HardTerminal:
        """Return a terminal with ``ssh`` in it, and the dashboard at its other end."""
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


def run_server(place: Path) -> Iterator[Server]:
    """Run a server with its files in ``place`` until the generator is closed; skip the test where none can run."""
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

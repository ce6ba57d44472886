"""B12: from the gateway's ``rename()`` to the bytes on the terminal, over ssh to this host; and what the agent costs.

The sshd is started for it, with keys of its own. The delay is put between ssh and that sshd.
"""

from __future__ import annotations

import getpass
import os
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import psutil

from clawtui.remote.command import SSH_COMMAND
from tests.bench.b3_latency import updates
from tests.bench.b9_load import load
from tests.bench.cost import cpu_seconds, memory
from tests.bench.effort import times
from tests.bench.figure import Figure
from tests.bench.probe import Probe
from tests.bench.programs import clawtui
from tests.bench.roots import BenchRoot, bench_root, name
from tests.bench.summary import median, percentile
from tests.hard.sshd import SSH, SSHD, Server, run_server

AUTOMATIONS = 20
DELAY = 0.05
"""Seconds in each direction."""
WINDOW = 20.0
LINES, UPDATES = 10, 1
"""A second, for each of three runs."""


_FIRST = 3
"""Round trips that are not counted: they wait for the login."""


class Cost(NamedTuple):
    """What an agent has used so far."""

    cpu: float
    sent: int


def measure() -> Iterator[Figure]:
    """Measure with the loopback address alone, then with the delay; nothing where there is no sshd."""
    if not (SSH and SSHD):
        print("B12: there is no sshd here", file=sys.stderr)
        return
    with tempfile.TemporaryDirectory() as place, contextmanager(run_server)(Path(place)) as server:
        for delay in (0.0, DELAY):
            where = f"with {2000 * delay:g} ms of delay" if delay else "over loopback ssh"
            ssh = _ssh(server, delay)
            trip = 1000 * median(list(_round_trips(ssh, times(30))))
            with bench_root() as root:
                root.furnish(AUTOMATIONS)
                with _dashboard(root, ssh) as probe:
                    probe.until(name(0).encode(), since=0)
                    if not delay:
                        yield from _at_rest(probe, server)
            with bench_root() as root:
                root.furnish(AUTOMATIONS, running=3)
                with _dashboard(root, ssh) as probe:
                    probe.until(b"Merging", since=0)
                    probe.settle()
                    with load(root, runs=[1], lines=LINES, updates=UPDATES):
                        taken = tuple(1000 * each for each in updates(root, probe, times(45), pause=(0.2, 0.7)))
                    yield Figure("B12", f"rename to bytes {where}, p50", median(taken), "ms", None, trip, "ssh", taken)
                    yield Figure("B12", "… beyond a round trip of ssh, p50", median(taken) - trip, "ms", 15)
                    yield Figure("B12", f"… {where}, p95", percentile(taken, 95), "ms")
                    if not delay:
                        yield from _busy(probe, root, server)


def _at_rest(probe: Probe, server: Server) -> Iterator[Figure]:
    probe.read_for(WINDOW)
    agent = _agent(server)
    yield Figure("B12", "agent at rest: its own memory", memory(agent.pid), "MB")
    yield Figure("B12", "agent at rest: PSS", agent.memory_full_info().pss / (1 << 20), "MB")
    before = _cost(agent)
    probe.read_for(WINDOW)
    after = _cost(agent)
    yield Figure("B12", "agent at rest: CPU", 100 * (after.cpu - before.cpu) / WINDOW, "%", 0.6)
    yield Figure("B12", "agent at rest: sent", (after.sent - before.sent) / WINDOW, "B/s")


def _busy(probe: Probe, root: BenchRoot, server: Server) -> Iterator[Figure]:
    agent = _agent(server)
    with load(root, lines=LINES, updates=UPDATES):
        probe.read_for(2.0)
        before = _cost(agent)
        probe.read_for(WINDOW)
        after = _cost(agent)
    what = f"agent, three runs with {LINES} lines/s and {UPDATES} update/s each"
    yield Figure("B12", f"{what}: CPU", 100 * (after.cpu - before.cpu) / WINDOW, "%")
    yield Figure("B12", f"{what}: sent", (after.sent - before.sent) / WINDOW, "B/s")


def _cost(agent: psutil.Process) -> Cost:
    return Cost(cpu_seconds(agent.pid), agent.io_counters().write_chars)


def _agent(server: Server) -> psutil.Process:
    found = psutil.Process(server.process.pid).children(recursive=True)
    return next(each for each in found if {"-m", "clawtui", "agent"} <= set(each.cmdline()))


def _round_trips(ssh: str, count: int) -> Iterator[float]:
    """Yield the seconds that a byte takes to ``cat`` there and back, on a connection that stays open."""
    command = [*shlex.split(ssh), "-T", "there", "cat"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        for number in range(count + _FIRST):
            began = time.monotonic()
            child.stdin.write(b"x")
            child.stdout.read(1)
            if number >= _FIRST:
                yield time.monotonic() - began
            time.sleep(0.1)
        child.stdin.close()


def _ssh(server: Server, delay: float) -> str:
    """Return the command for ssh that reaches the server as the host ``there``."""
    options = {
        "HostName": "127.0.0.1",
        "User": getpass.getuser(),
        "IdentitiesOnly": "yes",
        "UserKnownHostsFile": "/dev/null",
        "StrictHostKeyChecking": "no",
        "LogLevel": "ERROR",
    }
    if delay:
        proxy = [sys.executable, str(Path(__file__).with_name("delayed.py")), "%h", "%p", str(delay)]
        options["ProxyCommand"] = shlex.join(proxy)
    words = [str(SSH), "-F", "none", "-i", str(server.place / "user"), "-p", str(server.port)]
    return shlex.join([*words, *(part for key, value in options.items() for part in ("-o", f"{key}={value}"))])


@contextmanager
def _dashboard(root: BenchRoot, ssh: str) -> Iterator[Probe]:
    command = shlex.join(["env", f"XDG_STATE_HOME={root.home}/there", sys.executable, "-m", "clawtui"])
    settings = root.home / "config" / "clawtui" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(f"[roots.there]\nhost = 'there'\npath = '{root.root}'\ncommand = '{command}'\n")
    os.environ[SSH_COMMAND] = ssh
    try:
        with Probe(clawtui("--root", "there"), home=root.home) as probe:
            yield probe
    finally:
        del os.environ[SSH_COMMAND]

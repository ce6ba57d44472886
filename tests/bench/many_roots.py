"""Many roots in one list, each with an agent of its own: 1, 5, 20 and 50 agents that ``ssh`` would start elsewhere.

They run on this host, because the command for ssh is a script that runs the command here. The CPU time of the
dashboard is its own, without that of the agents.
"""

from __future__ import annotations

import os
import shlex
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil

from clawtui.remote.command import SSH_COMMAND
from clawtui.tui.terminal.glyphs import CURSOR
from tests.bench.cost import cpu_seconds, memory
from tests.bench.decoded import Row
from tests.bench.effort import quick, times
from tests.bench.figure import Figure
from tests.bench.probe import Probe
from tests.bench.programs import clawtui
from tests.bench.roots import bench_root
from tests.bench.summary import median

SIZES = (1, 5, 20, 50)
QUICK_SIZES = (1, 5, 20)
AUTOMATIONS = 5
"""In each root; nothing runs, and they count down."""
DEADLINE = 300.0
REST = 20.0
WINDOW = 20.0


def measure() -> Iterator[Figure]:
    """Measure each figure at each number of roots, and compare it with that of one root."""
    one: dict[str, float] = {}
    for size in QUICK_SIZES if quick() else SIZES:
        for what, unit, value in _at(size):
            first = one.setdefault(what, value)
            beside = None if size == SIZES[0] else first
            yield Figure("roots", f"{what}, {size} roots", value, unit, None, beside, "with 1")


def _at(size: int) -> Iterator[tuple[str, str, float]]:
    with list_of(size) as probe:
        yield "first paint", "s", probe.until(b"All roots", since=0) - probe.started
        title = Row(probe, 2)
        probe.until(lambda _: title.says(f"1/{AUTOMATIONS * size}"), DEADLINE, since=0)
        yield "all rows", "s", time.monotonic() - probe.started
        yield "CPU until then", "s", cpu_seconds(probe.pid)
        probe.read_for(REST)
        yield "memory", "MB", memory(probe.pid)
        agents = _agents(probe.pid)
        yield "memory of an agent", "MB", median([memory(agent.pid) for agent in agents])
        ours, theirs, mark = cpu_seconds(probe.pid), sum(cpu_seconds(each.pid) for each in agents), probe.mark
        probe.read_for(WINDOW)
        yield "idle CPU", "%", 100 * (cpu_seconds(probe.pid) - ours) / WINDOW
        yield "idle CPU of an agent", "%", 100 * (sum(cpu_seconds(a.pid) for a in agents) - theirs) / WINDOW / size
        yield "bytes to the terminal at rest", "B/s", sum(len(chunk.data) for chunk in probe.since(mark)) / WINDOW
        samples = list(_keys(probe, times(30)))
        yield "a row down to echo", "ms", 1000 * median([wall for wall, _ in samples])
        yield "CPU of a row down", "ms", 1000 * median([cpu for _, cpu in samples])


@contextmanager
def list_of(size: int) -> Iterator[Probe]:
    """Yield the list of so many roots."""
    with ExitStack() as cleanup:
        roots = [cleanup.enter_context(bench_root()) for _ in range(size)]
        for root in roots:
            root.furnish(AUTOMATIONS)
        home = roots[0].home
        ssh = home / "ssh"
        ssh.write_text('#!/bin/sh\nfor command; do :; done\nexec sh -c "exec $command"\n')
        ssh.chmod(0o700)
        command = shlex.join([sys.executable, "-m", "clawtui"])
        _write_settings(home, {f"root-{at:02}": (root.root, command) for at, root in enumerate(roots)})
        os.environ[SSH_COMMAND] = shlex.quote(str(ssh))
        cleanup.callback(os.environ.pop, SSH_COMMAND)
        yield cleanup.enter_context(Probe(clawtui("--all"), cols=200, rows=60, home=home))


def _write_settings(home: Path, roots: dict[str, tuple[Path, str]]) -> None:
    lines = [
        f"[roots.{name}]\nhost = 'host-of-{name}'\npath = '{path}'\ncommand = '{command}'\n"
        for name, (path, command) in roots.items()
    ]
    settings = home / "config" / "clawtui" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text("".join(lines))


def _agents(pid: int) -> list[psutil.Process]:
    return [each for each in psutil.Process(pid).children(recursive=True) if "agent" in each.cmdline()]


def _keys(probe: Probe, count: int) -> Iterator[tuple[float, float]]:
    """Yield the seconds from each key until the cursor is on another row, and the CPU seconds of the dashboard."""
    for number in range(count):
        mark, before = probe.mark, cpu_seconds(probe.pid)
        pressed = probe.send("j" if number % 2 == 0 else "k")
        echoed = probe.until(CURSOR.encode(), since=mark)
        yield echoed - pressed, cpu_seconds(probe.pid) - before
        probe.read_for(0.2)

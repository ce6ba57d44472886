"""The first change that is shown after the dashboard was stopped while thousands of workspaces appeared."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import psutil

from tests.bench.cost import wait_until_loaded
from tests.bench.effort import quick
from tests.bench.figure import Figure
from tests.bench.probe import Probe
from tests.bench.programs import dashboard
from tests.bench.roots import BenchRoot, bench_root, name
from tests.bench.summary import median
from tests.waiting import wait_until

AUTOMATIONS = 20
WORKSPACES = 20_000
"""More than the kernel keeps events for, so that some of them are lost."""
ROUNDS = 3


def measure() -> Iterator[Figure]:
    """Measure from the moment that it runs again until the new name of an automation is on the terminal."""
    samples = [_first_change() for _ in range(1 if quick() else ROUNDS)]
    what = f"a new name is shown after {WORKSPACES:,} workspaces appeared while it was stopped"
    yield Figure("stopped", what, median(samples), "s", bound=2, samples=tuple(samples))


def _first_change() -> float:
    with bench_root() as root:
        root.furnish(AUTOMATIONS)
        with dashboard(root, rows=60) as probe:
            probe.until(name(0).encode(), since=0)
            wait_until_loaded(probe)
            _stop(probe)
            _add_workspaces(root)
            root.automation(name(0), name="Ω after the stop")
            mark, process = probe.mark, psutil.Process(probe.pid)
            began = probe.send("")
            process.send_signal(signal.SIGCONT)
            return probe.until("Ω".encode(), since=mark) - began


def _stop(probe: Probe) -> None:
    os.kill(probe.pid, signal.SIGSTOP)
    process = psutil.Process(probe.pid)
    wait_until(lambda: process.status() == psutil.STATUS_STOPPED, what="the stop")


def _add_workspaces(root: BenchRoot) -> None:
    """Make the workspaces of one state, which is linked: that is fast."""
    state = root.state("new", status="completed")
    for number in range(WORKSPACES):
        workspace = root.automations / f"workspaces/new-{number}"
        workspace.mkdir()
        (workspace / state.name).hardlink_to(state)

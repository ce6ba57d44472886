"""The resources that a process uses, as the kernel counts them."""

from __future__ import annotations

import os
import resource
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil

from tests.bench.probe import Probe

_MEBIBYTE = 1 << 20
_CPU_TIME = 2
"""The clock of a process that counts its CPU time (clock_getcpuclockid)."""


def cpu_seconds(pid: int) -> float:
    """Return the CPU time of the process, with threads that have ended, to the nanosecond where Linux reports it."""
    try:
        return time.clock_gettime(~pid << 3 | _CPU_TIME)
    except OSError:
        times = psutil.Process(pid).cpu_times()
        return float(times.user + times.system)


def memory(pid: int) -> float:
    """Return the MB that only this process uses: what would be free without it."""
    return float(psutil.Process(pid).memory_full_info().uss) / _MEBIBYTE


def watches(pid: int) -> list[int]:
    """Return the inode of each inotify watch of the process."""
    inodes = []
    for info in Path(f"/proc/{pid}/fdinfo").iterdir():
        try:
            lines = info.read_text().splitlines()
        except OSError:
            continue
        inodes += [int(line.split("ino:")[1].split()[0], 16) for line in lines if line.startswith("inotify")]
    return inodes


def run_cost(command: Sequence[str | Path], env: Mapping[str, str] | None = None) -> tuple[float, float]:
    """Return the wall and CPU seconds of a command from its start to its end; its output is discarded."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    subprocess.run(list(map(str, command)), stdout=subprocess.DEVNULL, check=True, env={**os.environ, **(env or {})})
    wall = time.monotonic() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def wait_until_loaded(probe: Probe) -> None:
    """Wait until no more bytes come and nothing more is read."""
    before = -1.0
    while (now := cpu_seconds(probe.pid)) - before > 0.1:
        before = now
        probe.read_for(2.0)

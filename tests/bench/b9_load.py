"""B9: how the keys answer while three runs write as fast as they can."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from clawtui.tui.terminal.glyphs import CURSOR
from tests.bench.cost import cpu_seconds
from tests.bench.effort import times
from tests.bench.figure import Figure
from tests.bench.probe import Probe
from tests.bench.programs import dashboard
from tests.bench.roots import BenchRoot, bench_root, name
from tests.bench.summary import median, percentile

AUTOMATIONS = 20
RUNS = 3
LINES, UPDATES = 200, 20
"""A second, for each run."""


def measure() -> Iterator[Figure]:
    """Measure the time from key to echo with the load and without, and what the load costs and sends."""
    with bench_root() as root:
        root.furnish(AUTOMATIONS, running=RUNS)
        with dashboard(root) as probe:
            probe.until(name(0).encode(), since=0)
            probe.settle()
            calm = echoes(probe, times(45))
            with load(root):
                probe.read_for(1.0)
                before, mark, began = cpu_seconds(probe.pid), probe.mark, probe.send(b"")
                busy = echoes(probe, times(90))
                took = probe.send(b"") - began
                cpu = (cpu_seconds(probe.pid) - before) / took
                sent = sum(len(chunk.data) for chunk in probe.since(mark)) / took
    milliseconds = tuple(1000 * sample for sample in busy)
    what = f"{RUNS} runs, each {LINES} log lines/s and {UPDATES} updates/s"
    calmly = 1000 * percentile(calm, 95)
    yield Figure("B9", f"key to echo, {what}, p95", percentile(milliseconds, 95), "ms", 20, calmly, "at rest")
    yield Figure("B9", "… p50", median(milliseconds), "ms", None, 1000 * median(calm), "at rest", milliseconds)
    yield Figure("B9", "… CPU of a core", 100 * cpu, "%")
    yield Figure("B9", "… bytes to the terminal", sent / 1000, "kB/s")


def echoes(probe: Probe, count: int) -> list[float]:
    """Return the seconds from each of ``count`` keys until the table's cursor is on another row."""
    samples = []
    for number in range(count):
        mark = probe.mark
        pressed = probe.send("j" if number % 2 == 0 else "k")
        samples.append(probe.until(CURSOR.encode(), since=mark) - pressed)
        probe.read_for(0.12 + 0.01 * (number % 7))
    return samples


@contextmanager
def load(
    root: BenchRoot, runs: Sequence[int] = range(RUNS), lines: int = LINES, updates: int = UPDATES
) -> Iterator[None]:
    """Have each of ``runs`` write so many lines and updates a second, in a process of its own."""
    arguments = [str(root.home), str(lines), str(updates)]
    writers = [
        subprocess.Popen([sys.executable, "-m", "tests.bench.writer", name(number), *arguments]) for number in runs
    ]
    try:
        yield
    finally:
        for writer in writers:
            writer.terminate()
            writer.wait()

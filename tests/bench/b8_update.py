"""B8: what one progress update costs: bytes, and CPU by the size of the fleet."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.b3_latency import LETTERS
from tests.bench.cost import cpu_seconds, wait_until_loaded
from tests.bench.effort import times
from tests.bench.figure import Figure
from tests.bench.probe import Probe
from tests.bench.programs import baseline, dashboard
from tests.bench.roots import BenchRoot, bench_root, name
from tests.bench.summary import median

SMALL, LARGE, LOCKS = 10, 10_000, 500
PAUSE = 0.25
"""Seconds between two updates, so that each is one of its own."""
UPDATES = 20
"""In one sample of CPU: a single update is shorter than a tick of the CPU clock."""


def measure() -> Iterator[Figure]:
    """Compare the bytes with those of a DataTable whose cell changes, and the CPU of a large and a small fleet."""
    with bench_root() as small, bench_root() as large:
        small.furnish(SMALL, running=1)
        large.furnish(LARGE, running=1, locks=LOCKS)
        with dashboard(small) as few, dashboard(large) as many:
            for probe in (few, many):
                probe.until(b"Merging", since=0)
                wait_until_loaded(probe)
            for root, probe in ((small, few), (large, many)):
                sent_by_updates(root, probe, 5)
            sent = sent_by_updates(large, many, times(12), first=5)
            few_cpu, many_cpu = [], []
            for turn in range(times(6)):
                few_cpu.append(cpu_of_updates(small, few, turn))
                many_cpu.append(cpu_of_updates(large, many, turn))
        table = _data_table(small, times(12))
    yield Figure("B8", "one update: bytes to the terminal", median(sent), "B", 2048, table, "DataTable", tuple(sent))
    milliseconds = tuple(1000 * sample for sample in many_cpu)
    yield Figure(
        "B8",
        f"one update: CPU with {LARGE:,} automations and {LOCKS} locks",
        median(milliseconds),
        "ms",
        baseline=1000 * median(few_cpu),
        baseline_what=f"with {SMALL}",
        samples=milliseconds,
        ratio_bound=1.3,
    )


def sent_by_updates(root: BenchRoot, probe: Probe, count: int, first: int = 0) -> list[int]:
    """Return the bytes that each update sent until 0.25 s after it was shown; some include a tick of the clock."""
    sent = []
    for number in range(first, first + count):
        letter = LETTERS[number % len(LETTERS)]
        fresh, target = root.advance(name(0), percentage=number % 100, milestone=f"Merging {letter}")
        mark = probe.mark
        fresh.rename(target)
        probe.until(letter.encode(), since=mark)
        probe.read_for(PAUSE)
        sent.append(sum(len(chunk.data) for chunk in probe.since(mark)))
    return sent


def cpu_of_updates(root: BenchRoot, probe: Probe, turn: int) -> float:
    """Return the CPU seconds of each of a row of updates, less what the time between them would have cost anyhow."""
    before = cpu_seconds(probe.pid)
    probe.read_for(PAUSE * UPDATES)
    idle = cpu_seconds(probe.pid) - before
    sent_by_updates(root, probe, UPDATES, first=turn * UPDATES)
    return max(0.0, cpu_seconds(probe.pid) - before - 2 * idle) / UPDATES


def _data_table(root: BenchRoot, count: int) -> float:
    with baseline("one_table.py", root) as probe:
        probe.until(b"Merging", since=0)
        probe.settle()
        sent = []
        for _ in range(count):
            probe.send("u")
            sent.append(sum(len(chunk.data) for chunk in probe.read_for(PAUSE)))
    return median(sent)

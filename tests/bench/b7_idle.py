"""B7: what it costs to have it open while nothing happens."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

from tests.bench.baselines.one_label import SHOWN
from tests.bench.cost import cpu_seconds, wait_until_loaded
from tests.bench.effort import times
from tests.bench.figure import Figure
from tests.bench.probe import Probe
from tests.bench.programs import baseline, dashboard, installed
from tests.bench.roots import BenchRoot, bench_root, name
from tests.bench.summary import median

AUTOMATIONS = 20
REST = 20.0
"""Seconds until it has settled: nothing is about to change."""
WINDOW = 20.0
"""Seconds that one sample takes."""
FEW, MANY = 10, 10_000
LONG_WINDOW = 60.0
"""Seconds of one sample with a large fleet, of which a whole comparison with the disk takes half."""
PEERS = (("top", ("top",)), ("btop", ("btop",)))


def measure() -> Iterator[Figure]:
    """Measure CPU and bytes at rest, beside a one-label app at the same time; then those of the peers."""
    with bench_root() as root:
        root.furnish(AUTOMATIONS)
        with baseline("one_label.py", root) as label, dashboard(root) as ours:
            label.until(SHOWN.encode(), since=0)
            ours.until(name(0).encode(), since=0)
            label.settle()
            ours.read_for(REST)
            idle = [(at_rest(label, WINDOW), at_rest(ours, WINDOW)) for _ in range(times(3))]
        peers = [(peer, _peer_bytes(root, peer, command)) for peer, command in PEERS if installed(peer)]
    cpu = tuple(100 * sample for _, (sample, _) in idle)
    sent = tuple(bytes for _, (_, bytes) in idle)
    beside = median([100 * sample for (sample, _), _ in idle])
    what = f"idle, {AUTOMATIONS} automations that count down"
    yield Figure("B7", f"{what}: CPU", median(cpu), "%", 0.5, beside, "one label", cpu)
    yield Figure("B7", f"{what}: bytes to the terminal", median(sent), "B/s", 60, samples=sent)
    for peer, per_second in peers:
        yield Figure("B7", f"beside it {peer}: bytes to the terminal", per_second, "B/s")
    yield _large()


def _large() -> Figure:
    """Return the CPU at rest with a large fleet, beside that with a small one at the same time."""
    with bench_root() as small, bench_root() as large:
        small.furnish_in_proportion(FEW)
        large.furnish_in_proportion(MANY)
        with dashboard(small) as few, dashboard(large) as many:
            for probe in (few, many):
                probe.until(name(0).rstrip("0123456789").encode(), since=0)
                wait_until_loaded(probe)
            many.read_for(REST)
            samples = [at_rest_together((few, many), LONG_WINDOW) for _ in range(times(2))]
    cpu = tuple(100 * sample for _, sample in samples)
    beside = median([100 * sample for sample, _ in samples])
    what = f"idle, {MANY:,} automations, {MANY // 10:,} workspaces, {10 * MANY:,} logs, {MANY // 20:,} locks: CPU"
    return Figure("B7", what, median(cpu), "%", 1.0, beside, f"{FEW} automations", cpu)


def at_rest_together(probes: Sequence[Probe], seconds: float) -> list[float]:
    """Return the CPU of each in the same time, as a part of one core; what they write is read all the time."""
    before, began = [cpu_seconds(probe.pid) for probe in probes], time.monotonic()
    while time.monotonic() < began + seconds:
        for probe in probes:
            probe.read_for(1.0)
    took = time.monotonic() - began
    return [(cpu_seconds(probe.pid) - first) / took for probe, first in zip(probes, before, strict=True)]


def at_rest(probe: Probe, seconds: float) -> tuple[float, float]:
    """Return the CPU as a part of one core, and the bytes a second."""
    before, began = cpu_seconds(probe.pid), time.monotonic()
    sent = sum(len(chunk.data) for chunk in probe.read_for(seconds))
    took = time.monotonic() - began
    return (cpu_seconds(probe.pid) - before) / took, sent / took


def _peer_bytes(root: BenchRoot, peer: str, command: tuple[str, ...]) -> float:
    with Probe(command, home=root.home) as probe:
        probe.read_for(3.0)
        return at_rest(probe, times(15))[1]

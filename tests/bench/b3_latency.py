"""B3: from the gateway's ``rename()`` to the bytes on the terminal."""

from __future__ import annotations

import random
from collections.abc import Iterator
from time import monotonic

from tests.bench.b9_load import load
from tests.bench.effort import times
from tests.bench.figure import Figure
from tests.bench.probe import Probe
from tests.bench.programs import baseline, dashboard
from tests.bench.roots import BenchRoot, bench_root, name
from tests.bench.summary import median, percentile

AUTOMATIONS = 20
LETTERS = "αβγδεζηθικλμνξοπρστυφχψω"
"""One of them ends each update: only the cells that changed are sent, and these cannot be mistaken for any other."""
REST = 20.0
"""Seconds without a change after which nothing is about to change any more."""


def measure() -> Iterator[Figure]:
    """Measure updates during a run and after a rest, and the time that a plain watcher needs to report a change."""
    with bench_root() as root:
        root.furnish(AUTOMATIONS, running=2)
        plain = median(plain_watch(root, times(15)))
        with dashboard(root) as probe:
            probe.until(b"Merging", since=0)
            probe.settle()
            with load(root, runs=[1], lines=10, updates=1):
                lively = updates(root, probe, times(60), pause=(0.2, 0.7))
            rested = updates(root, probe, times(9), pause=(REST, REST + 0.2), first=70)
    samples, after_rest = (tuple(1000 * each for each in taken) for taken in (lively, rested))
    what = "rename to bytes, while another run writes"
    yield Figure("B3", f"{what}, p50", median(samples), "ms", 10, 1000 * plain, "plain watch", samples)
    yield Figure("B3", f"{what}, p95", percentile(samples, 95), "ms", 20)
    yield Figure("B3", f"… after {REST:.0f} s of rest, p95", percentile(after_rest, 95), "ms", 80, samples=after_rest)


def updates(
    root: BenchRoot, probe: Probe, count: int, pause: tuple[float, float], id: str = name(0), first: int = 0
) -> list[float]:
    """Return the seconds that each of ``count`` updates of a run took to reach the terminal."""
    chance = random.Random(count)
    samples = []
    for number in range(count):
        letter = LETTERS[(first + number) % len(LETTERS)]
        fresh, target = root.advance(id, percentage=1 + number % 99, milestone=f"Merging {letter}")
        probe.read_for(chance.uniform(*pause))
        mark, began = probe.mark, monotonic()
        fresh.rename(target)
        samples.append(probe.until(letter.encode(), since=mark) - began)
    return samples


def plain_watch(root: BenchRoot, count: int) -> list[float]:
    """Return the seconds until ``watchfiles.watch`` reports each update, with nothing read and nothing drawn."""
    folder = root.automations / "config"
    with baseline("plain_watch.py", root, folder) as probe:
        probe.until(b"ready", since=0)
        samples = []
        for _ in range(count):
            probe.read_for(0.3)
            mark, began = probe.mark, monotonic()
            root.slots()
            samples.append(probe.until(b"changed", since=mark) - began)
    return samples

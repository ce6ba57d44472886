"""The costs as the fleet grows: 10 automations, 100, 1,000, 10,000, and everything else in proportion.

At the upper end these are 10,000 automations, 1,000 workspaces, 100,000 logs and 500 locks. It takes six minutes, and
``--picture FILE`` draws it.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import NamedTuple

from clawtui.tui.terminal.glyphs import CURSOR
from tests.bench.b1_start import label_paint
from tests.bench.b2_start_large import first_and_all
from tests.bench.b3_latency import updates
from tests.bench.b7_idle import at_rest_together
from tests.bench.b8_update import cpu_of_updates, sent_by_updates
from tests.bench.cost import memory, wait_until_loaded
from tests.bench.decoded import Row
from tests.bench.effort import quick, times
from tests.bench.figure import Figure
from tests.bench.probe import Late, Probe
from tests.bench.programs import dashboard
from tests.bench.roots import BenchRoot, bench_root, name
from tests.bench.summary import median, percentile
from tests.gateway_root import iso

SIZES = (10, 100, 1000, 10_000)
QUICK_SIZES = (10, 100, 1000)
REST, WINDOW = 20.0, 60.0
"""Seconds until a dashboard has settled, and for which its CPU at rest is measured."""
_PREFIX = name(0).rstrip("0123456789").encode()
_CLEAR_LINE, _ESCAPE = "\x15", "\x1b"


class Point(NamedTuple):
    """One value of a curve."""

    what: str
    unit: str
    value: float
    bound: float | None = None


def measure() -> Iterator[Figure]:
    """Measure each figure at each size, and compare it with that of the smallest size."""
    smallest: dict[str, float] = {}
    for size, (what, unit, value, promised) in _all_points(QUICK_SIZES if quick() else SIZES):
        first = smallest.setdefault(what, value)
        bound = 1.3 * first if what == _CPU_OF_UPDATE else promised
        beside = None if first == value else first
        yield Figure("curves", f"{what}, {size:,} automations", value, unit, bound, beside, f"with {SIZES[0]}")


def _all_points(sizes: tuple[int, ...]) -> Iterator[tuple[int, Point]]:
    for size in sizes:
        with bench_root() as root:
            root.furnish_in_proportion(size, running=1)
            yield from ((size, point) for point in _starts(root, size))
            with dashboard(root) as probe:
                probe.until(b"Merging", since=0)
                wait_until_loaded(probe)
                yield size, Point("memory", "MB", memory(probe.pid))
                for part in (_of_updates, _of_keys, _of_new_workspace, _of_filter):
                    yield from ((size, point) for point in _unless_late(part, root, probe, size))
    yield from _at_rest(sizes)


def _unless_late(
    part: Callable[[BenchRoot, Probe, int], Iterator[Point]], root: BenchRoot, probe: Probe, size: int
) -> Iterator[Point]:
    """Yield the points of one part; where something does not come in time, the others are measured nevertheless."""
    try:
        yield from part(root, probe, size)
    except Late as late:
        print(f"curves: not measured with {size:,} automations: {late}"[:300], file=sys.stderr)


def _starts(root: BenchRoot, size: int) -> Iterator[Point]:
    labels, starts = [], []
    for turn in range(times(3) + 1):
        label, start = label_paint(root), first_and_all(root, size)
        if turn:  # the first fills caches of the kernel
            labels.append(label)
            starts.append(start)
    yield Point("first paint", "s", median([first for first, _ in starts]), 2 * median(labels))
    yield Point("all rows", "s", median([last for _, last in starts]), 2.0)


def _at_rest(sizes: tuple[int, ...]) -> Iterator[tuple[int, Point]]:
    """Yield the CPU at rest of a dashboard over each size, at the same time."""
    with ExitStack() as stack:
        probes = []
        for size in sizes:
            root = stack.enter_context(bench_root())
            root.furnish_in_proportion(size)
            probe = stack.enter_context(dashboard(root))
            probe.until(_PREFIX, since=0)
            wait_until_loaded(probe)
            probes.append(probe)
        at_rest_together(probes, REST)
        parts = at_rest_together(probes, WINDOW)
    for size, part in zip(sizes, parts, strict=True):
        yield size, Point("CPU of a core at rest", "%", 100 * part, 1.0)


_CPU_OF_UPDATE = "CPU of one update"


def _of_updates(root: BenchRoot, probe: Probe, size: int) -> Iterator[Point]:
    sent_by_updates(root, probe, 3)
    cpu = median([cpu_of_updates(root, probe, turn) for turn in range(times(2))])
    yield Point(_CPU_OF_UPDATE, "ms", 1000 * cpu)
    yield Point("update to bytes, p50", "ms", 1000 * median(updates(root, probe, times(20), pause=(0.2, 0.4))), 10.0)


def _of_keys(root: BenchRoot, probe: Probe, size: int) -> Iterator[Point]:
    keys = ["j", "k"] * times(15) + [" ", "b"] * times(6) + ["G", "g"] * times(6)
    yield Point("a key to its echo, p95", "ms", 1000 * percentile(_echoes(probe, keys), 95), 20.0)


def _echoes(probe: Probe, keys: list[str]) -> list[float]:
    samples = []
    for key in keys:
        mark, pressed = probe.mark, probe.send(key)
        samples.append(probe.until(CURSOR.encode(), since=mark) - pressed)
        probe.read_for(0.2)
    return samples


def _of_filter(root: BenchRoot, probe: Probe, size: int) -> Iterator[Point]:
    yield Point("a letter of a filter to its rows", "ms", 1000 * median(list(_filterings(probe, size))))


def _filterings(probe: Probe, size: int) -> Iterator[float]:
    """Yield the seconds from the last letter of a name to its row; all names share the letters before it."""
    title, target = Row(probe, 2), name(size - 1)
    probe.send("/")
    probe.read_for(0.3)
    for _ in range(times(5)):
        probe.send(target[:-1])
        probe.read_for(0.5)
        pressed = probe.send(target[-1])
        yield probe.until(lambda _: title.says("Automations ", "1/1", "of", str(size))) - pressed
        probe.send(_CLEAR_LINE)
        probe.read_for(0.7)
    for key in (_ESCAPE, "g"):
        probe.send(key)
        probe.read_for(0.5)


def _of_new_workspace(root: BenchRoot, probe: Probe, size: int) -> Iterator[Point]:
    """Yield the time until runs in new directories are shown: each has to be found and watched first."""
    waiting = root.automations / "workspaces.bench"
    waiting.mkdir()
    samples = []
    for number in range(1, 1 + times(5)):
        id, letter = name(number), "ΨΩΞΔΦ"[number - 1]
        here = root.automations / "workspaces" / id
        if here.exists():
            here.rename(waiting / id)
        root.hold(id, id)  # else the run is lost as soon as it is judged
        probe.read_for(1.0)
        began, mark = time.monotonic(), probe.mark
        root.state(id, percentage=77, milestone=letter, startTime=iso(root.began), lastUpdate=iso(root.now))
        samples.append(probe.until(letter.encode(), since=mark) - began)
    yield Point("new workspace to bytes", "ms", 1000 * median(samples))

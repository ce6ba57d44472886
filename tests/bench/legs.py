"""The legs of the time between the gateway's ``rename()`` and the bytes on the terminal."""

from __future__ import annotations

import bisect
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.bench.b3_latency import LETTERS
from tests.bench.effort import times
from tests.bench.figure import Figure
from tests.bench.probe import Probe
from tests.bench.roots import BenchRoot, bench_root, name
from tests.bench.summary import median

AUTOMATIONS = 20
_LEGS = (
    ("woken", "event: the kernel wakes the live thread"),
    ("read", "the events are read, and what they mean is found"),
    ("known", "the document is read, parsed and validated"),
    ("published", "the next fleet is made"),
    ("arrived", "hop to the loop"),
    ("diffed", "each pane finds what differs"),
    ("composed", "the loop comes round to painting, and the cells are composed"),
    ("written", "they are handed to the thread that writes"),
)
_POINTS = tuple(point for point, _ in _LEGS)


def measure() -> Iterator[Figure]:
    """Measure the median of each leg over some updates, and of the whole way."""
    with bench_root() as root:
        root.furnish(AUTOMATIONS, running=1)
        file = root.home / "points"
        command: list[str | Path] = [sys.executable, "-m", "tests.bench.traced_dashboard", file, root.root]
        with Probe(command, home=root.home) as probe:
            probe.until(b"Merging", since=0)
            probe.settle()
            updates = [_update(root, probe, number) for number in range(times(40))]
            probe.send("q")
            probe.wait()
        points = _read_points(file)
    ways = [way for renamed, seen in updates if (way := way_of(points, renamed, seen)) is not None]
    for number, (_, what) in enumerate(_LEGS):
        samples = tuple((way[number + 1] - way[number]) / 1e6 for way in ways)
        yield Figure("legs", f"{number + 1}. {what}", median(samples), "ms", samples=samples)
    last = tuple((way[-1] - way[-2]) / 1e6 for way in ways)
    yield Figure("legs", f"{len(_LEGS) + 1}. written, and read at the other end of the terminal", median(last), "ms")
    whole = tuple((way[-1] - way[0]) / 1e6 for way in ways)
    yield Figure("legs", "from rename() to the bytes", median(whole), "ms", samples=whole)


def way_of(points: Sequence[tuple[int, str]], renamed: int, seen: int) -> tuple[int, ...] | None:
    """Return when each point was passed between the two instants: the last time, but after the point before it.

    None where one was passed not at all: the update was shown together with something else.
    """
    between = points[bisect.bisect_left(points, (renamed, "")) : bisect.bisect_right(points, (seen, "~"))]
    way = [seen]
    for next_point in reversed(_POINTS):
        at = next((at for at, point in reversed(between) if point == next_point and at <= way[0]), None)
        if at is None:
            return None
        way.insert(0, at)
    return (renamed, *way)


def _update(root: BenchRoot, probe: Probe, number: int) -> tuple[int, int]:
    letter = LETTERS[number % len(LETTERS)]
    fresh, target = root.advance(name(0), percentage=number % 100, milestone=f"Merging {letter}")
    probe.read_for(0.3 + number % 7 / 50)
    mark, renamed = probe.mark, time.monotonic_ns()
    fresh.rename(target)
    return renamed, int(1e9 * probe.until(letter.encode(), since=mark))


def _read_points(file: Path) -> list[tuple[int, str]]:
    lines = (line.split() for line in file.read_text().splitlines())
    return sorted((int(at), point) for point, at in lines)

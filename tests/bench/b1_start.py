"""B1: how long until there is something to read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from tests.bench.baselines import bare_list
from tests.bench.baselines.one_label import SHOWN
from tests.bench.effort import times
from tests.bench.figure import Figure
from tests.bench.probe import Expected, Probe
from tests.bench.programs import baseline, dashboard
from tests.bench.roots import BenchRoot, bench_root, name
from tests.bench.summary import median

ROWS = 60
"""So that 20 automations are in sight at once."""
AUTOMATIONS = 20


def measure() -> Iterator[Figure]:
    """Measure the first paint with all automations, and that of the smallest Textual app."""
    with bench_root() as root:
        root.furnish(AUTOMATIONS)
        names = [name(number).encode() for number in range(AUTOMATIONS)]
        label, bare, ours = alternately(
            times(12),
            lambda: label_paint(root),
            lambda: first_time(baseline("bare_list.py", root, rows=ROWS), bare_list.SHOWN.encode()),
            lambda: first_time(dashboard(root, rows=ROWS), lambda seen: all(each in seen for each in names)),
        )
    yield Figure(
        "B1",
        f"first paint with {AUTOMATIONS} automations on it",
        median(ours),
        "s",
        baseline=median(label),
        baseline_what="one label",
        samples=tuple(ours),
        ratio_bound=1.7,
    )
    yield Figure(
        "B1",
        "… of a bare list, with click, msgspec and pyjson5 loaded",
        median(bare),
        "s",
        baseline=median(label),
        baseline_what="one label",
        samples=tuple(bare),
    )


def label_paint(root: BenchRoot) -> float:
    """Measure the baseline: the first paint of an app with one label."""
    return first_time(baseline("one_label.py", root, rows=ROWS), SHOWN.encode())


def first_time(started: Probe, expected: Expected) -> float:
    """Return the seconds from the start of a program until ``expected`` has come; the program is ended."""
    with started as probe:
        return probe.until(expected, since=0) - probe.started


def alternately(repeats: int, *measurements: Callable[[], float]) -> Sequence[list[float]]:
    """Repeat each measurement in turns, so that the load of the machine affects all of them equally.

    The first round warms caches and is not counted.
    """
    samples: list[list[float]] = [[] for _ in measurements]
    for turn in range(repeats + 1):
        for taken, take in zip(samples, measurements, strict=True):
            sample = take()
            if turn:
                taken.append(sample)
    return samples

"""B2: the same with a large fleet, written as the gateway writes it."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.b1_start import ROWS, alternately, label_paint
from tests.bench.decoded import Row
from tests.bench.effort import times
from tests.bench.figure import Figure
from tests.bench.programs import dashboard
from tests.bench.roots import BenchRoot, bench_root, name
from tests.bench.summary import median

AUTOMATIONS = 1000
RUNS = 100


def measure() -> Iterator[Figure]:
    """Measure when the first automations can be read, then when all of them can."""
    painted: list[float] = []
    complete: list[float] = []
    with bench_root() as root:
        root.furnish(AUTOMATIONS, runs=RUNS)

        def start() -> float:
            first, last = first_and_all(root, AUTOMATIONS)
            painted.append(first)
            complete.append(last)
            return first

        label, _ = alternately(times(6), lambda: label_paint(root), start)
    what = f"{AUTOMATIONS:,} automations × {RUNS} runs"
    yield Figure(
        "B2",
        f"first paint with {what}",
        median(painted[1:]),
        "s",
        baseline=median(label),
        baseline_what="one label",
        samples=tuple(painted[1:]),
        ratio_bound=2,
    )
    yield Figure("B2", "all of their rows", median(complete[1:]), "s", bound=2, samples=tuple(complete[1:]))


def first_and_all(root: BenchRoot, automations: int) -> tuple[float, float]:
    """Return the seconds until the first automations can be read, and until all are shown in order."""
    with dashboard(root, rows=ROWS) as probe:
        title = Row(probe, 2)
        prefix = name(0).rstrip("0123456789").encode()  # which automations are on top depends on the time
        first = probe.until(lambda seen: seen.count(prefix) >= 5, since=0)
        last = probe.until(lambda _: title.says("Automations ", f"1/{automations}"), since=0)
        return first - probe.started, last - probe.started

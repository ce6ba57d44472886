"""B10: a command from its start to its end."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.b1_start import alternately
from tests.bench.cost import run_cost
from tests.bench.effort import times
from tests.bench.figure import Figure
from tests.bench.programs import IMPORT_WHAT_IS_NEEDED, clawtui
from tests.bench.roots import bench_root
from tests.bench.summary import median

AUTOMATIONS = 20


def measure() -> Iterator[Figure]:
    """Measure ``status --json`` without a lock, and with one whose process is looked up."""
    with bench_root() as free, bench_root() as held:
        free.furnish(AUTOMATIONS)
        held.furnish(AUTOMATIONS, locks=1)
        commands = [clawtui("--root", root.root, "status", "--json") for root in (free, held)]
        imported, plain, locked = alternately(
            times(15),
            lambda: run_cost(IMPORT_WHAT_IS_NEEDED)[0],
            lambda: run_cost(commands[0])[0],
            lambda: run_cost(commands[1])[0],
        )
    what = f"status --json with {AUTOMATIONS} automations"
    for name, samples, bound in ((what, plain, 1.3), (f"{what} and a held lock", locked, None)):
        yield Figure(
            "B10",
            name,
            median(samples),
            "s",
            baseline=median(imported),
            baseline_what="its imports",
            samples=tuple(samples),
            ratio_bound=bound,
        )

"""The costs as the fleet grows: 10 automations, 100, 1,000, 10,000, and everything else in proportion.

For each automation there are ten logs, for ten a workspace with a clone, for twenty a lock: at the upper end 10,000
automations, 1,000 workspaces, 100,000 logs and 500 locks.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from clawtui.tui.terminal.glyphs import CURSOR
from tests.bench.b2_start_large import first_and_all
from tests.bench.b3_latency import updates
from tests.bench.b7_idle import at_rest
from tests.bench.b8_update import PAUSE, sent_by_updates
from tests.bench.cost import cpu_seconds, memory, wait_until_loaded
from tests.bench.decoded import Row
from tests.bench.effort import quick, times
from tests.bench.figure import Figure
from tests.bench.probe import Probe
from tests.bench.programs import dashboard
from tests.bench.roots import BenchRoot, bench_root, name
from tests.bench.summary import median

SIZES = (10, 100, 1000, 10_000)
QUICK_SIZES = (10, 100, 1000)
UPDATES = 20
_CLEAR_LINE, _ESCAPE = "\x15", "\x1b"


def measure() -> Iterator[Figure]:
    """Measure each figure at each size, and compare it with that of the smallest size."""
    smallest: dict[str, float] = {}
    for size in QUICK_SIZES if quick() else SIZES:
        for what, unit, value in _at(size):
            first = smallest.setdefault(what, value)
            beside = None if first == value else first
            yield Figure("curves", f"{what}, {size:,} automations", value, unit, None, beside, f"with {SIZES[0]}")


def _at(size: int) -> Iterator[tuple[str, str, float]]:
    with bench_root() as root:
        root.furnish(size, running=1, workspaces=max(1, size // 10), logs=10 * size, locks=max(1, size // 20))
        starts = [first_and_all(root, size) for _ in range(times(3))]
        yield "first paint", "s", median([first for first, _ in starts])
        yield "all rows", "s", median([last for _, last in starts])
        with dashboard(root) as probe:
            probe.until(b"Merging", since=0)
            wait_until_loaded(probe)
            yield "memory", "MB", memory(probe.pid)
            yield from _of_updates(root, probe)
            yield from _of_keys(probe, size)
            yield "new workspace to bytes", "ms", 1000 * _new_workspace(root, probe, size)
            probe.read_for(1.0)
            yield "idle CPU", "%", 100 * at_rest(probe, 3 * times(6))[0]


def _of_updates(root: BenchRoot, probe: Probe) -> Iterator[tuple[str, str, float]]:
    sent_by_updates(root, probe, 3)
    yield "update to bytes", "ms", 1000 * median(updates(root, probe, times(20), pause=(0.2, 0.4)))
    before = cpu_seconds(probe.pid)
    probe.read_for(PAUSE * UPDATES)
    idle = cpu_seconds(probe.pid) - before
    before = cpu_seconds(probe.pid)
    sent = sent_by_updates(root, probe, UPDATES)
    yield "CPU of an update", "ms", 1000 * max(0.0, cpu_seconds(probe.pid) - before - idle) / UPDATES
    yield "bytes of an update", "B", median(sent)


def _of_keys(probe: Probe, size: int) -> Iterator[tuple[str, str, float]]:
    yield "a row down to echo", "ms", 1000 * median(_echoes(probe, ["j", "k"] * times(6)))
    yield "a page down to echo", "ms", 1000 * median(_echoes(probe, [" ", "b"] * times(6)))
    yield "to the last row and back", "ms", 1000 * median(_echoes(probe, ["G", "g"] * times(6)))
    yield "a letter of a filter to its rows", "ms", 1000 * median(list(_filterings(probe, size)))


def _filterings(probe: Probe, size: int) -> Iterator[float]:
    """Yield the seconds from the last letter of a name to its row; all names share the letters before it."""
    title, target = Row(probe, 2), name(size - 1)
    probe.send("/")
    probe.read_for(0.3)
    for _ in range(times(6)):
        probe.send(target[:-1])
        probe.read_for(0.5)
        pressed = probe.send(target[-1])
        yield probe.until(lambda _: title.says("Automations ", "1/1", "of", str(size))) - pressed
        probe.send(_CLEAR_LINE)
        probe.read_for(0.7)
    probe.send(_ESCAPE)
    probe.read_for(0.5)
    probe.send("g")
    probe.read_for(0.5)


def _echoes(probe: Probe, keys: list[str]) -> list[float]:
    samples = []
    for key in keys:
        mark, pressed = probe.mark, probe.send(key)
        samples.append(probe.until(CURSOR.encode(), since=mark) - pressed)
        probe.read_for(0.2)
    return samples


def _new_workspace(root: BenchRoot, probe: Probe, size: int) -> float:
    """Return the seconds until a run in a new directory is shown: it has to be found and watched first."""
    id = name(1)
    waiting = root.automations / "workspaces.bench"
    waiting.mkdir()
    here = root.automations / "workspaces" / id
    if here.exists():
        here.rename(waiting / "old")
        probe.read_for(1.0)
    began, mark = time.monotonic(), probe.mark
    root.state(id, percentage=77, milestone="Ω")
    return probe.until("Ω".encode(), since=mark) - began

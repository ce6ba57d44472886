"""A stock gateway: from its commit to the fleet and to the bytes on the terminal, and what reading it costs it."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from time import monotonic, sleep
from typing import Any

from clawtui.live.model import LiveModel
from clawtui.model.fleet import Fleet
from clawtui.storage.paths import StatePaths
from tests.bench.b3_latency import LETTERS, updates
from tests.bench.b9_load import load
from tests.bench.cost import cpu_seconds
from tests.bench.effort import times
from tests.bench.figure import Figure
from tests.bench.probe import Probe
from tests.bench.programs import dashboard
from tests.bench.roots import BenchRoot, bench_root
from tests.bench.summary import median, percentile
from tests.openclaw.gateway_store import GatewayStore, now_ms

JOBS = 20
COMMITS, BUSY_COMMITS = 50, 200
"""A second, of another process."""
DEADLINE = 10.0
PROBED = "probed"
HOUR_MS = 3_600_000


def measure() -> Iterator[Figure]:
    """Measure at 50 commits a second, and the gateway's slowest of 200 a second with and without a dashboard."""
    with bench_root() as root:
        store = _furnish(root)
        with committer(root, COMMITS):
            published = _milliseconds(_publications(root, store, times(60)))
            with dashboard(root) as probe:
                probe.until(b"Job probed", since=0)
                probe.read_for(2.0)
                before, began = cpu_seconds(probe.pid), monotonic()
                shown = _milliseconds(_updates(store, probe, times(60)))
                cpu = (cpu_seconds(probe.pid) - before) / (monotonic() - began)
        what = f"commit to the fleet, while {COMMITS} others are committed a second"
        yield Figure("gateway", f"{what}, p50", median(published), "ms", samples=published)
        yield Figure("gateway", "… p95", percentile(published, 95), "ms")
        other = _milliseconds(_of_the_design())
        beside = "rename to bytes in the design's layout"
        yield Figure(
            "gateway", "commit to bytes, meanwhile, p50", median(shown), "ms", 30, median(other), beside, shown
        )
        yield Figure("gateway", "… p95", percentile(shown, 95), "ms", 80, percentile(other, 95), beside)
        yield Figure("gateway", "… CPU of a core", 100 * cpu, "%")
        yield from _busy(root)
        store.close()


def _furnish(root: BenchRoot) -> GatewayStore:
    store = GatewayStore(root.root)
    for number in range(JOBS):
        store.job(f"job-{number}", nextRunAtMs=now_ms() + 20 * HOUR_MS)
    _commit(store, "begin")
    return store


def _commit(store: GatewayStore, error: str) -> None:
    failed: dict[str, Any] = {"lastStatus": "error", "lastError": error, "consecutiveErrors": 1}
    store.job(PROBED, updated=now_ms(), nextRunAtMs=now_ms() + 20 * HOUR_MS, lastRunAtMs=now_ms(), **failed)


def _publications(root: BenchRoot, store: GatewayStore, count: int) -> list[float]:
    """Return the seconds from each of ``count`` commits to the fleet that has it, in this process."""
    seen: Queue[tuple[str | None, float]] = Queue()

    def publish(fleet: Fleet) -> None:
        job = fleet.gateway.jobs.get(PROBED) if fleet.gateway is not None else None
        seen.put((job.state.last_error if job is not None else None, monotonic()))

    model = LiveModel(StatePaths(root.root))
    model.start(publish)
    chance, samples = random.Random(count), []
    try:
        sleep(1.0)
        for number in range(count):
            sleep(chance.uniform(0.2, 0.4))
            began = monotonic()
            _commit(store, f"error {number}")
            while True:
                error, at = seen.get(timeout=DEADLINE)
                if error == f"error {number}":
                    samples.append(at - began)
                    break
    finally:
        model.stop()
    return samples


def _updates(store: GatewayStore, probe: Probe, count: int) -> list[float]:
    """Return the seconds from each of ``count`` commits to its bytes on the terminal."""
    chance, samples = random.Random(count), []
    for number in range(count):
        letter = LETTERS[number % len(LETTERS)]
        probe.read_for(chance.uniform(0.2, 0.7))
        mark, began = probe.mark, monotonic()
        _commit(store, letter)
        samples.append(probe.until(letter.encode(), since=mark) - began)
    return samples


def _of_the_design() -> list[float]:
    """Return the same for a root of the design's layout, as a measure of what the machine allows at the moment."""
    with bench_root() as root:
        root.furnish(JOBS, running=2)
        with dashboard(root) as probe:
            probe.until(b"Merging", since=0)
            probe.read_for(2.0)
            with load(root, runs=[1], lines=10, updates=1):
                return updates(root, probe, times(30), pause=(0.2, 0.7))


def _busy(root: BenchRoot) -> Iterator[Figure]:
    """Yield the gateway's slowest commit without and with a dashboard, and how long that had its files locked."""
    seconds = float(times(15))
    with committer(root, BUSY_COMMITS) as alone:
        sleep(seconds)
    with dashboard(root) as probe:
        probe.until(b"Job probed", since=0)
        probe.read_for(2.0)
        with committer(root, BUSY_COMMITS) as watched, _holds(probe.pid, root.root) as holds:
            probe.read_for(seconds)
    what = f"a gateway's commits, {BUSY_COMMITS} a second"
    yield Figure("gateway", f"{what}, slowest", watched["slowest"], "ms", None, alone["slowest"], "without us")
    yield Figure("gateway", "… p99", watched["p99"], "ms", None, alone["p99"], "without us")
    refused = f"… refused by a lock of ours, of {watched['commits']:,.0f}"
    yield Figure("gateway", refused, watched["refused"], "", 0)
    held = _milliseconds(holds) or (0.0,)
    name = f"its files locked by us, {len(holds)} times in {seconds:.0f} s"
    yield Figure("gateway", f"{name}, p50", median(held), "ms", samples=held)
    yield Figure("gateway", "… longest", max(held), "ms", 50)


@contextmanager
def committer(root: BenchRoot, per_second: int) -> Iterator[dict[str, float]]:
    """Have another process commit; what it reports about its commits is complete after the block."""
    result: dict[str, float] = {}
    command = [sys.executable, "-m", "tests.bench.committer", str(root.root), str(per_second)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
        try:
            yield result
        finally:
            output, _ = process.communicate("end\n")
            result |= json.loads(output)


@contextmanager
def _holds(pid: int, root: Path) -> Iterator[list[float]]:
    """Yield how long process ``pid`` had a file of the database locked each time, by the kernel's list of locks."""
    names = [root / "state/openclaw.sqlite", root / "state/openclaw.sqlite-shm"]
    marks = [f"{name.stat().st_ino} " for name in names]
    found: list[float] = []
    stopped = threading.Event()

    def sample() -> None:
        since: float | None = None
        while not stopped.is_set():
            lines = Path("/proc/locks").read_text().splitlines()
            now = monotonic()
            held = any(f" {pid} " in line and any(f":{mark}" in line for mark in marks) for line in lines)
            if held and since is None:
                since = now
            elif not held and since is not None:
                found.append(now - since)
                since = None
            stopped.wait(0.0005)

    sampler = threading.Thread(target=sample)
    sampler.start()
    try:
        yield found
    finally:
        stopped.set()
        sampler.join()


def _milliseconds(samples: list[float]) -> tuple[float, ...]:
    return tuple(1000 * sample for sample in samples)

"""B4 and B5: a run's log of 1 GB, its ends and its middle, beside what others make of the same file."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from clawtui.model.line_test import found
from clawtui.storage.log_file import LogFile
from clawtui.storage.log_matches import Matches
from tests.bench.cost import memory
from tests.bench.effort import times
from tests.bench.figure import Figure
from tests.bench.probe import DEADLINE, Late, Probe
from tests.bench.programs import dashboard, installed
from tests.bench.roots import TYPE, BenchRoot, bench_root
from tests.bench.summary import median
from tests.gateway_root import iso, run_entry

SIZE = 1_000_000_000
FIRST, LAST, SMALL = "ZQXJKVZQXJKV at the top", "KZWQXJKZWQXJ at the end", "QKZXWVQKZXWV alone"
"""Messages whose letters stand in no other line: a row that is repainted cell by cell still sends them in one piece."""

_LETTERS = LAST.split()[0]
"""What of the last line is searched for; the rest is not highlighted, and comes in one piece."""

_BEGAN = datetime(2025, 1, 26, 10, tzinfo=UTC)
_PEERS = {"lnav": ("-q",), "tl": ()}
"""Others that show a log from its end once they are started, and what they need to be told."""


def measure() -> Iterator[Figure]:
    """The ends of the log, the memory that it takes, and the search."""
    with bench_root() as root:
        big = _furnish(root)
        beside_less = _less(root, big)
        yield from _ends(root, beside_less)
        yield _search(big)
        yield from _peers(root, big)


def _furnish(root: BenchRoot) -> Path:
    """Two automations: one with a log of one line, chosen first, and one with that of 1 GB."""
    due = root.now + timedelta(hours=1)
    for number, id in enumerate(("small", "big")):
        root.automation(id, nextRun=iso(due + timedelta(hours=number)))
    root.slots()
    root.append_log(f"logs/{TYPE}/small-2025-01-26-10-00-00.jsonl", run_entry("small", SMALL, _BEGAN))
    path = root.append_log(f"logs/{TYPE}/big-2025-01-26-10-00-00.jsonl", run_entry("big", FIRST, _BEGAN))
    block = "".join(map(_line, range(100_000))).encode()
    with path.open("ab") as log:
        while log.tell() < SIZE:
            log.write(block)
    root.append_log(f"logs/{TYPE}/{path.name}", run_entry("big", LAST, _BEGAN + timedelta(hours=9)))
    return path


def _line(number: int) -> str:
    at = _BEGAN + timedelta(milliseconds=300 * number)
    level = "error" if number % 500 == 7 else "warn" if number % 50 == 7 else "info"
    entry = run_entry(
        "big", f"Conflict resolved in step {number}", at, level=level, file=f"src/module{number % 977}.ts", hunks=3
    )
    return json.dumps(entry, separators=(",", ":")) + "\n"


def _ends(root: BenchRoot, less: tuple[float, float]) -> Iterator[Figure]:
    with dashboard(root) as probe:
        probe.until(SMALL.encode(), since=0)
        probe.settle()
        before = memory(probe.pid)
        tails = [_pressed(probe, "j", LAST)]
        for _ in range(times(9)):
            _pressed(probe, "k", SMALL)
            tails.append(_pressed(probe, "j", LAST))
        probe.send("3")
        tops = []
        for _ in range(times(9)):
            tops.append(_pressed(probe, "g", FIRST))
            _pressed(probe, "G", LAST)
        after_jumps = memory(probe.pid) - before
        probe.send("g")
        probe.settle()
        searches = []
        for _ in range(times(3)):
            probe.send(f"/{_LETTERS}")
            probe.settle()
            searches.append(_pressed(probe, "\r", LAST.removeprefix(_LETTERS)))
            probe.settle(1.0)
            probe.send("\x1b")
            probe.settle()
            probe.send("g")
            probe.settle()
        after_search = memory(probe.pid) - before
    yield _milliseconds("key to the tail of 1 GB on screen", tails, 100, less[1])
    yield _milliseconds("key to its top", tops, 100, less[0])
    yield Figure("B4", "memory that it adds: open, index, follow, jump", after_jumps, "MB", 30)
    yield Figure("B4", "… and search", after_search, "MB", 30)
    yield Figure(
        "B5",
        "from Enter in the search, at the top, to the last line on screen",
        median(searches),
        "s",
        samples=tuple(searches),
    )


def _milliseconds(what: str, seconds: list[float], bound: float, less: float) -> Figure:
    samples = tuple(1000 * sample for sample in seconds)
    return Figure("B4", what, median(samples), "ms", bound, 1000 * less, "less", samples=samples)


def _pressed(probe: Probe, key: str, wanted: str) -> float:
    """Seconds from the key until the text is there."""
    mark = probe.mark
    at = probe.send(key)
    took = probe.until(wanted.encode(), since=mark) - at
    probe.settle(0.1)
    return took


def _less(root: BenchRoot, log: Path) -> tuple[float, float]:
    """Seconds from the key to the top, and to the end."""
    if installed("less") is None:
        return 0.0, 0.0
    with Probe(["less", "-n", log], home=root.home) as probe:
        probe.until(FIRST.encode(), since=0)
        probe.settle()
        ends, tops = [], []
        for _ in range(times(5)):
            ends.append(_pressed(probe, "G", LAST))
            tops.append(_pressed(probe, "g", FIRST))
    return median(tops), median(ends)


def _peers(root: BenchRoot, log: Path) -> Iterator[Figure]:
    for program, options in _PEERS.items():
        if installed(program) is None:
            continue
        with Probe([program, *options, log], home=root.home) as probe:
            try:
                if program == "tl":
                    probe.until(FIRST.encode(), since=0)
                    probe.send("\x1b[F")
                took = probe.until(LAST.encode(), since=0) - probe.started
            except Late:
                print(f"{program} did not show it within {DEADLINE:.0f} s", file=sys.stderr)
                continue
            yield Figure("B4", f"{program}: from its start to the tail", took, "s")
            yield Figure("B4", f"{program}: memory", memory(probe.pid), "MB")


def _search(log: Path) -> Figure:
    """A literal that only the last line has, looked for from the first on; ``grep -c`` in turn with it."""
    ours, theirs = [], []
    for _ in range(times(9)):
        theirs.append(_timed(lambda: subprocess.run(["grep", "-c", LAST, log], check=True, capture_output=True)))
        ours.append(_timed(lambda: _find(log)))
    return Figure(
        "B5",
        "find a literal on the last line of 1 GB",
        median(ours),
        "s",
        baseline=median(theirs),
        baseline_what="grep -c",
        ratio_bound=2,
        samples=tuple(ours),
    )


def _find(log: Path) -> None:
    file = LogFile(log.parent, log.name)
    matches = Matches(file.look(), found(re.compile(re.escape(LAST))))
    for _ in matches.scan(0):
        pass
    if matches.total != 1:
        raise AssertionError(f"the literal was found {matches.total} times")
    file.close()


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began

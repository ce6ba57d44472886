"""B4 and B5: a run's log of 1 GB, its ends and searches to its last line, beside what others make of the same file."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from tests.bench.b9_load import load
from tests.bench.cost import memory
from tests.bench.effort import quick, times
from tests.bench.figure import Figure
from tests.bench.inputs import TORN_END, log_line
from tests.bench.probe import DEADLINE, Late, Probe
from tests.bench.programs import dashboard, installed
from tests.bench.roots import TYPE, BenchRoot, bench_root
from tests.bench.summary import median
from tests.gateway_root import iso, run_entry

SIZE, QUICK_SIZE = 1_000_000_000, 300_000_000
FIRST, LAST, SMALL, BROKEN = "ZQXJKVZQXJKV", "KZWQXJKZWQXJ", "QKZXWVQKZXWV", "VKWXZJVKWXZJ"
"""Each begins a message; its letters stand in no other line, so they are sent in one piece whatever is repainted."""

_LAST_MESSAGE = f"{LAST}: the lease of the mirror was rescinded"
_BEGAN = datetime(2025, 1, 26, 10, tzinfo=UTC)
_PEERS = {"lnav": ("-q",), "tl": ()}
"""Other programs that show a log from its end at their start, and the options that they need for it."""
_SEARCHED = 300.0
"""Seconds that a search may take before it is given up."""


class Search(NamedTuple):
    """A search with one match on the last line; every other line has words like those of its pattern."""

    what: str
    pattern: str
    grep: tuple[str, ...]
    bound: float | None
    """What it may take, in times of grep's; None where nothing is promised but an end."""


SEARCHES = (
    Search("a literal", "mirror was rescinded", (), 2),
    Search("a (?i) literal", "(?i)Mirror was Rescinded", ("-i",), 3),
    Search("three words", "quarantined|embargoed|rescinded", (), 3),
    Search("a.*b", "lease.*rescinded", (), 3),
    Search("nested repetitions", "([a-z]+ ?)+ r[e]scinde[d]", (), None),
)
NOT_UTF8 = Search("a line that is not UTF-8", "was impounded", (), None)


def measure() -> Iterator[Figure]:
    """Measure moves to the ends of the log, its memory, and searches, while another run writes."""
    with bench_root() as root:
        root.furnish(1, running=1)
        big = furnish(root)
        less = _less(root, big)
        with load(root, runs=[0], lines=10, updates=1), dashboard(root) as probe:
            _choose_small(probe)
            before = memory(probe.pid)
            yield from _ends(probe, less)
            yield Figure("B4", "memory that it adds: open, index, follow, jump", memory(probe.pid) - before, "MB", 30)
            for search in SEARCHES:
                yield _searched(probe, search, big, LAST)
            append_not_utf8(big)
            yield _searched(probe, NOT_UTF8, big, BROKEN)
            yield Figure("B4", "… and search", memory(probe.pid) - before, "MB", 30)
        yield from _peers(root, big)


def furnish(root: BenchRoot) -> Path:
    """Write two automations beside the one that runs: one with a log of one line, and one with a log of 1 GB."""
    due = root.now + timedelta(hours=1)
    for number, id in enumerate(("small", "big")):
        root.automation(id, nextRun=iso(due + timedelta(hours=number)))
    small = run_entry("small", f"{SMALL}: the lease was renewed", _BEGAN)
    root.append_log(f"logs/{TYPE}/small-2025-01-26-10-00-00.jsonl", small)
    first = run_entry("big", f"{FIRST}: the lease of the mirror was taken", _BEGAN)
    path = root.append_log(f"logs/{TYPE}/big-2025-01-26-10-00-00.jsonl", first)
    block = "".join(log_line("big", number, _BEGAN) for number in range(100_000)).encode()
    with path.open("ab") as log:
        while log.tell() < (QUICK_SIZE if quick() else SIZE):
            log.write(block)
    root.append_log(f"logs/{TYPE}/{path.name}", run_entry("big", _LAST_MESSAGE, _BEGAN + timedelta(hours=9)))
    with path.open("ab") as log:
        log.write(TORN_END)
    return path


def append_not_utf8(log: Path) -> None:
    """End the torn last line of ``log``, and add a line with two bytes that are no UTF-8."""
    with log.open("ab") as file:
        file.write(f"\n{BROKEN}: the lease of ".encode() + b"\xff\xfe was impounded\n")


def _choose_small(probe: Probe) -> None:
    """Select the run after the one in progress, which is first."""
    probe.until(b"Small", since=0)
    probe.read_for(1.0)
    _pressed(probe, "j", SMALL)


def _ends(probe: Probe, less: tuple[float, float]) -> Iterator[Figure]:
    tails = [_pressed(probe, "j", LAST)]
    for _ in range(times(9)):
        _pressed(probe, "k", SMALL)
        tails.append(_pressed(probe, "j", LAST))
    probe.send("3")
    probe.read_for(0.5)
    tops = []
    for _ in range(times(9)):
        tops.append(_pressed(probe, "g", FIRST))
        _pressed(probe, "G", LAST)
    yield _milliseconds("key to the tail of 1 GB on screen", tails, 50, less[1])
    yield _milliseconds("key to its top", tops, 50, less[0])


def _searched(probe: Probe, search: Search, log: Path, found: str) -> Figure:
    """Return the seconds from Enter, at the top, to the line with ``found`` on the screen; in turn with grep."""
    grep(search, log)  # so that the file is in memory
    ours, theirs = [], []
    for _ in range(times(3)):
        theirs.append(grep(search, log))
        probe.send("G")
        probe.read_for(0.7)
        _pressed(probe, "g", FIRST)
        probe.send(f"/{search.pattern}")
        probe.read_for(0.7)
        ours.append(_pressed(probe, "\r", found))
        probe.send("\x1b")
        probe.read_for(0.7)
    return Figure(
        "B5",
        f"Enter to the match on the last line: {search.what}",
        median(ours),
        "s",
        baseline=median(theirs),
        baseline_what="grep -cE",
        ratio_bound=search.bound,
        samples=tuple(ours),
    )


def grep(search: Search, log: Path) -> float:
    """Return the seconds that grep takes to count the matches."""
    command = ["grep", "-cE", *search.grep, search.pattern.removeprefix("(?i)"), str(log)]
    began = time.perf_counter()
    counted = subprocess.run(command, env={**os.environ, "LC_ALL": "C.UTF-8"}, check=True, capture_output=True)
    took = time.perf_counter() - began
    if int(counted.stdout) != 1:
        raise AssertionError(f"{search.pattern} is in {counted.stdout!r} lines")
    return took


def _milliseconds(what: str, seconds: list[float], bound: float, less: float) -> Figure:
    samples = tuple(1000 * sample for sample in seconds)
    return Figure("B4", what, median(samples), "ms", bound, 1000 * less, "less", samples=samples)


def _pressed(probe: Probe, key: str, expected: str) -> float:
    """Return the seconds from the key until the text is shown."""
    mark = probe.mark
    at = probe.send(key)
    took = probe.until(expected.encode(), since=mark, deadline=_SEARCHED) - at
    probe.read_for(0.3)
    return took


def _less(root: BenchRoot, log: Path) -> tuple[float, float]:
    """Return the seconds from the key to the top, and to the end."""
    if installed("less") is None:
        return 0.0, 0.0
    with Probe(["less", "-n", log], cols=400, home=root.home) as probe:
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

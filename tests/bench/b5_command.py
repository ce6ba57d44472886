"""B5 on the command line: ``logs --grep`` over a log of 1 GB, beside grep over the same file."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.effort import times
from tests.bench.figure import Figure
from tests.bench.logs import BROKEN, LAST, NOT_UTF8, SEARCHES, Search, append_not_utf8, furnish, grep
from tests.bench.programs import clawtui
from tests.bench.roots import BenchRoot, bench_root
from tests.bench.summary import median


def measure() -> Iterator[Figure]:
    """Measure each search of the dashboard as a command, from its start to its end."""
    with bench_root() as root:
        log = furnish(root)
        for search in SEARCHES:
            yield _searched(root, search, log, LAST)
        append_not_utf8(log)
        yield _searched(root, NOT_UTF8, log, BROKEN)


def _searched(root: BenchRoot, search: Search, log: Path, found: str) -> Figure:
    """Return the seconds of ``logs --grep``, in turn with grep.

    Raises AssertionError if it does not print the one line.
    """
    command = [*map(str, clawtui("--root", root.root, "logs", "big", "--grep", search.pattern))]
    grep(search, log)  # so that the file is in memory
    ours, theirs = [], []
    for _ in range(times(3)):
        theirs.append(grep(search, log))
        began = time.perf_counter()
        printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        ours.append(time.perf_counter() - began)
        if printed.count("\n") != 1 or found not in printed:
            raise AssertionError(f"{search.pattern}: {printed[:500]!r}")
    what = f"logs --grep: {search.what}"
    return Figure("B5c", what, median(ours), "s", None, median(theirs), "grep -cE", tuple(ours))

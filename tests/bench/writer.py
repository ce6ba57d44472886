"""A run that writes: so many log lines and so many updates a second, evenly, until it is ended."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.inputs import log_line
from tests.bench.roots import BenchRoot


def write(root: BenchRoot, id: str, lines: int, updates: int) -> None:
    """Write updates by rename, and before each its share of the lines; does not return."""
    log = (root.automations / _newest_log(root, id)).open("a", buffering=1)
    for number in _ticks(updates):
        for line in range(lines // updates):
            log.write(log_line(id, lines // updates * number + line, root.now))
        fresh, target = root.advance(id, percentage=number % 100, milestone=f"Merging {number}")
        fresh.rename(target)


def _ticks(per_second: int) -> Iterator[int]:
    began, number = time.monotonic(), 0
    while True:
        time.sleep(max(0.0, began + number / per_second - time.monotonic()))
        yield number
        number += 1


def _newest_log(root: BenchRoot, id: str) -> str:
    return str(max(root.automations.glob(f"logs/*/{id}-*.jsonl")).relative_to(root.automations))


if __name__ == "__main__":
    id, home, lines, updates = sys.argv[1:]
    write(BenchRoot(Path(home)), id, int(lines), int(updates))

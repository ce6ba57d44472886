"""A stock gateway that commits: ``python -m tests.bench.committer ROOT PER_SECOND``, until its standard input ends.

It waits for no lock of others. At the end it prints the milliseconds of its slowest commit, those that 99 of 100 do not
exceed, how many commits there were, and how many a lock refused.
"""

from __future__ import annotations

import json
import select
import sqlite3
import sys
import time
from pathlib import Path

from tests.bench.summary import percentile
from tests.openclaw.gateway_store import GatewayStore, now_ms


def main(root: Path, per_second: float) -> None:
    store = GatewayStore(root)
    store.connection.execute("PRAGMA synchronous=NORMAL")
    store.connection.execute("PRAGMA busy_timeout=0")
    print("ready", flush=True)
    took: list[float] = []
    refused = 0
    due = time.monotonic()
    while not select.select([sys.stdin], [], [], max(0.0, due - time.monotonic()))[0]:
        began = time.monotonic()
        try:
            store.receipt(f"load-{len(took)}", f"job-{len(took) % 20}", "ok", now_ms() - 1000, now_ms())
        except sqlite3.OperationalError:
            refused += 1
        took.append(1000 * (time.monotonic() - began))
        due = max(due + 1 / per_second, time.monotonic())
    store.close()
    print(json.dumps({"slowest": max(took), "p99": percentile(took, 99), "commits": len(took), "refused": refused}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]))

"""Reading logs in constant memory."""

from __future__ import annotations

import tracemalloc

from clawtui.model.search.log_query import LogQuery
from clawtui.operations.runs.logs import automation_logs, read_logs
from clawtui.storage.paths import StatePaths
from tests.gateway_root import GatewayRoot, run_entry

ID = "auto-sync-main-123"


def test_memory_does_not_grow_with_the_log(gateway: GatewayRoot) -> None:
    paths = StatePaths(gateway.root)
    gateway.automation(ID)
    count = 15_000
    gateway.append_log(
        f"logs/smart-sync-fork/{ID}-2025-01-26-11-00-00.jsonl",
        *(run_entry(ID, f"line {number} " + "x" * 400) for number in range(count)),
    )
    logs = automation_logs(paths, ID)
    tracemalloc.start()
    try:
        assert sum(1 for _ in read_logs(paths, logs, LogQuery())) == count
        assert len(list(read_logs(paths, logs, LogQuery(phase="git"), limit=10))) == 10
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4 * 1024 * 1024  # the log is 8 MB


def test_a_limit_that_reaches_further_than_is_looked_back_still_gives_as_many(gateway: GatewayRoot) -> None:
    paths = StatePaths(gateway.root)
    gateway.automation(ID)
    count = 300
    gateway.append_log(
        f"logs/smart-sync-fork/{ID}-2025-01-26-11-00-00.jsonl",
        *(run_entry(ID, "x" * 62_000) for _ in range(count)),
    )
    assert len(list(read_logs(paths, automation_logs(paths, ID), LogQuery(), limit=count))) == count

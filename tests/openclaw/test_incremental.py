"""Reading a store again and again gives what reading all of it gives, after every change and at a small cost."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from clawtui.model.gateway.state import GatewayState
from clawtui.openclaw.incremental import GatewayReader
from clawtui.openclaw.reader import read_gateway
from tests.openclaw.gateway_store import GatewayStore, Generation, now_ms

JOBS = [f"j{number}" for number in range(4)]


def plain(state: GatewayState) -> tuple[Any, ...]:
    """Return the state without the order of jobs and problems, which has no meaning."""
    rest = replace(state, jobs={}, runs={}, problems=())
    runs = {job: found for job, found in state.runs.items() if found}
    return rest, dict(sorted(state.jobs.items())), dict(sorted(runs.items())), sorted(set(state.problems))


def change(store: GatewayStore, chance: random.Random, number: int, has_receipts: bool) -> None:
    job, began = chance.choice(JOBS), now_ms() - chance.randrange(10**6)
    what = chance.randrange(9)
    if what == 0:
        store.job(job, enabled=chance.random() < 0.5, lastStatus=chance.choice(["ok", "error"]))
    elif what == 1:
        store.job(job, updated=1, runningAtMs=began)
    elif what == 2:
        store.connection.execute("DELETE FROM cron_jobs WHERE job_id = ?", (job,))
    elif what == 3:
        store.connection.execute("UPDATE cron_jobs SET job_json = '{broken' WHERE job_id = ?", (job,))
    elif what == 4 and has_receipts:
        store.connection.execute("UPDATE cron_run_receipts SET status = 'interrupted' WHERE status = 'running'")
    elif what == 5:
        store.connection.execute("UPDATE task_runs SET status = 'failed', ended_at = 5 WHERE status = 'running'")
    elif what == 6:
        store.task(f"t{number}-{job}", job, chance.choice(["running", "queued", "succeeded"]), began, None)
    elif has_receipts:
        status = chance.choice(["running", "ok", "error", "skipped", "new word"])
        store.receipt(f"r{number}-{job}", job, status, began, None if status == "running" else began + 5)
    else:
        store.log(job, number, {"ts": began, "runAtMs": began, "status": "ok", "durationMs": 3})


@pytest.mark.parametrize("generation", ["2026.9.6", "2026.6.1"])
@pytest.mark.parametrize("seed", range(8))
def test_an_incremental_reading_equals_a_full_one(tmp_path: Path, generation: Generation, seed: int) -> None:
    chance, store = random.Random(seed), GatewayStore(tmp_path, generation)
    reader = GatewayReader(tmp_path, "sqlite")
    for number in range(40):
        for _ in range(chance.randrange(3)):
            change(store, chance, number * 10 + chance.randrange(10), generation == "2026.9.6")
        assert plain(reader.read()) == plain(read_gateway(tmp_path, "sqlite")), number
    store.close()


def test_unchanged_values_are_shared(tmp_path: Path) -> None:
    store = GatewayStore(tmp_path)
    for job in JOBS:
        store.job(job)
        store.receipt(f"r-{job}", job, "ok", now_ms(), now_ms())
    reader = GatewayReader(tmp_path, "sqlite")
    first = reader.read()
    store.receipt("new", "j1", "running", now_ms())
    second = reader.read()
    assert len(second.runs["j1"]) == 2
    for job in ("j0", "j2", "j3"):
        assert second.runs[job] is first.runs[job] and second.jobs[job] is first.jobs[job]
    store.close()


def test_a_replaced_database_is_read_completely(tmp_path: Path) -> None:
    store = GatewayStore(tmp_path)
    store.job("j0")
    store.receipt("r1", "j0", "ok", now_ms(), now_ms())
    reader = GatewayReader(tmp_path, "sqlite")
    assert len(reader.read().runs["j0"]) == 1
    store.connection.execute("DELETE FROM cron_run_receipts")
    assert not reader.read().runs.get("j0")
    store.close()
    store.path.write_bytes(b"damaged" * 999)
    assert not reader.read().is_complete
    store.path.unlink()
    assert "is gone" in reader.read().problems[0].message

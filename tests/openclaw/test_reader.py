"""The stores of each generation, read into the same values."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from clawtui.files.store_kind import store_kind
from clawtui.openclaw.reader import read_gateway
from tests.openclaw.gateway_store import GatewayStore, json_store, now_ms

SAMPLES = Path(__file__).parents[2] / "../shared/samples/openclaw"
MINUTE = 60_000


def instant(milliseconds: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)


def test_a_receipt_its_task_and_its_delivery_are_one_run(tmp_path: Path) -> None:
    store, now = GatewayStore(tmp_path), now_ms()
    store.job("job")
    store.receipt("r1", "job", "ok", now - 9 * MINUTE, now - 8 * MINUTE, pid=5, ticks=7)
    detail = {
        "deliveryStatus": "failed",
        "deliveryError": "channel is gone",
        "model": "stub",
        "usage": {"total_tokens": 12},
        "sessionId": "s",
        "diagnostics": {"entries": [{"ts": now, "severity": "info", "message": "said"}]},
    }
    store.task(
        "t1",
        "job",
        "failed",
        now - 9 * MINUTE,
        now - 8 * MINUTE,
        receipt="r1",
        terminal_summary="done",
        error="delivery failed",
        detail_json=json.dumps(detail),
    )
    store.receipt("r2", "job", "running", now - MINUTE, pid=5, ticks=7)
    store.task("t2", "job", "running", now - MINUTE, receipt="r2")
    store.task("t3", "job", "running", now - 2 * MINUTE, receipt="elsewhere")
    going, alone, ended = read_gateway(tmp_path, "sqlite").runs["job"]
    store.close()
    assert (going.id, going.status, going.task_id, going.source) == ("r2", "running", "t2", "receipt")
    assert (alone.id, alone.status, alone.source) == ("t3", "running", "task")
    assert (ended.status, ended.task_status, ended.summary, ended.error) == ("success", "failed", "done", None)
    assert ended.delivery is not None and ended.delivery.has_failed and ended.delivery.error == "channel is gone"
    assert (ended.model, ended.tokens, ended.took) == ("stub", 12, timedelta(minutes=1))
    assert ended.diagnostics == ((instant(now), "info", "said"),)
    assert ended.owner is not None and (ended.owner.pid, ended.owner.start_ticks) == (5, 7)


@pytest.mark.parametrize(
    ("receipt", "task", "expected"),
    [
        ("ok", "succeeded", "success"),
        ("ok", "failed", "success"),
        ("error", "failed", "failed"),
        ("error", "timed_out", "timed out"),
        ("error", "cancelled", "cancelled"),
        ("error", "lost", "lost"),
        ("skipped", "succeeded", "skipped"),
        ("interrupted", "failed", "interrupted"),
        ("superseded", "cancelled", "superseded"),
    ],
)
def test_the_receipt_decides_and_the_task_adds_details(tmp_path: Path, receipt: str, task: str, expected: str) -> None:
    store, now = GatewayStore(tmp_path), now_ms()
    store.job("job")
    store.receipt("r", "job", receipt, now, now)
    store.task("t", "job", task, now, now, receipt="r")
    (run,) = read_gateway(tmp_path, "sqlite").runs["job"]
    store.close()
    assert run.status == expected


def test_every_kind_of_schedule_is_read(tmp_path: Path) -> None:
    store = GatewayStore(tmp_path)
    schedules: list[dict[str, object]] = [
        {"kind": "at", "atMs": 1_800_000_000_000},
        {"kind": "every", "everyMs": 90_000, "anchorMs": 1_700_000_000_000},
        {"kind": "cron", "expr": "0 7 * * 1-5", "tz": "Europe/Vienna", "staggerMs": 0},
        {"kind": "on-exit", "command": "x"},
        {"kind": "stream"},
        {"kind": "new-one"},
    ]
    for number, schedule in enumerate(schedules):
        store.job(f"job-{number}", schedule)
    jobs = read_gateway(tmp_path, "sqlite").jobs
    store.close()
    found = [jobs[f"job-{number}"].schedule for number in range(len(schedules))]
    assert all(found)
    texts = [schedule.text for schedule in found if schedule is not None]
    assert texts == [
        "at 2027-01-15 08:00Z",
        "every 1m30s",
        "0 7 * * 1-5 (Europe/Vienna)",
        "on-exit",
        "stream",
        "new-one",
    ]
    understood = [schedule.why_not_understood() is None for schedule in found if schedule is not None]
    assert understood == [True, True, True, True, True, False]


def test_before_receipts_the_run_log_and_the_state_tell(tmp_path: Path) -> None:
    store, now = GatewayStore(tmp_path, "2026.6.1"), now_ms()
    store.job("job", runningAtMs=now)
    entry = {
        "ts": now - MINUTE,
        "jobId": "job",
        "action": "finished",
        "status": "error",
        "error": "no key",
        "runAtMs": now - 3 * MINUTE,
        "durationMs": 2 * MINUTE,
        "model": "stub",
    }
    store.log("job", 1, entry)
    store.task("t", "job", "timed_out", now - 3 * MINUTE, now - MINUTE)
    state = read_gateway(tmp_path, "sqlite")
    store.close()
    going, ended = state.runs["job"]
    assert (going.status, going.source, going.started) == ("running", "state", instant(now))
    assert (ended.status, ended.error, ended.took, ended.task_id) == ("failed", "no key", timedelta(minutes=2), "t")
    assert state.lease is None and not state.has_receipts and not state.problems


def test_only_the_newest_runs_are_read_and_those_that_are_going(tmp_path: Path) -> None:
    store, now = GatewayStore(tmp_path), now_ms()
    for job in ("a", "b"):
        store.job(job)
        for number in range(40):
            store.receipt(f"{job}{number}", job, "ok", now - number * MINUTE, now)
    store.receipt("old", "a", "running", now - 10**9)
    state = read_gateway(tmp_path, "sqlite", per_job=5)
    assert [len(state.runs[job]) for job in ("a", "b")] == [6, 5]
    assert state.runs["b"][0].started == instant(now)
    alone = read_gateway(tmp_path, "sqlite", per_job=5, only="b")
    assert len(alone.runs["b"]) == 5 and [run.id for run in alone.runs["a"]] == ["old"]
    store.close()


def test_the_json_era_is_read_with_its_state_beside(tmp_path: Path) -> None:
    now = now_ms()
    job: dict[str, object] = {
        "id": "one",
        "name": "One",
        "enabled": True,
        "createdAtMs": now,
        "schedule": {"kind": "every", "everyMs": MINUTE},
        "state": {"nextRunAtMs": 1},
    }
    json_store(
        tmp_path,
        [job, {**job, "id": "two"}],
        {"one": {"updatedAtMs": now, "state": {"nextRunAtMs": now}}},
        {"one": [{"ts": now, "action": "finished", "status": "ok", "runAtMs": now - 5, "durationMs": 5}]},
    )
    state = read_gateway(tmp_path, "json", temporary=tmp_path)
    assert state.jobs["one"].state.next_run == instant(now) and state.jobs["one"].updated == instant(now)
    assert state.jobs["two"].state.next_run == instant(1)
    assert [run.status for run in state.runs["one"]] == ["success"]
    assert not state.problems


def test_a_gateways_lock_in_the_temporary_directory_is_found_by_the_root_that_it_names(tmp_path: Path) -> None:
    root, temporary = tmp_path / "root", tmp_path / "tmp"
    json_store(root, [])
    (temporary / "openclaw-1000").mkdir(parents=True)
    for name, place in (("a", root), ("b", tmp_path / "another")):
        fields = {
            "pid": 5,
            "createdAt": "2026-11-28T14:00:35.919Z",
            "configPath": str(place / "openclaw.json"),
            "startTime": 9,
        }
        (temporary / f"openclaw-1000/gateway.{name}.lock").write_text(json.dumps(fields))
    (lock,) = read_gateway(root, "json", temporary=temporary).locks
    assert (lock.path, lock.pid, lock.start_ticks, lock.outside) == (
        str(temporary / "openclaw-1000/gateway.a.lock"),
        5,
        9,
        True,
    )


def test_an_agents_transcript_is_its_runs_sign_of_life(tmp_path: Path) -> None:
    import sqlite3

    store, now = GatewayStore(tmp_path), now_ms()
    store.job("job")
    store.receipt("r", "job", "running", now - 50 * MINUTE)
    store.task("t", "job", "running", now - 50 * MINUTE, receipt="r", child_session_key="agent:main:cron:job")
    (tmp_path / "agents/main/agent").mkdir(parents=True)
    agent = sqlite3.connect(tmp_path / "agents/main/agent/openclaw-agent.sqlite", isolation_level=None)
    agent.execute("PRAGMA journal_mode=WAL")
    agent.execute("CREATE TABLE session_nodes (session_key TEXT, current_session_id TEXT)")
    agent.execute("CREATE TABLE transcript_events (session_id TEXT, seq INTEGER, created_at INTEGER)")
    agent.execute("INSERT INTO session_nodes VALUES ('agent:main:cron:job', 's')")
    agent.executemany("INSERT INTO transcript_events VALUES ('s', ?, ?)", [(1, now - 9 * MINUTE), (2, now - MINUTE)])
    (run,) = read_gateway(tmp_path, "sqlite").runs["job"]
    assert run.last_event == instant(now - MINUTE)
    agent.close()
    store.close()


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples of released gateways are not beside the checkout")
@pytest.mark.parametrize(
    ("place", "jobs", "going", "version"),
    [
        ("2026.9.6/running", 6, 1, "2026.9.6"),
        ("2026.9.6/gateway-killed-mid-run", 6, 1, "2026.9.6"),
        ("2026.9.6/after-restart", 6, 0, "2026.9.6"),
        ("2026.9.6/final", 6, 0, "2026.9.6"),
        ("2026.5.28", 3, 0, None),
    ],
)
def test_stores_of_released_gateways_are_read(place: str, jobs: int, going: int, version: str | None) -> None:
    root = SAMPLES / place
    kind = store_kind(root)
    assert kind is not None
    state = read_gateway(root, kind, temporary=root / "none")
    assert (len(state.jobs), len(state.going), state.app_version) == (jobs, going, version)
    assert not state.problems

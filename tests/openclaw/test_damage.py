"""Each kind of damage is a problem of one plain line, and the rest is read."""

from __future__ import annotations

import json
import os
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from clawtui.files.store_kind import store_kind
from clawtui.model.gateway.findings.examine import examine
from clawtui.model.gateway.state import GatewayState
from clawtui.openclaw.reader import read_gateway
from clawtui.operations.openclaw.report import report_gateway
from tests.openclaw.gateway_store import GatewayStore, gateway_lock, json_store, now_ms


def read(root: Path) -> GatewayState:
    kind = store_kind(root)
    assert kind is not None
    return read_gateway(root, kind, temporary=root)


def only_problem(state: GatewayState) -> str:
    (problem,) = state.problems
    assert "\n" not in problem.message and "Traceback" not in problem.message
    return f"{problem.path}: {problem.message}"


@pytest.fixture
def store(tmp_path: Path) -> GatewayStore:
    made = GatewayStore(tmp_path)
    for number in range(100):
        made.job(f"job-{number}")
    return made


def test_an_empty_file_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state/openclaw.sqlite").touch()
    assert "no table cron_jobs" in only_problem(read(tmp_path))


def test_a_file_that_is_no_database_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state/openclaw.sqlite").write_bytes(b"x" * 8192)
    state = read(tmp_path)
    assert "is damaged" in only_problem(state) and not state.is_complete


def test_a_truncated_database_is_a_problem(store: GatewayStore) -> None:
    store.close()
    data = store.path.read_bytes()
    store.path.write_bytes(data[: len(data) // 2])
    state = read(store.root)
    assert state.problems and not state.is_complete
    assert "is damaged" in state.problems[0].message


def test_overwritten_pages_are_a_problem(store: GatewayStore) -> None:
    store.close()
    data = bytearray(store.path.read_bytes())
    data[4096 : len(data) - 4096] = os.urandom(len(data) - 8192)
    store.path.write_bytes(data)
    assert read(store.root).problems


def test_a_damaged_log_ends_where_it_is_damaged_as_for_the_gateway(store: GatewayStore) -> None:
    """SQLite takes frames up to the first that does not fit: before that the table may be missing."""
    wal = store.path.with_name(store.path.name + "-wal")
    copy = store.root / "copy"
    (copy / "state").mkdir(parents=True)
    (copy / "state/openclaw.sqlite").write_bytes(store.path.read_bytes())
    (copy / "state/openclaw.sqlite-wal").write_bytes(wal.read_bytes()[:5000] + b"\0" * 5000)
    store.close()
    state = read(copy)
    assert state.problems or not state.jobs


@pytest.mark.parametrize("statement", ["BEGIN EXCLUSIVE", "BEGIN IMMEDIATE"])
def test_a_transaction_of_the_gateway_does_not_block_readers(store: GatewayStore, statement: str) -> None:
    store.connection.execute(statement)
    store.job("uncommitted")
    state = read(store.root)
    assert len(state.jobs) == 100 and not state.problems
    store.connection.execute("ROLLBACK")


def test_a_database_that_is_locked_as_a_whole_is_read_from_a_copy(store: GatewayStore) -> None:
    """A migration locks it: no other process may open the database meanwhile."""
    store.connection.execute("PRAGMA locking_mode=EXCLUSIVE")
    store.job("one more")
    state = read(store.root)
    assert len(state.jobs) == 101 or "locked" in only_problem(state)


def test_a_rollback_journal_is_not_passed_over(tmp_path: Path) -> None:
    """A writer in the older journal mode has pages in the database that may never be committed."""
    store = GatewayStore(tmp_path)
    store.connection.execute("PRAGMA journal_mode=DELETE")
    store.job("one")
    store.connection.execute("PRAGMA cache_size=1")
    store.connection.execute("BEGIN")
    for number in range(500):
        store.job(f"uncommitted-{number}")
    assert (tmp_path / "state/openclaw.sqlite-journal").exists()
    state = read(tmp_path)
    assert set(state.jobs) <= {"one"}
    assert state.jobs or state.problems
    store.connection.execute("ROLLBACK")


def test_missing_tables_affect_only_their_own_data(store: GatewayStore) -> None:
    for table in ("cron_run_receipts", "task_runs", "state_leases", "gateway_boot_lifecycle", "schema_meta"):
        store.connection.execute(f"DROP TABLE {table}")
    state = read(store.root)
    assert len(state.jobs) == 100 and not state.problems and state.lease is None


def test_a_missing_stable_column_is_a_problem_with_the_known_version(store: GatewayStore) -> None:
    store.connection.execute("ALTER TABLE cron_jobs DROP COLUMN state_json")
    state = read(store.root)
    assert "no column state_json" in only_problem(state) and "2026.9.6" in only_problem(state)
    assert len(state.jobs) == 100


def test_unknown_columns_are_ignored_and_a_newer_version_is_reported(tmp_path: Path) -> None:
    store = GatewayStore(tmp_path, version=99)
    store.connection.execute("ALTER TABLE cron_jobs ADD COLUMN future TEXT")
    store.job("one", nextRunAtMs=now_ms() + 10**6, lastRunAtMs=now_ms())
    state = read(tmp_path)
    assert set(state.jobs) == {"one"} and state.is_newer
    assert "schema version 99" in only_problem(state)
    report = report_gateway(tmp_path, datetime.now(UTC), temporary=tmp_path)
    assert [finding.code for finding in examine(report)] == ["database-newer"]
    store.close()


@pytest.mark.parametrize(
    ("state", "problem"),
    [
        ({"nextRunAtMs": "soon"}, "state_json.nextRunAtMs must be a time"),
        ({"nextRunAtMs": 10**30}, "state_json.nextRunAtMs must be a time"),
        ({"nextRunAtMs": True}, "state_json.nextRunAtMs must be a time"),
        ({"lastError": ["x"]}, "state_json.lastError must be text"),
        ({"consecutiveErrors": 1.5}, "state_json.consecutiveErrors must be a whole number"),
        ({"lastDurationMs": "1"}, "state_json.lastDurationMs must be a number"),
    ],
)
def test_an_odd_value_is_a_problem_of_its_field_alone(tmp_path: Path, state: dict[str, Any], problem: str) -> None:
    store = GatewayStore(tmp_path)
    store.job("odd", lastStatus="ok", **state)
    store.job("even", lastStatus="ok")
    found = read(tmp_path)
    assert problem in only_problem(found)
    assert found.jobs["odd"].state.last_status == "ok" and not found.jobs["even"].problems
    store.close()


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"x"', "[" * 100_000, "9" * 5000, '{"schedule": 5}'])
def test_a_job_with_an_invalid_definition_is_listed(tmp_path: Path, text: str) -> None:
    store = GatewayStore(tmp_path)
    store.job("odd", lastStatus="ok")
    store.connection.execute("UPDATE cron_jobs SET job_json = ?", (text,))
    state = read(tmp_path)
    assert state.status_of(state.jobs["odd"]) == "invalid" and state.jobs["odd"].name == "Job odd"
    assert state.problems
    store.close()


def test_invalid_utf_8_is_a_problem(tmp_path: Path) -> None:
    store = GatewayStore(tmp_path)
    store.job("odd")
    store.connection.execute("UPDATE cron_jobs SET name = CAST(x'ff41' AS TEXT), job_json = x'00ff'")
    assert read(tmp_path).jobs["odd"].problems
    store.close()


def test_a_receipt_without_a_start_is_a_problem(tmp_path: Path) -> None:
    store = GatewayStore(tmp_path)
    store.job("one")
    store.receipt("r", "one", "somehow", now_ms(), now_ms())
    assert "“somehow” is not known" in only_problem(read(tmp_path))
    store.close()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"jobs": 5}', '{"version": 1, "jobs": [5, {"name": "no id"}]}'])
def test_an_invalid_jobs_file_is_a_problem(tmp_path: Path, text: str) -> None:
    (tmp_path / "cron").mkdir()
    (tmp_path / "cron/jobs.json").write_text(text)
    state = read(tmp_path)
    assert state.problems and not state.jobs


def test_a_truncated_line_of_a_run_log_is_a_problem_and_the_rest_is_read(tmp_path: Path) -> None:
    entry = {"ts": now_ms(), "jobId": "one", "status": "ok", "runAtMs": now_ms() - 10, "durationMs": 10}
    json_store(
        tmp_path,
        [{"id": "one", "enabled": True, "schedule": {"kind": "every", "everyMs": 60000}}],
        {},
        {"one": [entry]},
    )
    with (tmp_path / "cron/runs/one.jsonl").open("a") as file:
        file.write("{broken\n" + json.dumps({**entry, "status": "error"}) + "\n" + '{"half": ')
    state = read(tmp_path)
    assert [run.status for run in state.runs["one"]] == ["success", "failed"]
    assert "no JSON object" in only_problem(state)


def test_an_id_that_would_leave_the_root_has_no_log(tmp_path: Path) -> None:
    (tmp_path / "outside.jsonl").write_text(json.dumps({"ts": 1, "status": "ok"}) + "\n")
    json_store(tmp_path / "root", [{"id": "../../../outside", "enabled": True, "schedule": {"kind": "stream"}}])
    state = read(tmp_path / "root")
    assert not state.runs and "plain path" in only_problem(state)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": "x"}', '{"pid": 1, "createdAt": "yesterday"}'])
def test_an_invalid_lock_is_a_problem(tmp_path: Path, text: str) -> None:
    GatewayStore(tmp_path).close()
    gateway_lock(tmp_path, pid=1).write_text(text)
    (lock,) = read(tmp_path).locks
    assert lock.problem is not None


def test_links_are_not_followed(tmp_path: Path) -> None:
    GatewayStore(tmp_path / "real").close()
    (tmp_path / "root/state").mkdir(parents=True)
    (tmp_path / "root/state/openclaw.sqlite").symlink_to(tmp_path / "real/state/openclaw.sqlite")
    assert store_kind(tmp_path / "root") is None
    (tmp_path / "other").mkdir()
    (tmp_path / "other/state").symlink_to(tmp_path / "real/state")
    assert store_kind(tmp_path / "other") is None


def test_nothing_is_taken_for_a_root_by_the_mere_name_of_a_directory(tmp_path: Path) -> None:
    for name in ("state", "cron", "tasks", "agents", "cron/jobs.json", "state/openclaw.sqlite"):
        (tmp_path / name).mkdir(parents=True, exist_ok=True)
    assert store_kind(tmp_path) is None


def test_a_database_of_another_program_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    other = sqlite3.connect(tmp_path / "state/openclaw.sqlite")
    other.execute("CREATE TABLE books (title)")
    other.commit()
    other.close()
    assert "no table cron_jobs" in only_problem(read(tmp_path))

"""The store that the simulated stock gateway writes: its database, its agent's database, its lock and its log."""

from __future__ import annotations

import json
import os
import sqlite3
import time
import uuid
from pathlib import Path
from typing import Final

_TABLES: Final = """
CREATE TABLE schema_meta (meta_key TEXT NOT NULL PRIMARY KEY, role TEXT NOT NULL, schema_version INTEGER NOT NULL,
  agent_id TEXT, app_version TEXT, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL);
CREATE TABLE cron_jobs (store_key TEXT NOT NULL, job_id TEXT NOT NULL, name TEXT NOT NULL, description TEXT,
  enabled INTEGER NOT NULL, agent_id TEXT, payload_kind TEXT NOT NULL, job_json TEXT NOT NULL,
  state_json TEXT NOT NULL DEFAULT '{}', runtime_updated_at_ms INTEGER, schedule_identity TEXT,
  sort_order INTEGER NOT NULL DEFAULT 0, updated_at INTEGER NOT NULL, PRIMARY KEY (store_key, job_id));
CREATE TABLE cron_run_receipts (receipt_id TEXT PRIMARY KEY, store_key TEXT NOT NULL, job_id TEXT NOT NULL,
  config_revision TEXT NOT NULL, agent_id TEXT NOT NULL, request_run_id TEXT, status TEXT NOT NULL,
  owner_pid INTEGER NOT NULL, owner_start_time INTEGER, started_at_ms INTEGER NOT NULL, finished_at_ms INTEGER,
  error_text TEXT);
CREATE INDEX idx_cron_run_receipts_job_history
  ON cron_run_receipts(store_key, job_id, started_at_ms DESC, receipt_id DESC);
CREATE TABLE task_runs (task_id TEXT NOT NULL PRIMARY KEY, runtime TEXT NOT NULL, task_kind TEXT, source_id TEXT,
  owner_key TEXT NOT NULL, scope_kind TEXT NOT NULL, child_session_key TEXT, run_id TEXT, execution_owner_host TEXT,
  execution_owner_pid INTEGER, execution_owner_start_identity INTEGER, label TEXT, task TEXT NOT NULL,
  status TEXT NOT NULL, delivery_status TEXT NOT NULL, notify_policy TEXT NOT NULL, created_at INTEGER NOT NULL,
  started_at INTEGER, ended_at INTEGER, last_event_at INTEGER, error TEXT, progress_summary TEXT,
  terminal_summary TEXT, detail_json TEXT);
CREATE INDEX idx_task_runs_runtime_source_ended
  ON task_runs(runtime, source_id, ended_at, created_at, task_id);
CREATE TABLE state_leases (scope TEXT NOT NULL, lease_key TEXT NOT NULL, owner TEXT NOT NULL, expires_at INTEGER,
  heartbeat_at INTEGER, payload_json TEXT, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,
  PRIMARY KEY (scope, lease_key));
CREATE TABLE gateway_boot_lifecycle (boot_id TEXT NOT NULL PRIMARY KEY, pid INTEGER NOT NULL,
  started_at_ms INTEGER NOT NULL, completed_at_ms INTEGER, outcome TEXT, startup_reason TEXT, reason TEXT);
PRAGMA user_version = 18;
"""
_AGENT_TABLES: Final = """
CREATE TABLE session_nodes (session_key TEXT NOT NULL PRIMARY KEY, current_session_id TEXT NOT NULL,
  entry_json TEXT NOT NULL, updated_at INTEGER NOT NULL);
CREATE TABLE transcript_events (session_id TEXT NOT NULL, seq INTEGER NOT NULL, event_json TEXT,
  created_at INTEGER NOT NULL, PRIMARY KEY (session_id, seq));
"""
LOG: Final = "logs/openclaw-demo.log"
"""In the demo's directory, so that it is removed with it."""
VERSION: Final = "2026.9.6"
LEASE_MS: Final = 300_000


def now_ms() -> int:
    """Return the time in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


class GatewayStore:
    """The writer of all files of the gateway below ``root``."""

    def __init__(self, root: Path) -> None:
        self.key = str(root / "cron/jobs.json")
        self._root = root
        self._database = _created(root / "state/openclaw.sqlite", _TABLES)
        self._agent = _created(root / "agents/main/agent/openclaw-agent.sqlite", _AGENT_TABLES)
        (root / "logs").mkdir(exist_ok=True)
        (root / "openclaw.json").write_text(json.dumps({"logging": {"file": str(root / LOG)}}, indent=2))
        at = now_ms()
        self.put("schema_meta", meta_key="primary", role="global", schema_version=18, app_version=VERSION)
        self._database.execute("UPDATE schema_meta SET created_at = ?, updated_at = ?", (at, at))

    def put(self, table: str, **values: object) -> None:
        """Insert a row, or replace the one with the same key. Required columns that are not named get 0."""
        row = {"created_at": 0, "updated_at": 0, **values} if table == "schema_meta" else values
        names, places = ", ".join(row), ", ".join("?" for _ in row)
        self._database.execute(f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({places})", tuple(row.values()))

    def put_job(self, definition: dict[str, object], state: dict[str, object]) -> None:
        """Write the row of a job."""
        payload = definition["payload"]
        self.put(
            "cron_jobs",
            store_key=self.key,
            job_id=definition["id"],
            name=definition["name"],
            enabled=int(bool(definition["enabled"])),
            agent_id="main",
            payload_kind=payload["kind"] if isinstance(payload, dict) else "command",
            job_json=json.dumps(definition),
            state_json=json.dumps(state),
            updated_at=now_ms(),
        )

    def put_run(
        self,
        receipt: str,
        job: dict[str, object],
        owner: tuple[int, int | None, str],
        started: int,
        *,
        finished: int | None = None,
        status: str = "running",
        error: str | None = None,
        session: str | None = None,
        detail: dict[str, object] | None = None,
    ) -> None:
        """Write the receipt and the task of a run; `owner` is a process's pid, its start in ticks and its host."""
        self._put_receipt(receipt, job, owner, started, finished, status, error)
        failed = status == "error" or (detail or {}).get("deliveryStatus") == "failed"
        ended = "failed" if failed else "succeeded"
        pid, ticks, host = owner
        self.put(
            "task_runs",
            task_id=f"task-{receipt}",
            runtime="cron",
            task_kind="automation_run",
            source_id=job["id"],
            owner_key="",
            scope_kind="system",
            child_session_key=None if session is None else f"agent:main:cron:{job['id']}:run:{session}",
            run_id=f"cron:{job['id']}:{started}:{receipt}",
            execution_owner_host=host,
            execution_owner_pid=pid,
            execution_owner_start_identity=ticks,
            label=job["name"],
            task=job["name"],
            status="running" if finished is None else ended,
            delivery_status="not_applicable",
            notify_policy="silent",
            created_at=started,
            started_at=started,
            ended_at=finished,
            last_event_at=finished or started,
            error=error,
            terminal_summary=(detail or {}).get("summary"),
            detail_json=None if detail is None else json.dumps(detail),
        )

    def _put_receipt(
        self,
        receipt: str,
        job: dict[str, object],
        owner: tuple[int, int | None, str],
        started: int,
        finished: int | None,
        status: str,
        error: str | None,
    ) -> None:
        pid, ticks, _ = owner
        self.put(
            "cron_run_receipts",
            receipt_id=receipt,
            store_key=self.key,
            job_id=job["id"],
            config_revision="demo",
            agent_id="main",
            status=status,
            owner_pid=pid,
            owner_start_time=ticks,
            started_at_ms=started,
            finished_at_ms=finished,
            error_text=error,
        )

    def put_lease(self, owner: tuple[int, int | None, str], since: int) -> None:
        """Renew the lease of the gateway."""
        pid, ticks, host = owner
        at = now_ms()
        self.put(
            "state_leases",
            scope="gateway-owner",
            lease_key="global",
            owner=f"{host}:{pid}",
            expires_at=at + LEASE_MS,
            heartbeat_at=at,
            payload_json=json.dumps({"owner": {"pid": pid, "host": host, "startedAt": ticks}, "port": 18789}),
            created_at=since,
            updated_at=at,
        )

    def put_lock(self, owner: tuple[int, int | None, str]) -> None:
        """Write the lock file of the gateway, padded like the real one."""
        path = self._root / f"tmp/openclaw-{os.getuid()}/gateway.state.lock"
        path.parent.mkdir(parents=True, exist_ok=True)
        held = {"pid": owner[0], "createdAt": _iso(now_ms()), "stateDir": str(self._root), "startTime": owner[1]}
        path.write_text(json.dumps(held, indent=2) + "\n" + "\t " * 40)

    def say(self, session: str, seq: int, job: dict[str, object], message: dict[str, object]) -> None:
        """Add a message to the transcript of a session."""
        at = now_ms()
        event = {"type": "message", "id": str(uuid.uuid4()), "timestamp": _iso(at), "message": message}
        key = f"agent:main:cron:{job['id']}"
        self._agent.execute("INSERT OR REPLACE INTO session_nodes VALUES (?, ?, '{}', ?)", (key, session, at))
        self._agent.execute("INSERT INTO transcript_events VALUES (?, ?, ?, ?)", (session, seq, json.dumps(event), at))

    def log(self, message: str, level: str = "INFO", **fields: object) -> None:
        """Add a line to the log."""
        at = _iso(now_ms())
        line = {"0": '{"module":"cron"}', "1": fields, "2": message, "_meta": {"date": at, "logLevelName": level}}
        with (self._root / LOG).open("a") as file:
            file.write(json.dumps({**line, "time": at, "message": message}) + "\n")

    def close(self) -> None:
        """Close both databases."""
        self._database.close()
        self._agent.close()


def _created(path: Path, tables: str) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, isolation_level=None, timeout=10)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=OFF")
    connection.executescript(tables)
    return connection


def _iso(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + f".{rest:03d}Z"

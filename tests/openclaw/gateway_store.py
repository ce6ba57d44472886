"""Writes what a stock gateway keeps, independently of the reader: the tables of each generation, and the JSON era."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import sys
import time
from pathlib import Path
from typing import Any, Literal

Generation = Literal["2026.9.6", "2026.6.1"]

_SHARED = """
CREATE TABLE IF NOT EXISTS schema_meta (meta_key TEXT NOT NULL PRIMARY KEY, role TEXT NOT NULL,
  schema_version INTEGER NOT NULL, agent_id TEXT, app_version TEXT, created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS task_runs (task_id TEXT NOT NULL PRIMARY KEY, runtime TEXT NOT NULL, task_kind TEXT,
  source_id TEXT, owner_key TEXT NOT NULL DEFAULT '', scope_kind TEXT NOT NULL DEFAULT 'system',
  child_session_key TEXT, run_id TEXT, label TEXT, task TEXT NOT NULL DEFAULT '', status TEXT NOT NULL,
  delivery_status TEXT NOT NULL DEFAULT 'not_applicable', notify_policy TEXT NOT NULL DEFAULT 'silent',
  created_at INTEGER NOT NULL, started_at INTEGER, ended_at INTEGER, last_event_at INTEGER, error TEXT,
  progress_summary TEXT, terminal_summary TEXT, detail_json TEXT);
"""
_NEW = """
CREATE TABLE IF NOT EXISTS cron_jobs (store_key TEXT NOT NULL, job_id TEXT NOT NULL, name TEXT NOT NULL,
  description TEXT, enabled INTEGER NOT NULL, agent_id TEXT, payload_kind TEXT NOT NULL, job_json TEXT NOT NULL,
  state_json TEXT NOT NULL DEFAULT '{}', runtime_updated_at_ms INTEGER, schedule_identity TEXT,
  sort_order INTEGER NOT NULL DEFAULT 0, updated_at INTEGER NOT NULL, PRIMARY KEY (store_key, job_id));
CREATE TABLE IF NOT EXISTS cron_run_receipts (receipt_id TEXT PRIMARY KEY, store_key TEXT NOT NULL,
  job_id TEXT NOT NULL, config_revision TEXT NOT NULL, agent_id TEXT NOT NULL, request_run_id TEXT,
  status TEXT NOT NULL, owner_pid INTEGER NOT NULL, owner_start_time INTEGER, started_at_ms INTEGER NOT NULL,
  finished_at_ms INTEGER, error_text TEXT);
CREATE INDEX IF NOT EXISTS idx_cron_run_receipts_job_history
  ON cron_run_receipts(store_key, job_id, started_at_ms DESC, receipt_id DESC);
CREATE TABLE IF NOT EXISTS state_leases (scope TEXT NOT NULL, lease_key TEXT NOT NULL, owner TEXT NOT NULL,
  expires_at INTEGER, heartbeat_at INTEGER, payload_json TEXT, created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL, PRIMARY KEY (scope, lease_key));
CREATE TABLE IF NOT EXISTS gateway_boot_lifecycle (boot_id TEXT NOT NULL PRIMARY KEY, pid INTEGER NOT NULL,
  started_at_ms INTEGER NOT NULL, completed_at_ms INTEGER, outcome TEXT, startup_reason TEXT, reason TEXT);
"""
_OLD = """
CREATE TABLE IF NOT EXISTS cron_jobs (store_key TEXT NOT NULL, job_id TEXT NOT NULL, name TEXT NOT NULL,
  enabled INTEGER NOT NULL, schedule_kind TEXT, schedule_expr TEXT, next_run_at_ms INTEGER, running_at_ms INTEGER,
  last_run_status TEXT, consecutive_errors INTEGER, job_json TEXT NOT NULL, state_json TEXT NOT NULL DEFAULT '{}',
  updated_at INTEGER NOT NULL, PRIMARY KEY (store_key, job_id));
CREATE TABLE IF NOT EXISTS cron_run_logs (store_key TEXT NOT NULL, job_id TEXT NOT NULL, seq INTEGER NOT NULL,
  ts INTEGER NOT NULL, status TEXT, entry_json TEXT NOT NULL, created_at INTEGER NOT NULL,
  PRIMARY KEY (store_key, job_id, seq));
"""
STORE_KEY = "/home/operator/.openclaw/cron/jobs.json"
DAY_MS = 86_400_000


def now_ms() -> int:
    return time.time_ns() // 1_000_000


class GatewayStore:
    """The shared database below ``root``, in WAL mode, as the gateway has it open."""

    def __init__(self, root: Path, generation: Generation = "2026.9.6", version: int | None = None) -> None:
        self.root = root
        self.path = root / "state/openclaw.sqlite"
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.connection = sqlite3.connect(self.path, isolation_level=None, timeout=30)
        self.connection.execute("PRAGMA journal_mode=WAL")
        self.connection.execute("PRAGMA synchronous=OFF")
        self.connection.executescript(_SHARED + (_NEW if generation == "2026.9.6" else _OLD))
        known = 18 if generation == "2026.9.6" else 4
        self.connection.execute(f"PRAGMA user_version={known if version is None else version}")
        self.insert(
            "schema_meta",
            meta_key="primary",
            role="global",
            schema_version=known,
            app_version=generation,
            created_at=1,
            updated_at=1,
        )

    def insert(self, table: str, **values: Any) -> None:
        names = ", ".join(values)
        places = ", ".join("?" for _ in values)
        self.connection.execute(f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({places})", tuple(values.values()))

    def job(
        self,
        id: str,
        schedule: dict[str, object] | None = None,
        enabled: bool = True,
        created: int | None = None,
        updated: int | None = None,
        definition: dict[str, object] | None = None,
        **state: object,
    ) -> None:
        """Add a job, with its state as keyword arguments by the gateway's names."""
        created = now_ms() - DAY_MS if created is None else created
        name = f"Job {id}"
        fields = {
            "id": id,
            "name": name,
            "enabled": enabled,
            "createdAtMs": created,
            "schedule": schedule or {"kind": "every", "everyMs": 3_600_000, "anchorMs": created},
            "payload": {"kind": "command"},
            **(definition or {}),
        }
        columns = {row[1] for row in self.connection.execute("PRAGMA table_info(cron_jobs)")}
        kind = {"payload_kind": "command"} if "payload_kind" in columns else {}
        self.insert(
            "cron_jobs",
            store_key=STORE_KEY,
            job_id=id,
            name=name,
            enabled=int(enabled),
            job_json=json.dumps(fields),
            state_json=json.dumps(state),
            updated_at=created if updated is None else updated,
            **kind,
        )

    def receipt(
        self,
        id: str,
        job: str,
        status: str,
        started: int,
        finished: int | None = None,
        pid: int = 1,
        ticks: int | None = None,
        error: str | None = None,
    ) -> None:
        self.insert(
            "cron_run_receipts",
            receipt_id=id,
            store_key=STORE_KEY,
            job_id=job,
            config_revision="r",
            agent_id="main",
            status=status,
            owner_pid=pid,
            owner_start_time=ticks,
            started_at_ms=started,
            finished_at_ms=finished,
            error_text=error,
        )

    def task(
        self,
        id: str,
        job: str,
        status: str,
        started: int,
        ended: int | None = None,
        receipt: str | None = None,
        **more: object,
    ) -> None:
        run_id = f"cron:{job}:{started}" + (f":{receipt}" if receipt else "")
        self.insert(
            "task_runs",
            task_id=id,
            runtime="cron",
            source_id=job,
            run_id=run_id,
            status=status,
            created_at=started,
            started_at=started,
            ended_at=ended,
            last_event_at=ended or started,
            **more,
        )

    def log(self, job: str, seq: int, entry: dict[str, object]) -> None:
        self.insert(
            "cron_run_logs",
            store_key=STORE_KEY,
            job_id=job,
            seq=seq,
            ts=now_ms(),
            entry_json=json.dumps(entry),
            created_at=now_ms(),
        )

    def lease(
        self, pid: int, host: str, ticks: int | None, created: int, heartbeat: int, expires: int | None = None
    ) -> None:
        owner = {"pid": pid, "host": host, "startedAt": ticks}
        self.insert(
            "state_leases",
            scope="gateway-owner",
            lease_key="global",
            owner="o",
            expires_at=heartbeat + 300_000 if expires is None else expires,
            heartbeat_at=heartbeat,
            payload_json=json.dumps({"owner": owner, "port": 19876, "mode": "foreground"}),
            created_at=created,
            updated_at=heartbeat,
        )

    def boot(self, pid: int, started: int, completed: int | None = None, reason: str | None = None) -> None:
        self.insert(
            "gateway_boot_lifecycle",
            boot_id=str(started),
            pid=pid,
            started_at_ms=started,
            completed_at_ms=completed,
            outcome="clean_stop" if completed else None,
            reason=reason,
        )

    def close(self) -> None:
        self.connection.close()


def gateway_lock(root: Path, name: str = "gateway.state.lock", **fields: object) -> Path:
    """Write a lock of a gateway of 2026.8 or later, with its padding."""
    path = root / "tmp/openclaw-1000" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(fields, indent=2) + "\n" + "\t " * 80)
    return path


def json_store(
    root: Path,
    jobs: list[dict[str, object]],
    states: dict[str, object] | None = None,
    runs: dict[str, list[dict[str, object]]] | None = None,
) -> None:
    """Write the files of a gateway before 2026.6."""
    (root / "cron/runs").mkdir(parents=True, exist_ok=True)
    (root / "cron/jobs.json").write_text(json.dumps({"version": 1, "jobs": jobs}))
    if states is not None:
        (root / "cron/jobs-state.json").write_text(json.dumps({"version": 1, "jobs": states}))
    for job, entries in (runs or {}).items():
        (root / f"cron/runs/{job}.jsonl").write_text("".join(json.dumps(entry) + "\n" for entry in entries))


def obey(store: GatewayStore) -> None:
    """Execute each line, an SQL statement or ``commit N``, which waits for the disk, and answer with a line."""
    store.connection.execute("PRAGMA synchronous=FULL")
    print("ready", flush=True)
    for line in sys.stdin:
        if line.startswith("commit "):
            store.job("a", updated=int(line.split()[1]))
        else:
            store.connection.execute(line).fetchall()
        print(line, end="", flush=True)
    store.close()


def main(root: str, mode: str) -> None:
    """Be a gateway: ``live`` until standard input ends, ``killed`` in the middle, ``stopped``, ``busy`` or ``asked``.

    A busy one commits 200 times a second, and prints the milliseconds of its slowest commit at the end. One that is
    asked does what each line of standard input says.
    """
    store = GatewayStore(Path(root))
    if mode == "asked":
        obey(store)
        return
    for number in range(50):
        store.job(f"job-{number}")
        store.receipt(f"r-{number}", f"job-{number}", "ok", now_ms() - 1000, now_ms())
    print("ready", flush=True)
    if mode == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    slowest, until = 0.0, time.monotonic() + 3
    while mode == "busy" and time.monotonic() < until:
        began = time.monotonic()
        store.receipt("r-0", "job-0", "ok", now_ms() - 1000, now_ms())
        slowest = max(slowest, time.monotonic() - began)
        time.sleep(max(0.0, 0.005 - (time.monotonic() - began)))
    if mode == "live":
        sys.stdin.readline()
    store.close()
    print(slowest * 1000, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])

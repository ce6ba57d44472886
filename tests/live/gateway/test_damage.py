"""Each kind of damage to the database of a running dashboard: the last reading stays, with the reason."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from clawtui.model.fleet import Fleet
from clawtui.model.gateway.state import GatewayState
from clawtui.openclaw.incremental import GatewayReader
from tests.live.conftest import Watch
from tests.live.gateway.test_commits import Looks
from tests.live.gateway.test_session import OFTEN, jobs
from tests.openclaw.gateway_store import GatewayStore

Damage = Callable[[Path], object]
DAMAGED = "is damaged and cannot be read"


def statement(sql: str) -> Damage:
    """Return a damage that another program does in the database."""

    def damage(path: Path) -> None:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute(sql)

    return damage


def overwrite(start: int, end: int) -> Damage:
    def damage(path: Path) -> None:
        data = bytearray(path.read_bytes())
        data[start : end or len(data)] = b"\xa5" * ((end or len(data)) - start)
        path.write_bytes(data)

    return damage


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:6000])


DAMAGES: dict[str, tuple[Damage, str]] = {
    "the header overwritten": (overwrite(0, 100), DAMAGED),
    "all pages but the first overwritten": (overwrite(4096, 0), DAMAGED),
    "cut off": (truncate, DAMAGED),
    "emptied": (lambda path: path.write_bytes(b""), "has no table cron_jobs"),
    "the jobs' table dropped": (statement("DROP TABLE cron_jobs"), "has no table cron_jobs"),
    "the jobs' table renamed by a migration": (
        statement("ALTER TABLE cron_jobs RENAME TO old"),
        "has no table cron_jobs",
    ),
    "a stable column dropped": (statement("ALTER TABLE cron_jobs DROP COLUMN state_json"), "has no column state_json"),
    "a newer schema": (statement("PRAGMA user_version=99"), "is of schema version 99"),
}


def problems(fleet: Fleet) -> list[str]:
    return [problem.message for problem in fleet.problems.values()]


@pytest.mark.parametrize("name", DAMAGES)
def test_the_last_reading_stays_with_the_reason(tmp_path: Path, watch: Watch, name: str) -> None:
    damage, problem = DAMAGES[name]
    store = GatewayStore(tmp_path)
    store.job("a")
    store.job("b")
    store.close()
    good = store.path.read_bytes()
    watched = watch(root=tmp_path, timing=OFTEN)
    watched.until(lambda fleet: jobs(fleet) == {"a", "b"})
    damage(store.path)
    watched.until(lambda fleet: any(problem in message for message in problems(fleet)))
    assert jobs(watched.fleet) == {"a", "b"}
    (line,) = problems(watched.fleet)
    assert "\n" not in line and "Traceback" not in line
    print(f"| {name} | {line} |")
    for suffix in ("-wal", "-shm"):
        store.path.with_name(store.path.name + suffix).unlink(missing_ok=True)
    store.path.write_bytes(good)
    watched.until(lambda fleet: jobs(fleet) == {"a", "b"} and not problems(fleet))


@pytest.mark.parametrize("mode", ["BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"])
def test_a_migration_that_has_not_committed_is_not_seen(tmp_path: Path, watch: Watch, mode: str) -> None:
    store = GatewayStore(tmp_path)
    store.job("a")
    watched = watch(root=tmp_path, timing=OFTEN)
    watched.until(lambda fleet: jobs(fleet) == {"a"})
    for sql in (mode, "ALTER TABLE cron_jobs RENAME TO old", "CREATE TABLE cron_jobs (job_id TEXT)"):
        store.connection.execute(sql)
    watched.model.rescan()
    assert jobs(watched.fleet) == {"a"} and not problems(watched.fleet)
    store.connection.execute("ROLLBACK")
    store.job("b")
    watched.until(lambda fleet: jobs(fleet) == {"a", "b"} and not problems(fleet))
    store.close()


def test_a_damaged_store_is_read_more_and_more_rarely_until_it_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = GatewayStore(tmp_path)
    store.job("a")
    store.close()
    good = store.path.read_bytes()
    overwrite(0, 100)(store.path)
    looks = Looks(tmp_path, "sqlite")
    readings: list[float] = []
    read = GatewayReader.read

    def read_counted(reader: GatewayReader) -> GatewayState:
        readings.append(looks.now)
        return read(reader)

    monkeypatch.setattr(GatewayReader, "read", read_counted)
    looks.look_for(60)
    assert len(readings) <= 60 / 4 + 10
    latest = len(readings)
    store.path.write_bytes(good)
    assert looks.jobs == {"a"}
    assert len(readings) == latest + 1
    looks.session.close()

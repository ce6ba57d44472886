"""The moment that the pictures show."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from clawtui.files.json5.document import load_document
from clawtui.model.documents.concurrency import ConcurrencyState
from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.documents.workspace import ProgressState, RuntimeState
from clawtui.storage.locks.manager import RepositoryLockManager
from clawtui.storage.paths import StatePaths
from tests.demo.loading import faults
from tests.demo.still import DEAD_PID, GATEWAY_PID, STILL_HOST, write_still

NOW = datetime(2025, 1, 26, 14, 32, 7, tzinfo=UTC)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("still")
    write_still(directory, NOW)
    return directory


def _contents(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def _states(root: Path) -> dict[str, RuntimeState]:
    workspaces = root / "automations" / "workspaces"
    found = {path.name: load_document(path, "state.json", RuntimeState)[0] for path in workspaces.iterdir()}
    return {id: state for id, state in found.items() if state.running}


def test_it_is_the_same_at_every_call_and_in_every_place(root: Path, tmp_path: Path) -> None:
    write_still(tmp_path, NOW)
    assert _contents(tmp_path) == _contents(root)


def test_every_file_is_a_document_but_the_one_with_the_typo(root: Path) -> None:
    (path, reason), *others = faults(root).items()
    assert not others
    assert path == "config/smart-sync-fork/sync-mitmproxy.json"
    assert "expects a colon" in reason


def test_three_runs_are_going_at_different_points(root: Path) -> None:
    states = _states(root)
    assert {id: state.progress.percentage for id, state in states.items()} == {
        "sync-ripgrep": 65,
        "sync-vite": 10,
        "sync-uv": states["sync-uv"].progress.percentage,
    }
    silent = states["sync-uv"].last_update
    assert silent is not None
    assert NOW - silent == timedelta(minutes=25)
    timeline, _ = load_document(root / "automations", "workspaces/sync-ripgrep/progress.json", ProgressState)
    assert len(timeline.timeline) >= 8
    log = max((root / "automations" / "logs" / "smart-sync-fork").glob("sync-ripgrep-2025-*"))
    assert len(log.read_text().splitlines()) >= 40


def test_all_slots_are_taken_by_the_runs_that_are_going(root: Path) -> None:
    slots, _ = load_document(root / "automations", "config/concurrency-state.json", ConcurrencyState)
    assert slots.max_slots == 3
    assert {slot.session_id for slot in slots.active_slots} == {s.session_id for s in _states(root).values()}


def test_locks_of_every_kind_are_there(root: Path) -> None:
    readings = RepositoryLockManager(StatePaths(root)).list_locks()
    locks = {path: reading.value for path, reading in readings.items()}
    holders: dict[str, RepositoryLock] = {lock.automation_id: lock for lock in locks.values() if lock is not None}
    assert {id for id, lock in holders.items() if lock.pid == GATEWAY_PID} == set(_states(root))
    assert holders["sync-hugo"].pid == DEAD_PID
    assert holders["sync-excalidraw"].hostname != STILL_HOST
    assert holders["sync-prometheus"].expired(NOW, timedelta(hours=4))
    assert "locks/github.com/mkessler/prometheus.lock" in locks


def test_skips_and_a_failure_are_in_the_dispatchers_log(root: Path) -> None:
    (log,) = (root / "automations" / "logs" / "dispatcher").glob("2025-01-26.jsonl")
    entries = [json.loads(line) for line in log.read_text().splitlines()]
    assert {entry.get("reason") for entry in entries} >= {"repository-locked", "concurrency-limit"}
    assert "automation-failed" in {entry["event"] for entry in entries}
    assert [entry["timestamp"] for entry in entries] == sorted(entry["timestamp"] for entry in entries)


def test_all_three_names_of_logs_are_there(root: Path) -> None:
    logs = [path.name for path in (root / "automations" / "logs").rglob("*.jsonl")]
    assert any(name.startswith("sync-ripgrep-2025-01-26-") for name in logs)
    assert any(name.startswith("sync-ripgrep-20250126-") for name in logs)
    assert any((root / "automations" / "logs" / "dependency-report").glob("2025-*.jsonl"))


def test_no_run_ends_before_it_begins_or_overlaps_another(root: Path) -> None:
    for path in (root / "automations" / "workspaces").iterdir():
        state, _ = load_document(path, "state.json", RuntimeState)
        assert state.start_time is not None
        assert state.last_update is not None
        assert state.start_time <= state.last_update <= NOW

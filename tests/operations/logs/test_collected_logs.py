"""All logs as one log that is followed."""

from __future__ import annotations

import json
import os
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import psutil
import pytest

from clawtui.files.logs.line_access import AllLines
from clawtui.operations.logs import collected_logs
from clawtui.operations.logs.collected_logs import CollectedLogs
from clawtui.storage.paths import StatePaths
from tests.gateway_root import NOON, GatewayRoot, run_entry

DAY = timedelta(days=1)


def write(gateway: GatewayRoot, id: str, text: str, at: datetime) -> None:
    path = gateway.append_log(f"logs/smart-sync-fork/{id}-2025-01-26-11-00-00.jsonl", run_entry(id, text, at))
    os.utime(path, (NOON.timestamp(), NOON.timestamp()))


def rows_of(logs: CollectedLogs) -> list[tuple[str, str, int]]:
    """Return the source, message and number of each line."""
    lines = AllLines(logs.look()).after(0, 10_000)
    origins = [logs.origins[line.start] for line in lines]
    return [(o.source, json.loads(line.text)["message"], o.times) for line, o in zip(lines, origins, strict=True)]


def test_later_lines_are_appended_and_repeated_ones_counted(gateway: GatewayRoot) -> None:
    with closing(CollectedLogs(StatePaths(gateway.root), NOON - DAY)) as logs:
        write(gateway, "b", "2", NOON - timedelta(minutes=2))
        write(gateway, "a", "1", NOON - timedelta(minutes=3))
        assert logs.read()
        write(gateway, "b", "2", NOON)
        write(gateway, "a", "0", NOON - timedelta(minutes=1))
        assert logs.read()
        assert rows_of(logs) == [("a", "1", 1), ("b", "2", 1), ("a", "0", 1), ("b", "2", 1)]
        write(gateway, "b", "2", NOON)
        write(gateway, "c", "3", NOON + timedelta(minutes=1))
        assert logs.read(is_listed=True)
        assert rows_of(logs)[2:] == [("a", "0", 1), ("b", "2", 2), ("c", "3", 1)]
        assert not logs.read()


def test_the_number_of_open_logs_is_bounded_and_closed_ones_are_reopened(
    gateway: GatewayRoot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collected_logs, "_MOST_OPEN", 3)
    for number in range(20):
        write(gateway, f"run-{number:02}", "begun", NOON - timedelta(minutes=30 - number))
    with closing(CollectedLogs(StatePaths(gateway.root), NOON - DAY)) as logs:
        logs.read()
        files = [str(file.readlink()) for file in Path("/proc/self/fd").iterdir() if file.exists()]
        assert sum(file.startswith(str(gateway.root)) for file in files) <= 4
        write(gateway, "run-00", "went on", NOON)
        logs.read(is_listed=True)
        lines = rows_of(logs)
        assert lines[-1] == ("run-00", "went on", 1)
        assert len(lines) == 21


def test_once_it_is_closed_no_log_is_open(gateway: GatewayRoot) -> None:
    write(gateway, "a", "1", NOON)
    logs = CollectedLogs(StatePaths(gateway.root), NOON - DAY)
    assert logs.read()
    assert open_below(gateway.root)
    logs.close()
    assert not open_below(gateway.root)
    assert not logs.read()
    assert not open_below(gateway.root)


def open_below(root: Path) -> list[str]:
    """Return the open files of this process below ``root``."""
    return [file.path for file in psutil.Process().open_files() if file.path.startswith(str(root))]


def test_of_too_many_lines_the_newer_half_stays_with_its_origins(gateway: GatewayRoot) -> None:
    with closing(CollectedLogs(StatePaths(gateway.root), NOON - DAY, most=20_000)) as logs:
        for number in range(300):
            write(gateway, "a", str(number), NOON + timedelta(seconds=number))
            if number % 50 == 49:
                logs.read()
        lines = rows_of(logs)
        assert lines[-1] == ("a", "299", 1)
        assert [text for _, text, _ in lines] == [*map(str, range(300 - len(lines), 300))]
        assert logs.known.size <= 20_000

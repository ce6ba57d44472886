"""The summary of a log that grows is after each change that of reading the whole log."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from clawtui.model.runs.run import Run
from clawtui.operations.runs.growing_log import LogSummaryReader
from clawtui.operations.runs.history import list_runs
from clawtui.operations.runs.log_summary import read_log_summary
from clawtui.storage.paths import StatePaths
from tests.gateway_root import NOON, GatewayRoot, iso, run_entry

ID = "auto-sync-main-123"
LOG = f"logs/smart-sync-fork/{ID}-{NOON:%Y-%m-%d-%H-%M-%S}.jsonl"
SECOND = timedelta(seconds=1)


def lines(number: int) -> list[dict[str, object]]:
    """Return what a run logs in one step: another phase from time to time, warnings, and errors."""
    at, phase = NOON + number * SECOND, ("git", "merge")[number // 3 % 2]
    return [
        run_entry(ID, f"step {number}", at, phase=phase, level="info"),
        run_entry(ID, f"failed {number}", at + SECOND / 2, phase=phase, level="error", error=f"why {number}"),
        run_entry(ID, "detail", at + SECOND / 2, phase=phase, level="debug"),
    ]


@pytest.fixture
def run(gateway: GatewayRoot) -> Run:
    gateway.automation(ID)
    gateway.state(ID, startTime=iso(NOON), lastUpdate=iso(NOON))
    gateway.append_log(LOG, *lines(0))
    run = list_runs(StatePaths(gateway.root), ID)[0]
    assert run.running
    assert run.log == LOG
    return run


def test_after_each_change_it_is_the_summary_of_the_whole_log(gateway: GatewayRoot, run: Run) -> None:
    paths = StatePaths(gateway.root)
    reader, file = LogSummaryReader(paths), gateway.automations / LOG
    for number in range(1, 12):
        assert reader.read(run) == read_log_summary(paths, run)
        gateway.append_log(LOG, *lines(number))
        assert reader.read(run) == read_log_summary(paths, run)
        with file.open("a") as log:
            log.write('{"timestamp":')
        assert reader.read(run) == read_log_summary(paths, run)
        with file.open("a") as log:
            log.write("\n")
    assert len(reader.read(run).events) > 10
    file.write_bytes(b"")
    assert reader.read(run) == read_log_summary(paths, run)
    gateway.append_log(LOG, *lines(20))
    file.rename(file.with_suffix(".old"))
    gateway.append_log(LOG, *lines(30))
    assert reader.read(run) == read_log_summary(paths, run)
    assert [event.title for event in reader.read(run).events] == ["step 30", "failed 30"]
    file.unlink()
    assert reader.read(run) == read_log_summary(paths, run)


def test_a_log_that_is_no_longer_read_is_closed(gateway: GatewayRoot, run: Run) -> None:
    reader = LogSummaryReader(StatePaths(gateway.root))
    reader.read(run)
    assert _is_open(gateway)
    reader.keep({LOG})
    assert _is_open(gateway)
    reader.keep({None})
    assert not _is_open(gateway)


def _is_open(gateway: GatewayRoot) -> bool:
    path = (gateway.automations / LOG).resolve()
    return any(descriptor.resolve() == path for descriptor in Path("/proc/self/fd").iterdir())

"""Which runs there have been, from the names of things alone."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from clawtui.model.documents.automation import AutomationConfig
from clawtui.model.paths import LogName, run_log_name
from clawtui.model.runs.history import list_runs
from tests.model.fleets import NOON
from tests.model.samples import read

STARTS = st.lists(st.integers(0, 5000).map(lambda second: NOON + timedelta(seconds=second)), unique=True, max_size=12)


def config(starts: list[datetime]) -> AutomationConfig:
    history = [
        {"timestamp": at.isoformat(), "status": "success", "duration": 90_000, "summary": ""}
        for at in sorted(starts, reverse=True)
    ]
    return read(AutomationConfig, runHistory=history)


def names(starts: list[datetime]) -> tuple[LogName, ...]:
    return tuple(LogName(at, run_log_name("a", at), "a") for at in sorted(starts))


@given(STARTS, STARTS)
def test_each_record_and_each_log_is_in_exactly_one_run(recorded: list[datetime], logged: list[datetime]) -> None:
    runs = list_runs("a", "t", config(recorded), None, {"a": names(logged)})
    assert sorted(run.started for run in runs if not run.only_log) == sorted(recorded)
    logs = [run.log for run in runs if run.log is not None]
    assert sorted(logs) == sorted(f"logs/t/{name.file}" for name in names(logged))
    assert len({run.identity for run in runs}) == len(runs)


@given(STARTS, STARTS)
def test_they_are_ordered_and_each_knows_when_the_next_one_began(
    recorded: list[datetime], logged: list[datetime]
) -> None:
    runs = list_runs("a", "t", config(recorded), None, {"a": names(logged)})
    starts = [run.started for run in runs]
    assert starts == sorted(starts, reverse=True)
    assert [run.next_start for run in runs] == [None, *starts][: len(runs)]


@given(STARTS)
def test_a_run_keeps_its_identity_when_its_log_is_pruned(recorded: list[datetime]) -> None:
    with_logs = list_runs("a", "t", config(recorded), None, {"a": names(recorded)})
    without = list_runs("a", "t", config(recorded), None, {})
    assert [run.identity for run in with_logs] == [run.identity for run in without]

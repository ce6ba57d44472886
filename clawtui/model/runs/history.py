"""Which runs an automation has had, from what its configuration, its workspace and the names of its logs tell."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from clawtui.model.documents.automation import AutomationConfig, RunResult
from clawtui.model.documents.workspace import RuntimeState
from clawtui.model.paths import LogName
from clawtui.model.runs.run import SLACK, Run

_SAME_START = timedelta(seconds=1)


def list_runs(
    automation_id: str,
    log_type: str,
    config: AutomationConfig | None,
    state: RuntimeState | None,
    logs: Mapping[str | None, Sequence[LogName]],
) -> tuple[Run, ...]:
    """All runs that have left a trace, newest first; ``logs`` are those of the type, by automation id.

    One that only its log tells of has no status here: how it ended stands in the log.
    """
    told = _told(_current(automation_id, state), _history(automation_id, config))
    own = logs.get(automation_id, ())
    matched = _matched(told, own)
    directory = f"logs/{log_type}"
    runs = [_with_log(run, matched.get(index), directory, logs.get(None, ())) for index, run in enumerate(told)]
    others = set(own) - set(matched.values())
    runs += [Run(automation_id, name.started, None, log=f"{directory}/{name.file}", only_log=True) for name in others]
    return _newest_first(runs)


def _newest_first(runs: Sequence[Run]) -> tuple[Run, ...]:
    ordered = sorted(runs, key=lambda run: (run.started, run.log or ""), reverse=True)
    followers = (None, *(run.started for run in ordered))
    return tuple(replace(run, next_start=start) for run, start in zip(ordered, followers, strict=False))


def _current(automation_id: str, state: RuntimeState | None) -> Run | None:
    """The run that is going, as it says itself."""
    if state is None or not state.running:
        return None
    started = state.start_time or state.last_update
    return Run(automation_id, started, "running", session_id=state.session_id) if started is not None else None


def _history(automation_id: str, config: AutomationConfig | None) -> list[Run]:
    results: dict[datetime, RunResult] = {}
    if config is not None:
        newest = [config.last_run] if config.last_run is not None else []
        results = {result.timestamp: result for result in (*config.run_history, *newest)}
    return [Run(automation_id, at, run.status, run.duration, run.summary) for at, run in results.items()]


def _told(current: Run | None, history: Sequence[Run]) -> Sequence[Run]:
    """Both together. A run that is on record as over is not going, whatever its workspace still says."""
    if current is None or any(abs(run.started - current.started) < _SAME_START for run in history):
        return history
    return (current, *history)


def _matched(told: Sequence[Run], logs: Sequence[LogName]) -> Mapping[int, LogName]:
    """By the index of the run: the log that was begun when the run was, each log for one run only.

    What the gateway calls a run's time may also be when it ended.
    """
    by_time = sorted(logs)
    distances = sorted({near for index, run in enumerate(told) for near in _near(index, run, by_time)})
    matched: dict[int, LogName] = {}
    taken = set()
    for _, _, index, log in distances:
        if index not in matched and log not in taken:
            matched[index] = log
            taken.add(log)
    return matched


def _near(index: int, run: Run, logs: Sequence[LogName]) -> Iterator[tuple[timedelta, bool, int, LogName]]:
    """The logs that were begun when the run was, or so long before as it took, each with how far off that is.

    Where both are as near, the run's time is taken for its start.
    """
    for is_end, began in enumerate((run.started, run.started - (run.took or timedelta(0)))):
        first = bisect_left(logs, began - SLACK, key=lambda log: log.started)
        last = bisect_right(logs, began + SLACK, key=lambda log: log.started)
        for log in logs[first:last]:
            yield abs(log.started - began), bool(is_end), index, log


def _with_log(run: Run, log: LogName | None, directory: str, days: Sequence[LogName]) -> Run:
    """The run with its own log, else with that of its day where there is one."""
    if log is not None:
        return replace(run, log=f"{directory}/{log.file}")
    for day in days:
        if day.started.date() == run.started.astimezone(day.started.tzinfo).date():
            return replace(run, log=f"{directory}/{day.file}", shares_log=True)
    return run

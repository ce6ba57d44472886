"""The runs of an automation, from its configuration, its workspace and the names of its logs."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from clawtui.model.documents.automation import AutomationConfig, RunResult
from clawtui.model.fleet import Workspace
from clawtui.model.paths import LogName
from clawtui.model.runs.judgement import result_state
from clawtui.model.runs.run import SLACK, Run

_SAME_START = timedelta(seconds=1)


def list_runs(
    automation_id: str,
    log_type: str,
    config: AutomationConfig | None,
    workspace: Workspace | None,
    logs: Mapping[str | None, Sequence[LogName]],
) -> tuple[Run, ...]:
    """Return all known runs, newest first; ``logs`` are those of the type, by automation id.

    The run of ``workspace`` is among them in its judged state; if that was not judged, only while it is going. A run
    that is known from its log alone has no status here: how it ended is in the log.
    """
    known = _merged(automation_id, workspace, _history(automation_id, config))
    own = logs.get(automation_id, ())
    matched = _matched(known, own)
    directory = f"logs/{log_type}"
    runs = [_with_log(run, matched.get(index), directory) for index, run in enumerate(known)]
    others = set(own) - set(matched.values())
    runs += [Run(automation_id, name.started, None, log=f"{directory}/{name.file}", only_log=True) for name in others]
    days = logs.get(None, ())
    return tuple(_with_days(run, directory, days) if run.log is None else run for run in _newest_first(runs))


def _newest_first(runs: Sequence[Run]) -> tuple[Run, ...]:
    ordered = sorted(runs, key=lambda run: (run.started, run.log or ""), reverse=True)
    followers = (None, *(run.started for run in ordered))
    return tuple(replace(run, next_start=start) for run, start in zip(ordered, followers, strict=False))


def _current(automation_id: str, workspace: Workspace) -> Run | None:
    """Return the run of the workspace, from its own state."""
    state = workspace.state.value if workspace.state is not None else None
    info = workspace.info.value if workspace.info is not None else None
    judged = workspace.run
    document = state if state is not None or judged is None or judged.state == "unknown" else info
    started = judged.started if judged is not None else state.start_time or state.last_update if state else None
    if document is None or started is None:
        return None
    if judged is None:
        going = state is not None and state.running
        return Run(automation_id, started, "running", session_id=document.session_id) if going else None
    took = judged.ended - started if judged.ended is not None and judged.state != "lost" else None
    return Run(
        automation_id,
        started,
        None if judged.state == "unknown" else judged.state,
        None if took is None else max(0, round(took.total_seconds() * 1000)),
        judged.reason,
        session_id=document.session_id,
        word=judged.word,
    )


def _history(automation_id: str, config: AutomationConfig | None) -> list[Run]:
    results: dict[datetime, RunResult] = {}
    if config is not None:
        newest = [config.last_run] if config.last_run is not None else []
        results = {result.timestamp: result for result in (*config.run_history, *newest)}
    return [_recorded(automation_id, run) for run in results.values()]


def _recorded(automation_id: str, run: RunResult) -> Run:
    state, word = result_state(run.status)
    return Run(automation_id, run.timestamp, state, run.duration, run.summary, word=word)


def _merged(automation_id: str, workspace: Workspace | None, history: Sequence[Run]) -> Sequence[Run]:
    """Return the history with the run of the workspace, which has ended if the history has its result."""
    current = _current(automation_id, workspace) if workspace is not None else None
    if workspace is None or current is None:
        return history
    recorded = workspace.run.recorded if workspace.run is not None else None
    if any(run.started == recorded or abs(run.started - current.started) < _SAME_START for run in history):
        return history
    return (current, *history)


def _matched(known: Sequence[Run], logs: Sequence[LogName]) -> Mapping[int, LogName]:
    """Return the log of each run, by the index of the run: the nearest in time, each log for one run only.

    The timestamp of a run may also be that of its end.
    """
    by_time = sorted(logs)
    distances = sorted({near for index, run in enumerate(known) for near in _near(index, run, by_time)})
    matched: dict[int, LogName] = {}
    taken = set()
    for _, _, index, log in distances:
        if index not in matched and log not in taken:
            matched[index] = log
            taken.add(log)
    return matched


def _near(index: int, run: Run, logs: Sequence[LogName]) -> Iterator[tuple[timedelta, bool, int, LogName]]:
    """Yield the logs whose start is near that of the run, for its timestamp as the start and as the end.

    Each comes with the distance; at the same distance the timestamp counts as the start.
    """
    for is_end, began in enumerate((run.started, run.started - (run.took or timedelta(0)))):
        first = bisect_left(logs, began - SLACK, key=lambda log: log.started)
        last = bisect_right(logs, began + SLACK, key=lambda log: log.started)
        for log in logs[first:last]:
            yield abs(log.started - began), bool(is_end), index, log


def _with_log(run: Run, log: LogName | None, directory: str) -> Run:
    """Return the run with its own log."""
    return run if log is None else replace(run, log=f"{directory}/{log.file}")


def _with_days(run: Run, directory: str, days: Sequence[LogName]) -> Run:
    """Return the run with the logs of the days on which it ran, up to its end or to the next run."""
    last = run.ended + SLACK if run.ended is not None else run.next_start
    until = None if last is None else last.astimezone(UTC).date()
    first = run.started.astimezone(UTC).date()
    on = [day for day in days if first <= day.started.date() and (until is None or day.started.date() <= until)]
    if not on:
        return run
    log, *later = [f"{directory}/{day.file}" for day in on]
    return replace(run, log=log, later_logs=tuple(later), shares_log=True)

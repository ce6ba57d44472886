"""The runs of an automation, from wherever they left a trace: its configuration, its logs, its workspace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from clawtui.model.automation import AutomationConfig, RunResult
from clawtui.model.base import RunStatus
from clawtui.model.log_entry import LogLine, RunLogEntry
from clawtui.model.names import DISPATCHER_LOGS, LOG_SUFFIX, LogName
from clawtui.model.time import format_timestamp
from clawtui.operations.automations import find_automation
from clawtui.storage.errors import NoSuch
from clawtui.storage.log_manager import AutomationLogManager
from clawtui.storage.log_reading import read_log
from clawtui.storage.paths import LOGS, StatePaths
from clawtui.storage.workspace_manager import WorkspaceManager

SLACK = timedelta(minutes=1)
"""By how much a run's start may differ between the places that tell of it."""

_SAME_START = timedelta(seconds=1)

_LAST_LINES = 40
"""Lines at the end of a log among which one says how the run ended."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of an automation."""

    automation_id: str
    started: datetime
    status: RunStatus | Literal["running"] | None
    """None where nothing says how it ended."""
    duration: int | float | None = None
    """Milliseconds."""
    summary: str | None = None
    log: str | None = None
    """The path of its log, relative to ``automations/``."""
    shares_log: bool = False
    """Whether the log is that of a whole day, with the lines of other runs in it."""
    session_id: str | None = None
    next_start: datetime | None = None
    """When the automation's next run began."""

    @property
    def name(self) -> str:
        """What it is called: as its log, or as the instant at which it started."""
        if self.log is None or self.shares_log:
            return format_timestamp(self.started)
        return self.log.rpartition("/")[2].removesuffix(LOG_SUFFIX)

    @property
    def ended(self) -> datetime | None:
        """When it ended, where that is known."""
        if self.duration is None:
            return None
        try:
            return self.started + timedelta(milliseconds=max(0, self.duration))
        except OverflowError:
            return None

    @property
    def took(self) -> timedelta | None:
        """How long it took, where that is known."""
        return None if self.ended is None else self.ended - self.started

    def is_called(self, name: str) -> bool:
        """Whether ``name`` means this run: its name, its log's name or path, or its start in any ISO form."""
        if name in (self.name, self.log) or (self.log is not None and self.log.endswith(f"/{name}")):
            return True
        try:
            return datetime.fromisoformat(name) == self.started
        except (ValueError, TypeError):
            return False

    def wrote(self, line: LogLine) -> bool:
        """Whether a line of its log is its own; in a log that it does not share, all of them are."""
        if not self.shares_log:
            return True
        entry = line.entry
        if entry is None or entry.automation_id != self.automation_id:
            return False
        if self.session_id is not None and entry.session_id is not None:
            return entry.session_id == self.session_id
        last = self.ended + SLACK if self.ended is not None else self.next_start
        return self.started <= entry.timestamp and (last is None or entry.timestamp < last)


def list_runs(paths: StatePaths, automation_id: str) -> tuple[Run, ...]:
    """All runs that have left a trace, newest first. Raises NoSuch, Refused, Unreadable.

    An automation whose configuration is gone still has its logs.
    """
    type_, config = _find(paths, automation_id)
    by_id = AutomationLogManager(paths).list(type_)
    told = _told(_current(paths, automation_id), _history(automation_id, config))
    own = by_id.get(automation_id, ())
    matched = _matched(told, own)
    runs = [_with_log(run, matched.get(index), type_, by_id.get(None, ())) for index, run in enumerate(told)]
    others = set(own) - set(matched.values())
    runs += [_from_log(paths, automation_id, f"{LOGS}/{type_}/{name.file}", name.started) for name in others]
    return _newest_first(runs)


def find_run(paths: StatePaths, automation_id: str, name: str | None) -> Run:
    """The run that ``name`` means, or the newest. Raises NoSuch, and as ``list_runs`` does."""
    runs = list_runs(paths, automation_id)
    if not runs:
        raise NoSuch(f"“{automation_id}” has not run yet")
    if name is None:
        return runs[0]
    for run in runs:
        if run.is_called(name):
            return run
    raise NoSuch(f"there is no run “{name}” of “{automation_id}”\n`clawtui run list {automation_id}` names them.")


def find_type(paths: StatePaths, automation_id: str) -> str:
    """The automation's type. Raises NoSuch, Refused, Unreadable."""
    return _find(paths, automation_id)[0]


def _newest_first(runs: Sequence[Run]) -> tuple[Run, ...]:
    ordered = sorted(runs, key=lambda run: run.started, reverse=True)
    followers = (None, *(run.started for run in ordered))
    return tuple(replace(run, next_start=start) for run, start in zip(ordered, followers, strict=False))


def _find(paths: StatePaths, automation_id: str) -> tuple[str, AutomationConfig | None]:
    """Its type, and its configuration where that is there and can be read."""
    try:
        automation = find_automation(paths, automation_id)
    except NoSuch:
        logs = AutomationLogManager(paths)
        for type_ in logs.types():
            if type_ != DISPATCHER_LOGS and automation_id in logs.list(type_):
                return type_, None
        raise
    return automation.type, automation.config.value


def _current(paths: StatePaths, automation_id: str) -> Run | None:
    """The run that is going, as it says itself."""
    reading = WorkspaceManager(paths).state(automation_id)
    state = reading.value if reading is not None else None
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
    distances = []
    for index, run in enumerate(told):
        took = run.took or timedelta(0)
        for log in logs:
            late = run.started - log.started
            distance = min(abs(late), abs(late - took))
            if distance <= SLACK:
                distances.append((distance, index, log))
    matched: dict[int, LogName] = {}
    for _, index, log in sorted(distances):
        if index not in matched and log not in matched.values():
            matched[index] = log
    return matched


def _with_log(run: Run, log: LogName | None, type_: str, days: Sequence[LogName]) -> Run:
    """The run with its own log, else with that of its day where there is one."""
    if log is not None:
        return replace(run, log=f"{LOGS}/{type_}/{log.file}")
    for day in days:
        if day.started.date() == run.started.astimezone(day.started.tzinfo).date():
            return replace(run, log=f"{LOGS}/{type_}/{day.file}", shares_log=True)
    return run


def _from_log(paths: StatePaths, automation_id: str, path: str, started: datetime) -> Run:
    """A run that only its log tells of: how it ended is what the last line says that says so."""
    run = Run(automation_id, started, None, log=path)
    for line in read_log(paths.automations, path, last=_LAST_LINES):
        entry = line.entry
        if isinstance(entry, RunLogEntry) and entry.status is not None:
            run = replace(run, status=entry.status, duration=entry.duration, summary=entry.error or entry.message)
        if isinstance(entry, RunLogEntry) and entry.session_id is not None:
            run = replace(run, session_id=entry.session_id)
    return run

"""The status of an automation in one word, the number of each status, and the state of the dispatcher by its log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from msgspec import Struct

from clawtui.model.documents.automation import AutomationConfig
from clawtui.model.documents.base import EPOCH
from clawtui.model.fleet import Automation, Workspace
from clawtui.model.runs.judgement import BAD, RunJudgement, RunState, as_state, result_state
from clawtui.model.text.units import LATEST
from clawtui.model.versioned_map import changed_keys

if TYPE_CHECKING:
    from clawtui.model.documents.log_entry import DispatcherLogEntry

Status = Literal["running", "paused", "lost", "idle", "disabled", "failed", "invalid"]

_STARTED = "dispatch-started"
_RANK: Mapping[Status, int] = {
    "running": 0,
    "lost": 1,
    "invalid": 1,
    "failed": 1,
    "paused": 2,
    "idle": 2,
    "disabled": 3,
}


def status_of(automation: Automation, workspace: Workspace | None) -> Status:
    """Return the status of an automation; ``invalid`` always if its configuration cannot be read.

    The state of its run is that of ``workspace.run`` if it was judged.
    """
    config = automation.config.value
    if config is None:
        return "invalid"
    run = workspace.run if workspace is not None else None
    if run is not None and run.state in ("paused", "lost"):
        return "paused" if run.state == "paused" else "lost"
    if workspace is not None and workspace.running is not None:
        return "running"
    if not config.enabled:
        return "disabled"
    if is_paused(config):
        return "paused"
    last = last_run(config, run)
    return "failed" if last is not None and last.state in BAD else "idle"


class LastRun(NamedTuple):
    """How an automation's last run ended."""

    state: RunState
    started: datetime
    took: timedelta | None
    """None if that is unknown."""
    summary: str | None
    word: str | None = None
    """The status in the gateway's own word, cleaned, if that is none of the states."""

    @property
    def label(self) -> str:
        """The status in one word, in the gateway's own if that is not understood."""
        return f"“{self.word}”" if self.word is not None else self.state


def last_run(config: AutomationConfig, run: RunJudgement | None) -> LastRun | None:
    """Return how the automation's last run ended; None if it has never run.

    That is what its configuration says, or ``run``, the judged run of its workspace, if that ended later and is not on
    record.
    """
    latest = config.latest_run
    if (
        run is not None
        and not run.is_going
        and run.state != "unknown"
        and run.recorded is None
        and run.started is not None
        and (latest is None or run.started > latest.timestamp)
    ):
        took = run.ended - run.started if run.ended is not None and run.state != "lost" else None
        return LastRun(run.state, run.started, None if took is None else max(timedelta(0), took), run.reason)
    if latest is None:
        return None
    state, word = result_state(latest.status)
    took = latest.took if latest.duration is not None else None
    return LastRun(state, latest.timestamp, took, latest.summary or None, word)


def is_paused(config: AutomationConfig) -> bool:
    """Return whether the configuration has the status ``paused``, which is no field of the design."""
    status = config.unknown.get("status")
    return isinstance(status, str) and as_state(status) == "paused"


def urgency(status: Status, due: datetime | None, automation_id: str) -> tuple[int, datetime, str]:
    """Return a sort key: running first, then failed, lost or unreadable, then by the time that it is due, disabled
    last."""
    return (_RANK[status], EPOCH if status == "running" else due or LATEST, automation_id)


SKIP_MEANING: Final[Mapping[str, str]] = {
    "repository-locked": "its repository was locked",
    "concurrency-limit": "all slots were taken",
}
"""The reasons of the dispatcher for a skip (design: Dispatcher Log) in plain words."""


class Skip(Struct, frozen=True):
    """A dispatch in which the automation was due and was not started."""

    at: datetime
    reason: str

    @property
    def text(self) -> str:
        """The reason in plain words where it is one of the design, else as it is."""
        return SKIP_MEANING.get(self.reason, self.reason or "skipped")


class DispatcherStatus(Struct, frozen=True):
    """The state of the dispatcher by the end of its log."""

    last_dispatch: datetime | None
    skips: Mapping[str, Skip]
    """By automation id: the last skip, unless the automation was dispatched since."""


def dispatcher_status(lines: Iterable[str]) -> DispatcherStatus:
    """Return the status that the lines of the dispatcher's log give, oldest first; invalid lines are ignored."""
    last_dispatch = None
    skips: dict[str, Skip] = {}
    for entry in _entries(lines):
        if entry.event == _STARTED:
            last_dispatch = entry.timestamp
        elif entry.automation_id is not None:
            if entry.event == "automation-skipped":
                skips[entry.automation_id] = Skip(entry.timestamp, entry.reason or "")
            else:
                skips.pop(entry.automation_id, None)
    return DispatcherStatus(last_dispatch, skips)


def dispatch_times(lines: Iterable[str]) -> tuple[datetime, ...]:
    """Return the times of all dispatches in the lines of the dispatcher's log, oldest first."""
    started = _entries(line for line in lines if _STARTED in line)
    return tuple(sorted(entry.timestamp for entry in started if entry.event == _STARTED))


def _entries(lines: Iterable[str]) -> Iterator[DispatcherLogEntry]:
    """Yield the valid lines of the dispatcher's log."""
    from clawtui.model.checked.reading import from_json_line
    from clawtui.model.documents.log_entry import DispatcherLogEntry

    for line in lines:
        entry = from_json_line(DispatcherLogEntry, line)
        if entry is not None:
            yield entry


class StatusCounter:
    """Counter of the automations of successive fleets, which share what did not change."""

    def __init__(self) -> None:
        self._automations: Mapping[str, Automation] = {}
        self._workspaces: Mapping[str, Workspace] = {}
        self._statuses: dict[str, Status] = {}
        """By the path of the configuration."""
        self._paths: dict[str, set[str]] = {}
        """By automation id."""
        self._counts: Counter[str] = Counter()

    def count(self, automations: Mapping[str, Automation], workspaces: Mapping[str, Workspace]) -> Mapping[str, int]:
        """Return the numbers, some of which may be 0. The result is modified by the next call."""
        changed = dict.fromkeys(changed_keys(automations, self._automations))
        for automation_id in changed_keys(workspaces, self._workspaces):
            changed.update(dict.fromkeys(self._paths.get(automation_id, ())))
        for path in changed:
            if (before := self._statuses.pop(path, None)) is not None:
                self._counts[before] -= 1
                self._paths[self._automations[path].id].discard(path)
            if (automation := automations.get(path)) is not None:
                status = self._statuses[path] = status_of(automation, workspaces.get(automation.id))
                self._counts[status] += 1
                self._paths.setdefault(automation.id, set()).add(path)
        self._automations, self._workspaces = automations, workspaces
        return self._counts

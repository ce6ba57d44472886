"""Runs and skipped dispatches of the last hours, for the activity chart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

from clawtui.model.documents.base import EPOCH, RunStatus
from clawtui.model.fleet import Automation, Fleet


class RunSpan(NamedTuple):
    """The start and end of a run."""

    began: datetime
    ended: datetime | None
    """None while it is going."""
    status: RunStatus | Literal["running"]


class SkippedDispatch(NamedTuple):
    """A dispatch in which the automation was due and was not started."""

    at: datetime
    automation_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class DispatchHistory:
    """The dispatches and skips in the dispatcher's logs."""

    at: tuple[datetime, ...] = ()
    """The times of the dispatches, oldest first."""
    passed: tuple[SkippedDispatch, ...] = ()
    """Oldest first."""


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """The runs and skips of one automation."""

    name: str
    ran: tuple[RunSpan, ...]
    """Newest first."""
    passed: tuple[SkippedDispatch, ...]
    """Oldest first."""

    @property
    def latest(self) -> datetime:
        """The time of its last run or skip."""
        ran = max((run.ended or run.began for run in self.ran), default=EPOCH)
        return max([ran, *(one.at for one in self.passed[-1:])])

    @property
    def running(self) -> bool:
        """Whether it has a run that is going."""
        return any(run.ended is None for run in self.ran)


def activity_rows(fleet: Fleet, dispatches: DispatchHistory, since: datetime) -> tuple[ActivityRow, ...]:
    """Return a row for each automation with a run or a skip since ``since``: running first, then the latest."""
    passed: dict[str, list[SkippedDispatch]] = {}
    for one in dispatches.passed:
        if one.at >= since:
            passed.setdefault(one.automation_id, []).append(one)
    rows = []
    known = set()
    for automation in fleet.automations.values():
        known.add(automation.id)
        ran = tuple(_runs(fleet, automation, since))
        if ran or automation.id in passed:
            rows.append(ActivityRow(automation.name, ran, tuple(passed.get(automation.id, ()))))
    rows += [ActivityRow(id, (), tuple(passed[id])) for id in passed.keys() - known]
    return _in_order(rows)


def _in_order(rows: Sequence[ActivityRow]) -> tuple[ActivityRow, ...]:
    by_name = sorted(rows, key=lambda row: row.name.casefold())
    return tuple(sorted(by_name, key=lambda row: (row.running, row.latest), reverse=True))


def _runs(fleet: Fleet, automation: Automation, since: datetime) -> Iterable[RunSpan]:
    workspace = fleet.workspaces.get(automation.id)
    state = workspace.running if workspace is not None else None
    began = state.start_time or state.last_update if state is not None else None
    if began is not None:
        yield RunSpan(began, None, "running")
    config = automation.config.value
    for result in config.run_history if config is not None else ():
        ended = result.timestamp + result.took
        if ended >= since:
            yield RunSpan(result.timestamp, ended, result.status)

"""Runs and skipped dispatches of the last hours, for the activity chart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from msgspec import Struct

from clawtui.model.documents.base import EPOCH
from clawtui.model.fleet import Automation, Fleet
from clawtui.model.runs.history import list_runs
from clawtui.model.runs.judgement import RunState


class RunSpan(NamedTuple):
    """The start and end of a run."""

    began: datetime
    ended: datetime | None
    """None while it is going."""
    status: RunState


class SkippedDispatch(NamedTuple):
    """A dispatch in which the automation was due and was not started."""

    at: datetime
    automation_id: str
    reason: str


class DispatchHistory(Struct, frozen=True):
    """The dispatches and skips in the dispatcher's logs."""

    at: tuple[datetime, ...] = ()
    """The times of the dispatches, oldest first."""
    passed: tuple[SkippedDispatch, ...] = ()
    """Oldest first."""


class ActivityRow(Struct, frozen=True):
    """The runs and skips of one automation."""

    name: str
    ran: tuple[RunSpan, ...]
    """Newest first."""
    passed: tuple[SkippedDispatch, ...]
    """Oldest first."""
    key: str = ""
    """The path of the automation's configuration; empty if it does not exist any more."""
    automation_id: str = ""

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
            skips = tuple(passed.get(automation.id, ()))
            rows.append(ActivityRow(automation.name, ran, skips, automation.config.path, automation.id))
    rows += [ActivityRow(id, (), tuple(passed[id]), automation_id=id) for id in passed.keys() - known]
    return _in_order(rows)


def _in_order(rows: Sequence[ActivityRow]) -> tuple[ActivityRow, ...]:
    by_name = sorted(rows, key=lambda row: row.name.casefold())
    return tuple(sorted(by_name, key=lambda row: (row.running, row.latest), reverse=True))


def _runs(fleet: Fleet, automation: Automation, since: datetime) -> Iterable[RunSpan]:
    """Yield the runs since ``since``, newest first; of a lost one the end is its last sign of life."""
    workspace = fleet.workspaces.get(automation.id)
    for run in list_runs(automation.id, automation.type, automation.config.value, workspace, {}):
        if run.running:
            yield RunSpan(run.started, None, run.status or "running")
            continue
        lost = workspace.run.ended if workspace is not None and workspace.run is not None else None
        ended = run.ended or (lost if run.status == "lost" and lost is not None else run.started)
        if ended >= since:
            yield RunSpan(run.started, ended, run.status or "unknown")

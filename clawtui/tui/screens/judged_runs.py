"""The fleet of the dashboard with the state of each run. A run is judged again only if its evidence changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from msgspec.structs import replace

from clawtui.model.fleet import Automation, Fleet, Workspace
from clawtui.model.runs.judge_run import judge_run
from clawtui.model.runs.lock_index import LockIndex
from clawtui.model.runs.run_evidence import EvidenceIndex, LogEnd, RunContext
from clawtui.model.versioned_map import VersionedMapBuilder, changed_keys
from clawtui.tui.panes.locks.verdicts import Verdicts, current_verdicts


class _Judged(NamedTuple):
    """A workspace with its judged run, and the evidence for the judgement."""

    workspace: Workspace
    automation: Automation | None
    log_end: LogEnd | None
    result: Workspace
    is_settled: bool
    """Whether neither time nor verdicts can change the state."""


class RunJudge:
    """Judge of the runs of successive fleets, which share what did not change."""

    def __init__(self) -> None:
        self._fleet = Fleet("")
        self._verdicts = Verdicts()
        self._context = RunContext()
        self._locks = LockIndex()
        self._known: dict[str, _Judged] = {}
        self._unsettled: dict[str, None] = {}
        """The workspaces whose state the time or a verdict can change."""
        self._judged: VersionedMapBuilder[str, Workspace] = VersionedMapBuilder({})

    def judge(self, fleet: Fleet, verdicts: Verdicts, now: datetime) -> Fleet:
        """Return ``fleet`` with the state of each run; if no state differs, ``workspaces`` is the same object.

        A lock or slot that changed since the verdicts were made counts as not judged yet.
        """
        last, before = self._fleet, self._context
        locks = before.locks
        if fleet.locks is not last.locks or verdicts.judged is not self._verdicts.judged:
            locks = current_verdicts(fleet, verdicts)
            self._locks.update(fleet.locks, locks)
        if verdicts is not self._verdicts or locks is not before.locks:
            self._context = replace(verdicts.runs, locks=locks, slots=verdicts.slots)
        self._fleet, self._verdicts = fleet, verdicts
        index = EvidenceIndex(fleet, self._context, self._locks)
        for id in dict.fromkeys(self._affected(last, before)):
            self._take(id, self._one(index, id, fleet.workspaces[id], now) if id in fleet.workspaces else None)
        return replace(fleet, workspaces=self._judged.build())

    def _affected(self, last: Fleet, before: RunContext) -> Iterator[str]:
        """Yield the workspaces whose state may differ from that in the fleet ``last``, some more than once."""
        fleet = self._fleet
        yield from changed_keys(fleet.workspaces, last.workspaces)
        yield from self._unsettled
        for path in changed_keys(fleet.automations, last.automations):
            yield from (each.id for each in (last.automations.get(path), fleet.automations.get(path)) if each)
        now, then = self._context.log_ends, before.log_ends
        if now is not then:
            yield from (id for id in (*now, *then) if now.get(id) != then.get(id))

    def _take(self, id: str, judged: _Judged | None) -> None:
        self._judged.put(id, judged.result if judged is not None else None)
        self._unsettled.pop(id, None)
        if judged is None:
            self._known.pop(id, None)
            return
        self._known[id] = judged
        if not judged.is_settled:
            self._unsettled[id] = None

    def _one(self, index: EvidenceIndex, id: str, workspace: Workspace, now: datetime) -> _Judged:
        known, automation = self._known.get(id), index.automation(id)
        log_end = self._context.log_ends.get(id)
        if (
            known is not None
            and known.is_settled
            and known.workspace is workspace
            and known.automation is automation
            and known.log_end == log_end
        ):
            return known
        run = judge_run(index.evidence(workspace, now))
        is_settled = run is None or not (run.is_going or run.state in ("lost", "unknown"))
        if known is not None and known.workspace is workspace and known.result.run == run:
            return known._replace(automation=automation, log_end=log_end, is_settled=is_settled)
        return _Judged(workspace, automation, log_end, replace(workspace, run=run), is_settled)

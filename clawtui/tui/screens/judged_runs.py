"""The fleet of the dashboard with the state of each run, judged again only where something about it changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from clawtui.model.fleet import Automation, Fleet, Workspace
from clawtui.model.runs.judge_run import judge_run
from clawtui.model.runs.run_evidence import EvidenceIndex, LogEnd, RunContext
from clawtui.tui.panes.locks.verdicts import Verdicts, current_verdicts


class _Judged(NamedTuple):
    """A workspace with its judged run, and what that was judged by."""

    workspace: Workspace
    automation: Automation | None
    log_end: LogEnd | None
    result: Workspace
    is_settled: bool
    """Whether neither time nor verdicts can change the state."""


class RunJudge:
    """Judge of the runs of successive fleets, which share what did not change."""

    def __init__(self) -> None:
        self._known: dict[str, _Judged] = {}
        self._judged: dict[str, Workspace] = {}

    def judge(self, fleet: Fleet, verdicts: Verdicts, now: datetime) -> Fleet:
        """Return ``fleet`` with the state of each run; where no state differs, ``workspaces`` is the same object.

        A lock or slot that changed since the verdicts were made counts as not judged yet.
        """
        if not fleet.workspaces:
            self._known = {}
            return fleet
        context = replace(verdicts.runs, locks=current_verdicts(fleet, verdicts), slots=verdicts.slots)
        index = EvidenceIndex(fleet, context)
        self._known = {id: self._one(index, context, id, one, now) for id, one in fleet.workspaces.items()}
        judged = {id: one.result for id, one in self._known.items()}
        last = self._judged
        if len(last) != len(judged) or any(last.get(id) is not workspace for id, workspace in judged.items()):
            self._judged = judged
        return replace(fleet, workspaces=self._judged)

    def _one(self, index: EvidenceIndex, context: RunContext, id: str, workspace: Workspace, now: datetime) -> _Judged:
        known, automation = self._known.get(id), index.automation(id)
        log_end = context.log_ends.get(id)
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

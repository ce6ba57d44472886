"""The states of runs, each judged when it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from clawtui.model.fleet import Fleet
from clawtui.model.runs.judge_run import judge_run
from clawtui.model.runs.judgement import RunJudgement
from clawtui.model.runs.lock_index import LockIndex
from clawtui.model.runs.run_evidence import EvidenceIndex, RunContext


class RunsOnDemand(Mapping[str, RunJudgement]):
    """The result of `judge_runs`, for callers that need the states of few runs."""

    def __init__(self, fleet: Fleet, context: RunContext, now: datetime, locks: LockIndex | None = None) -> None:
        """Judge at `now`; `locks` is the index of the fleet's locks and their verdicts, where the caller has it."""
        self._workspaces = fleet.workspaces
        self._now = now
        self._index = EvidenceIndex(fleet, context, locks)
        self._known: dict[str, RunJudgement | None] = {}

    def __getitem__(self, id: str) -> RunJudgement:
        if id not in self._known:
            self._known[id] = judge_run(self._index.evidence(self._workspaces[id], self._now))
        if (judged := self._known[id]) is None:
            raise KeyError(id)
        return judged

    def __iter__(self) -> Iterator[str]:
        return (id for id in self._workspaces if id in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)

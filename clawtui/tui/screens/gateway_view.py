"""The content of the panes for a root of a stock gateway: view models from its state, its verdicts and a selection."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct, field
from msgspec.structs import replace

from clawtui.model.findings.finding import Finding
from clawtui.model.gateway.job import Job
from clawtui.model.gateway.missed import Missed
from clawtui.model.gateway.owner import OwnerJudgement
from clawtui.model.gateway.report import GatewayReport
from clawtui.model.gateway.run import GatewayRun
from clawtui.model.gateway.run_values import runs_of
from clawtui.model.gateway.state import GatewayState
from clawtui.model.runs.run import Run
from clawtui.model.runs.timeline import Step
from clawtui.tui.panes.gateway.held import HeldViewModel
from clawtui.tui.panes.gateway.jobs import JobsViewModel
from clawtui.tui.panes.gateway.run import GatewayRunViewModel

Transcripts = Mapping[str, tuple[Step, ...]]
"""The tool calls and messages of runs, by the id of the run."""


class Judged(Struct, frozen=True):
    """The results of one round of the gateway monitor."""

    report: GatewayReport
    findings: tuple[Finding, ...] = ()
    missed: Mapping[str, Missed] = field(default_factory=dict)
    """By job id."""


class GatewayView:
    """The newest state of a stock gateway, the verdicts of the last round, and the transcripts that are shown."""

    def __init__(self, state: GatewayState, now: datetime) -> None:
        self.report = GatewayReport(state, now, "unknown", (), {}, (), None)
        self.judged: Judged | None = None
        self.transcripts: Transcripts = {}
        self._runs: dict[str, tuple[tuple[GatewayRun, ...], Mapping[str, OwnerJudgement], tuple[Run, ...]]] = {}

    def take(self, state: GatewayState, now: datetime) -> None:
        """Show a new state. The verdicts on runs in progress are kept until the next round."""
        self.report = replace(self.report, state=state, now=now)

    def take_verdicts(self, judged: Judged) -> None:
        """Show the verdicts and findings of a round, on the newest state."""
        self.judged = judged
        self.report = replace(judged.report, state=self.report.state, now=self.report.now)

    @property
    def jobs(self) -> JobsViewModel:
        """The content of the automations pane."""
        judged = self.judged
        return JobsViewModel(self.report, judged.missed if judged is not None else {}, judged is not None)

    @property
    def held(self) -> HeldViewModel:
        """The content of the locks pane."""
        return HeldViewModel(self.report)

    def job(self, key: str | None) -> Job | None:
        """Return the job at a key of the automations pane; None if there is none."""
        return self.report.state.jobs.get(key or "")

    def runs_of(self, job: Job) -> tuple[Run, ...]:
        """Return the runs of a job, newest first; the same object for the same runs."""
        found, owners = self.report.state.runs.get(job.id, ()), self.report.owners
        known = self._runs.get(job.id)
        if known is None or known[0] is not found or known[1] is not owners:
            runs = runs_of(found, owners)
            same = known is not None and known[2] == runs
            self._runs[job.id] = known = (found, owners, known[2] if known is not None and same else runs)
            if len(self._runs) > len(self.report.state.jobs):
                self._runs = {id: each for id, each in self._runs.items() if id in self.report.state.jobs}
        return known[2]

    def gateway_run(self, job: Job, run: Run | None) -> GatewayRun | None:
        """Return the gateway's value of `run`, one of the runs of `job`."""
        found = self.report.state.runs.get(job.id, ())
        return next((one for one in found if run is not None and one.started == run.started), None)

    def run_view(self, job: Job | None, run: Run | None, *, past: bool) -> GatewayRunViewModel:
        """Return the content of the timeline pane: `run` of `job`."""
        if job is None:
            return GatewayRunViewModel()
        shown = self.gateway_run(job, run)
        owner = self.report.owners.get(shown.id) if shown is not None else None
        events = self.transcripts.get(shown.id, ()) if shown is not None else ()
        findings = self.judged.findings if self.judged is not None else ()
        own = tuple(finding for finding in findings if finding.subject.endswith(f"({job.id})"))
        return GatewayRunViewModel(job, shown, owner, events, own, past)

    def locks_to_look_at(self) -> tuple[int, int]:
        """Return the number of runs and locks whose owner is dead, and of those that are quiet."""
        verdicts = [judged.verdict for judged in self.report.owners.values()]
        verdicts += [lock.judgement.verdict for lock in self.report.locks]
        return sum(verdict in ("orphaned", "invalid") for verdict in verdicts), verdicts.count("quiet")

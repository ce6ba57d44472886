"""One run of a stock gateway's job, as the timeline pane shows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from typing import Final

from msgspec import Struct

from clawtui.model.findings.finding import Finding
from clawtui.model.gateway.job import Job
from clawtui.model.gateway.owner import OwnerJudgement
from clawtui.model.gateway.run import GatewayRun
from clawtui.model.gateway.run_values import judgement_of, steps_of
from clawtui.model.runs.judgement import RunJudgement
from clawtui.model.runs.timeline import Step
from clawtui.model.text.cleaning import displayable
from clawtui.model.text.units import rough_span, short_span
from clawtui.model.text.width import wrap
from clawtui.presentation.roles import RUN_ROLE, VERDICT_ROLE
from clawtui.tui.terminal.glyphs import PROBLEM, RUN_MARK, VERDICT_MARK
from clawtui.tui.widgets.line import BLANK, Line, Role, Span

_MOST_LINES: Final = 4
_MOST_FACTS: Final = 4


class GatewayRunViewModel(Struct, frozen=True):
    """Content of the timeline pane for a stock gateway."""

    job: Job | None = None
    run: GatewayRun | None = None
    """None where the job has never run."""
    owner: OwnerJudgement | None = None
    """The verdict on the owner of a run in progress."""
    events: tuple[Step, ...] = ()
    """The tool calls and messages of its transcript."""
    findings: tuple[Finding, ...] = ()
    """The findings about the job."""
    past: bool = False
    page: None = None
    """None: there are no usual durations to compare with."""

    @property
    def subject(self) -> tuple[object, ...]:
        """The identity of the job and of its run."""
        return ("gateway", self.job.id if self.job else "", self.run.id if self.run else None)

    @property
    def name(self) -> str:
        """The name of the job."""
        return self.job.name if self.job is not None else ""

    def steps(self, now: datetime) -> tuple[Step, ...]:
        """Return the milestones."""
        return () if self.run is None else steps_of(self.run, self.events, now, self.owner)

    def facts(self, now: datetime, zone: tzinfo | None, width: int) -> list[Line]:
        """Return the state of the run, how it ended and why it failed, and the findings about its job."""
        job = self.job
        if job is None:
            return [(Span("no automation", "dim"),)]
        lines: list[Line] = []
        for problem in () if self.past else job.problems:
            lines += _wrapped(f"{PROBLEM} {problem.message}", width, "bad")
        if self.run is None:
            lines.append((Span("has never run", "dim"),))
        else:
            lines += self._of_run(self.run, now, zone, width)
        for finding in () if self.past else self.findings:
            lines += _wrapped(f"{PROBLEM} {finding.code}: {finding.message}", width, "warn")
        return [*lines, BLANK]

    def _of_run(self, run: GatewayRun, now: datetime, zone: tzinfo | None, width: int) -> Iterator[Line]:
        judged = judgement_of(run, self.owner)
        yield from _heading(run, judged, now, zone, width)
        if self.owner is not None:
            yield (
                Span(
                    f"{VERDICT_MARK[self.owner.verdict]} owner {self.owner.verdict}", VERDICT_ROLE[self.owner.verdict]
                ),
            )
            for fact in self.owner.facts[:_MOST_FACTS]:
                yield from _wrapped(f"· {fact}", width, "dim")
        known = [
            ("model", run.model),
            ("tokens", None if run.tokens is None else f"{run.tokens:,}"),
            ("session", run.session_id),
        ]
        values = " · ".join(f"{name} {value}" for name, value in known if value is not None)
        if values:
            yield (Span(values, "dim"),)
        yield from _wrapped(run.error or "", width, "bad")
        if run.summary and run.summary != run.error:
            yield from _wrapped(run.summary, width, "plain")
        if run.status == "success" and run.delivery is not None and run.delivery.has_failed:
            yield from _wrapped(f"not delivered: {run.delivery.error or run.delivery.status}", width, "warn")


def _heading(run: GatewayRun, judged: RunJudgement, now: datetime, zone: tzinfo | None, width: int) -> Iterator[Line]:
    word = Span(f"{RUN_MARK[judged.state]} {judged.label}", RUN_ROLE[judged.state])
    lasted = f" · took {short_span(run.took)}" if run.took is not None else ""
    if run.is_going and judged.is_going:
        since = Span(f" · {run.started.astimezone(zone):%H:%M:%S}", "dim")
        yield (word, Span(f" {short_span(now - run.started)}"), since)
        return
    began = f"{run.started.astimezone(zone):%d %b %H:%M}"
    yield (word, Span(f" {rough_span(now - run.started)} ago{lasted} · {began}", "dim"))
    if judged.state == "lost" and judged.reason:
        yield from _wrapped(judged.reason, width, "bad")


def _wrapped(text: str, width: int, role: Role) -> Sequence[Line]:
    """Return each line of `text`, wrapped."""
    rows = [part for line in text.splitlines() if line.strip() for part in wrap(displayable(line), width, max_rows=3)]
    shown: list[Line] = [(Span(row, role),) for row in rows[:_MOST_LINES]]
    if len(rows) > _MOST_LINES:
        shown.append((Span(f"… {len(rows) - _MOST_LINES} more", "dim"),))
    return shown

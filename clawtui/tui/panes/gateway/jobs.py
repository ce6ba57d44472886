"""The jobs of a stock gateway as rows of the automations pane."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct, field

from clawtui.model.documents.base import EPOCH
from clawtui.model.gateway.job import Job
from clawtui.model.gateway.missed import Missed, is_overdue
from clawtui.model.gateway.report import GatewayReport
from clawtui.model.gateway.run import GatewayRun
from clawtui.model.text.units import LATEST, age_span, natural_key, rough_span, short_span
from clawtui.presentation.roles import RUN_ROLE, STATUS_ROLE
from clawtui.tui.terminal.glyphs import PROBLEM, RUN_MARK, STATUS_MARK, VERDICT_MARK
from clawtui.tui.widgets.charts import sparkline
from clawtui.tui.widgets.line import BLANK, Line, Role, Span
from clawtui.tui.widgets.table_layout import Column

COLUMNS: Final = (
    Column("", 1),
    Column("AUTOMATION", 16, share=3),
    Column("SCHEDULE", 12, share=2, needs=100),
    Column("NOW", 24, share=5),
    Column("LAST RUN", 13),
    Column("AGO", 4, align="right", needs=62),
    Column("TOOK", 6, align="right", needs=86),
    Column("RUNS", 10, align="right", needs=112),
)
SORTED_COLUMNS: Final[Mapping[str, Sequence[int]]] = {"name": (1,), "due": (3,), "last run": (5, 4)}
_STRIP_RUNS: Final = 10
_RANK: Final = {"lost": -1, "running": 0, "invalid": 1, "failed": 1, "idle": 2, "disabled": 3}


class JobsViewModel(Struct, frozen=True):
    """Content of the automations pane for a stock gateway."""

    report: GatewayReport
    missed: Mapping[str, Missed] = field(default_factory=dict)
    """The runs that each job missed, by its id, as far as they have been computed."""
    is_judged: bool = True
    """Whether verdicts and missed runs are known, so that the order of the rows is final."""

    @property
    def columns(self) -> Sequence[Column]:
        """The columns of the table."""
        return COLUMNS

    @property
    def sorted_columns(self) -> Mapping[str, Sequence[int]]:
        """The position of the column for each order that has one."""
        return SORTED_COLUMNS

    @property
    def jobs(self) -> Mapping[str, Job]:
        """The jobs by id; the ids are the keys of the rows."""
        return self.report.state.jobs

    def keys(self, query: str, sort: str, *, reverse: bool) -> list[str]:
        """Return the keys of the rows whose text contains `query`, in the order named `sort`."""
        keys = [job.id for job in self.jobs.values() if query in self._searched_text(job)]
        keys.sort(key=lambda key: self.order_of(key, sort), reverse=reverse)
        return keys

    def has_failed(self, key: str) -> bool:
        """Return whether the last run of the job failed, its owner is dead, or the job cannot be read."""
        return self.report.status_of(self.jobs[key]) in ("failed", "lost", "invalid")

    @property
    def count(self) -> int:
        """The number of jobs."""
        return len(self.jobs)

    def earlier_failure(self, key: str) -> datetime | None:
        """Return None: of a job, only the last run counts."""
        return None

    def count_failed(self) -> int:
        """Return the number of jobs that have failed, also of those that the filter hides."""
        return sum(map(self.has_failed, self.jobs))

    def count_running(self) -> int:
        """Return the number of jobs that run, without those whose owner is dead."""
        return sum(self.report.status_of(job) == "running" for job in self.jobs.values())

    def marks(self, keys: Sequence[str]) -> list[tuple[int, Role]]:
        """Return the positions in `keys` of the jobs that run or failed, each with the role of its mark."""
        marks = list[tuple[int, Role]]()
        for position, key in enumerate(keys):
            if self.has_failed(key):
                marks.append((position, "bad"))
            elif self.report.status_of(self.jobs[key]) == "running":
                marks.append((position, "active"))
        return marks

    def totals(self) -> Line:
        """Return the numbers of jobs that run, failed or missed runs."""
        counts: Counter[str] = Counter(self.report.status_of(job) for job in self.jobs.values())
        facts: list[Span] = []
        roles: list[tuple[str, int, Role]] = [
            ("running", counts["running"], "active"),
            ("owner dead", counts["lost"], "bad"),
            ("failed", counts["failed"], "bad"),
            ("invalid", counts["invalid"], "bad"),
            ("missed", sum(job in self.jobs for job in self.missed), "warn"),
        ]
        for word, count, role in roles:
            if count:
                click = "next_failed" if role == "bad" else ""
                facts += [Span(" · ", "dim"), Span(f"{count} {word}", role, click=click)]
        return tuple(facts)

    def cells(self, key: str, now: datetime) -> Sequence[Line]:
        """Return the row of a job, a line for each of `COLUMNS`."""
        job = self.jobs[key]
        status = self.report.status_of(job)
        name_role: Role = "dim" if status == "disabled" else "strong" if status in ("running", "lost") else "plain"
        schedule = "unreadable" if job.schedule is None else job.schedule.text
        return (
            (Span(STATUS_MARK[status], STATUS_ROLE[status]),),
            (Span(job.name, name_role),),
            (Span(schedule, "dim"),),
            self._doing(job, now),
            *self._last(job, now),
            _strip(self.report.state.runs.get(job.id, ())),
        )

    def _doing(self, job: Job, now: datetime) -> Line:
        run = self.report.state.running(job.id)
        if job.problems and (job.enabled is None or job.schedule is None):
            return (Span(f"{PROBLEM} {job.problems[0].message}", "bad"),)
        if run is not None:
            return self._running(run, now)
        if not job.enabled:
            return (Span("disabled", "dim"),)
        return (*self._next(job, now), *self._why(job))

    def _running(self, run: GatewayRun, now: datetime) -> Line:
        took = short_span(now - run.started)
        judged = self.report.owners.get(run.id)
        if judged is None:
            return (Span(f"running {took}", "active"),)
        if judged.verdict == "orphaned":
            return (Span(f"{VERDICT_MARK['orphaned']} owner dead, began {age_span(now - run.started)} ago", "bad"),)
        if judged.verdict == "foreign":
            where = f" on {judged.host}" if judged.host else ""
            return (Span(f"running {took}{where} ", "active"), Span("? owner not visible here", "warn"))
        if judged.verdict == "quiet":
            silent = "" if judged.last_sign is None else f" for {rough_span(now - judged.last_sign)}"
            return (Span(f"running {took} ", "active"), Span(f"{VERDICT_MARK['quiet']} quiet{silent}", "warn"))
        moved = "" if judged.last_sign is None else f", moved {rough_span(now - judged.last_sign)} ago"
        return (Span(f"running {took}", "active"), Span(f" · owner alive{moved}", "dim"))

    def _next(self, job: Job, now: datetime) -> Line:
        due, missed = job.state.next_run, self.missed.get(job.id)
        behind: Line = (Span(f"missed {missed.count}", "warn"), Span(" · ", "dim")) if missed is not None else BLANK
        if due is None:
            queued = job.state.queued_at is not None
            return (*behind, Span("queued" if queued else "not scheduled", "active" if queued else "dim"))
        if due > now:
            return (*behind, Span(f"in {rough_span(due - now)}"))
        late = is_overdue(job, self.report.state.runs.get(job.id, ()), now)
        return (*behind, Span(f"overdue {rough_span(now - due)}", "warn") if late else Span("due now"))

    def _why(self, job: Job) -> Line:
        """Return why the last run failed, or that its message was not delivered."""
        state = job.state
        if state.last_status == "error" or state.consecutive_errors:
            count = f"{state.consecutive_errors}× " if state.consecutive_errors > 1 else ""
            return (Span(f" · {count}{state.last_error or 'no error is recorded'}", "bad"),)
        if state.last_delivery_error is not None:
            return (Span(f" · not delivered: {state.last_delivery_error}", "warn"),)
        return BLANK

    def _last(self, job: Job, now: datetime) -> tuple[Line, Line, Line]:
        run = next((run for run in self.report.state.runs.get(job.id, ()) if not run.is_going), None)
        if run is None:
            return ((Span("never" if job.state.last_run is None else "not recorded", "dim"),), BLANK, BLANK)
        role = RUN_ROLE[run.status]
        word: Line = (Span(RUN_MARK[run.status], role), Span(f" {run.status}", role if role != "ok" else "dim"))
        if run.status == "success" and run.delivery is not None and run.delivery.has_failed:
            word = (Span(RUN_MARK["partial"], "warn"), Span(" undelivered", "warn"))
        took: Line = BLANK if run.took is None else (Span(short_span(run.took), "dim"),)
        return (word, (Span(rough_span(now - run.started), "dim"),), took)

    def order_of(self, key: str, sort: str) -> tuple[object, ...]:
        """Return the sort key of a row, which can be compared with those of `AutomationRows`."""
        job = self.jobs[key]
        name, due = natural_key(job.name), job.state.next_run or LATEST
        if sort == "name":
            return name
        if sort == "due":
            return (due, name)
        if sort == "last run":
            return (-((self._last_start(job) or EPOCH) - EPOCH).total_seconds(), name)
        status = self.report.status_of(job)
        rank = 1 if job.id in self.missed and status != "lost" else _RANK[status]
        return (rank, EPOCH if status in ("running", "lost") else due, job.name.casefold(), job.id)

    def _last_start(self, job: Job) -> datetime | None:
        runs = self.report.state.runs.get(job.id, ())
        return runs[0].started if runs else job.state.last_run

    def _searched_text(self, job: Job) -> str:
        schedule = "" if job.schedule is None else job.schedule.text
        status = self.report.status_of(job)
        text = f"{job.name} {job.id} {status} {job.payload_kind or ''} {schedule} {job.state.last_error or ''}"
        return f"{text} {'missed' if job.id in self.missed else ''}".casefold()


def _strip(runs: Sequence[GatewayRun]) -> Line:
    ended = [run for run in runs if not run.is_going][:_STRIP_RUNS]
    return sparkline([(run.status, run.took) for run in reversed(ended)])

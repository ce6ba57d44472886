"""The state of a stock gateway on another host, made of what its agent sends. Nothing of that is trusted."""

from __future__ import annotations

from datetime import timedelta, timezone, tzinfo
from typing import Final

from msgspec.structs import replace

from clawtui.model.connection import JudgedThere
from clawtui.model.errors import Unreadable
from clawtui.model.fleet import Fleet, LogTail
from clawtui.model.gateway.job import Job
from clawtui.model.gateway.ownership import Boot, Lease, OwnedLock
from clawtui.model.gateway.report import GatewayReport, JudgedLock
from clawtui.model.gateway.run import GatewayRun
from clawtui.model.gateway.schedule import zone_named
from clawtui.model.gateway.state import GatewayState
from clawtui.model.runs.timeline import Step
from clawtui.model.text.cleaning import clean
from clawtui.remote.client.exchange import Exchange
from clawtui.remote.messages.fields import BadMessage
from clawtui.remote.messages.gateway import (
    GatewayJobs,
    GatewayMessage,
    GatewayOrder,
    GatewayRuns,
    GatewayStore,
    GatewayVerdicts,
    characters,
    job_of,
    owner_judgement,
    problems_of,
    run_of,
    value_of,
)
from clawtui.remote.messages.gateway_questions import ListRuns, ReadTranscript, RunList, Transcript

MAX_JOBS: Final = 20_000
"""The most jobs of one gateway, and the most jobs with runs."""
MAX_RUNS: Final = 200_000
"""The most runs of one gateway."""
MAX_CONTENT: Final = 64 * 1024 * 1024
"""The most characters of all jobs and runs together."""


class RemoteGateway:
    """The store that the agent of one connection describes. A new connection begins with an empty one."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._runs: dict[str, tuple[GatewayRun, ...]] = {}
        self._new: dict[tuple[str, str], GatewayRun] = {}
        """The runs that have come since the last complete state, by the ids of job and run."""
        self._sizes: dict[tuple[str, str | None], int] = {}
        """The characters of each job, and of each run, by the ids."""
        self._content = 0
        self._store: GatewayStore | None = None
        self._state: GatewayState | None = None
        self._verdicts: GatewayVerdicts | None = None
        self._judged: JudgedThere | None = None
        """The verdicts on this state; None until they are asked for."""

    def apply(self, message: GatewayMessage) -> None:
        """Apply a message. Raises BadMessage for one that cannot be right, or is too much."""
        match message:
            case GatewayJobs(jobs=jobs, gone=gone):
                for id in gone:
                    self._jobs.pop(id, None)
                    self._measure((id, None), 0)
                for wire in jobs:
                    self._jobs[wire.id] = job_of(wire)
                    self._measure((wire.id, None), characters(wire))
                self._require(len(self._jobs) <= MAX_JOBS, "jobs")
            case GatewayRuns(runs=runs):
                for run in runs:
                    self._new[run.job_id, run.id] = run_of(run)
                    self._measure((run.job_id, run.id), characters(run))
            case GatewayOrder(jobs=orders):
                for id, run_ids in orders:
                    self._order(id, run_ids)
                self._require(len(self._runs) <= MAX_JOBS, "jobs")
            case GatewayStore():
                self._complete(message)
            case GatewayVerdicts():
                self._verdicts, self._judged = message, None

    def add_to(self, fleet: Fleet, host: str) -> Fleet:
        """Return ``fleet`` with the state of the gateway, as it is once complete, and the verdicts of its ``host``."""
        state, store = self._state, self._store
        if state is None or store is None:
            return fleet
        if self._judged is None and self._verdicts is not None:
            report = replace(_report(state, self._verdicts), argument=fleet.root)
            self._judged = JudgedThere(host, report.now, gateway=report)
        tails = {} if state.log is None else {state.log: LogTail(state.log, (), 0, False, 0)}
        return replace(fleet, gateway=state, as_of=store.as_of, judged=self._judged, tails=tails)

    def _order(self, id: str, run_ids: tuple[str, ...]) -> None:
        """Give a job the runs ``run_ids``, all of which have come by now."""
        last = {run.id: run for run in self._runs.pop(id, ())}
        found = {run: self._new.pop((id, run), None) or last.get(run) for run in dict.fromkeys(run_ids)}
        known = {run: value for run, value in found.items() if value is not None}
        if len(known) < len(set(run_ids)):
            raise BadMessage("it named runs that it has not sent")
        for run in last.keys() - known.keys():
            self._measure((id, run), 0)
        if run_ids:
            self._runs[id] = tuple(known[run] for run in run_ids)

    def _complete(self, store: GatewayStore) -> None:
        if self._new:
            raise BadMessage("it sent runs that belong nowhere")
        self._store = store
        self._state = GatewayState(
            root=store.root,
            kind=store.kind,
            jobs=dict(self._jobs),
            runs=dict(self._runs),
            lease=None if store.lease is None else value_of(Lease, store.lease),
            boots=tuple(value_of(Boot, boot) for boot in store.boots),
            locks=tuple(value_of(OwnedLock, lock) for lock in store.locks),
            problems=problems_of(store.problems),
            app_version=store.app_version,
            schema_version=store.schema_version,
            newest_known_schema=store.newest_known_schema,
            has_receipts=store.has_receipts,
            log=store.log,
            is_complete=store.is_complete,
        )
        self._judged = None

    def _measure(self, key: tuple[str, str | None], size: int) -> None:
        """Note the characters of a job or run. Raises BadMessage where all together are too many."""
        self._content += size - self._sizes.pop(key, 0)
        if size:
            self._sizes[key] = size
        self._require(len(self._sizes) <= MAX_JOBS + MAX_RUNS, "runs")
        self._require(self._content <= MAX_CONTENT, "text in jobs and runs")

    def _require(self, is_allowed: bool, what: str) -> None:
        if not is_allowed:
            raise BadMessage(f"it sent more {what} than one gateway can have")


def runs_there(exchange: Exchange, job_id: str) -> tuple[GatewayRun, ...]:
    """Ask for the newest runs of a job, newest first. Raises Unreachable, Refused, Unreadable."""
    answer = exchange.ask(lambda id: ListRuns(id=id, job=job_id))
    if not isinstance(answer, RunList):
        return ()
    if answer.why_not is not None:
        raise Unreadable(clean(answer.why_not))
    return tuple(run for wire in answer.runs if (run := run_of(wire)).job_id == job_id)


def transcript_there(exchange: Exchange, run: GatewayRun) -> tuple[Step, ...]:
    """Ask for the tool calls and messages of a run, oldest first. Raises Unreachable, Refused."""
    answer = exchange.ask(lambda id: ReadTranscript(id=id, job=run.job_id, run=run.id))
    steps = answer.steps if isinstance(answer, Transcript) else ()
    return tuple(Step(step.at, step.title, None, failed=step.failed) for step in steps)


def _report(state: GatewayState, verdicts: GatewayVerdicts) -> GatewayReport:
    """Return the report on ``state``: the verdicts on those of its runs and locks that were judged."""
    locks = {one.of: owner_judgement(one) for one in verdicts.locks}
    return GatewayReport(
        state=state,
        now=verdicts.at,
        condition=verdicts.condition,
        condition_facts=verdicts.condition_facts,
        owners={one.of: owner_judgement(one) for one in verdicts.owners},
        locks=tuple(JudgedLock(lock, locks[lock.path]) for lock in state.locks if lock.path in locks),
        host_zone=_zone(verdicts),
        prefix=verdicts.prefix,
    )


def _zone(verdicts: GatewayVerdicts) -> tzinfo | None:
    found = zone_named(verdicts.zone) if verdicts.zone is not None else None
    if found is None and verdicts.offset is not None:
        return timezone(timedelta(minutes=verdicts.offset))
    return found

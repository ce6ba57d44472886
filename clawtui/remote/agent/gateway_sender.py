"""The messages that bring the other end from the last state of a stock gateway that it has to the newest one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from clawtui.model.fleet import Fleet
from clawtui.model.gateway.job import Job
from clawtui.model.gateway.run import GatewayRun
from clawtui.model.gateway.state import GatewayState
from clawtui.remote.messages.fields import MAX_TEXT
from clawtui.remote.messages.gateway import (
    MAX_RUNS,
    GatewayJobs,
    GatewayMessage,
    GatewayOrder,
    GatewayRuns,
    GatewayStore,
    part_of,
    pieces,
)
from clawtui.remote.messages.gateway_values import WireJob, WireRun

_ORDERS: Final = 100
"""Jobs in one message with the order of their runs."""
_ROOM: Final = MAX_TEXT // 4
"""The most characters of all problems, and of all locks."""


class GatewaySender:
    """The jobs and runs that the other end has, and the messages that complete them."""

    def __init__(self) -> None:
        """Begin with an end that has nothing."""
        self._jobs: dict[str, Job] = {}
        self._runs: dict[str, tuple[GatewayRun, ...]] = {}
        self._sent: tuple[GatewayState, datetime | None] | None = None

    def messages(self, fleet: Fleet) -> Iterator[GatewayMessage]:
        """Yield the messages for everything in the state of the gateway that differs from the last one."""
        state = fleet.gateway
        last, self._sent = self._sent, None if state is None else (state, fleet.as_of)
        if state is None:
            self._jobs, self._runs = {}, {}
        elif last is None or last[0] is not state or last[1] != fleet.as_of:
            yield from self._of_jobs(state)
            yield from self._of_runs(state)
            yield store_message(state, fleet.as_of)

    def _of_jobs(self, state: GatewayState) -> Iterator[GatewayMessage]:
        gone = [id for id in self._jobs if id not in state.jobs]
        changed = [job for id, job in state.jobs.items() if self._jobs.get(id) != job]
        self._jobs = dict(state.jobs)
        yield from (GatewayJobs(gone=ids) for ids in pieces(gone))
        yield from (GatewayJobs(jobs=jobs) for jobs in pieces(part_of(WireJob, job) for job in changed))

    def _of_runs(self, state: GatewayState) -> Iterator[GatewayMessage]:
        """Yield the runs that are new or have changed, then the order of those of each job that has such."""
        last, self._runs = self._runs, {id: runs[:MAX_RUNS] for id, runs in state.runs.items()}
        changed = [id for id, runs in self._runs.items() if last.get(id, ()) != runs]
        new = (
            run
            for id in changed
            for known in [{run.id: run for run in last.get(id, ())}]
            for run in self._runs[id]
            if known.get(run.id) != run
        )
        yield from (GatewayRuns(runs=runs) for runs in pieces(part_of(WireRun, run) for run in new))
        orders = [(id, tuple(run.id for run in self._runs[id])) for id in changed]
        orders += [(id, ()) for id in last if id not in self._runs]
        yield from (GatewayOrder(jobs=jobs) for jobs in pieces(orders, _ORDERS))


def store_message(state: GatewayState, as_of: datetime | None) -> GatewayStore:
    """Return the message with what a state has besides jobs and runs; there is room for a bounded part of it."""
    message = part_of(GatewayStore, state)
    problems, locks = (next(pieces(parts, room=_ROOM), ()) for parts in (message.problems, message.locks))
    return message.model_copy(update={"as_of": as_of, "problems": problems, "locks": locks})

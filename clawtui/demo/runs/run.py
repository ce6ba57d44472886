"""A run with its lock and its slot, which it releases at the end unless it dies."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta

from msgspec import Struct

from clawtui.demo.gateway.dispatch_log import automation_failed
from clawtui.demo.gateway.stores import DemoClock, GatewayStores
from clawtui.demo.runs import fork_script as script
from clawtui.demo.runs.checkout import Checkout
from clawtui.demo.runs.live_run import Outcome, RunCancelled, RunDied, RunFailed, report, sync
from clawtui.demo.runs.plan import Plan
from clawtui.demo.runs.run_state import InfoStatus, RunIdentity, Step, log_step
from clawtui.demo.runs.run_writer import RunWriter
from clawtui.demo.runs.scripted_run import RunConditions
from clawtui.demo.seed.fleet_spec import REPORT
from clawtui.model.documents.automation import RunResult
from clawtui.model.documents.base import RunStatus
from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.errors import ClawtuiError, Invalid, NoSuch, Refused

_STATE: Mapping[RunStatus, str] = {
    "success": "completed",
    "partial": "completed",
    "failed": "failed",
    "cancelled": "cancelled",
}
_INFO: Mapping[RunStatus, InfoStatus] = {
    "success": "complete",
    "partial": "complete",
    "failed": "failed",
    "cancelled": "abandoned",
}
_STOPPING = "the gateway, which is stopping"


class Assignment(Struct, frozen=True):
    """The parameters of a run."""

    identity: RunIdentity
    plan: Plan
    conditions: RunConditions
    checkout: Checkout
    lock: RepositoryLock
    remark: str | None = None
    """A warning that is logged at its start."""


class Run:
    """A run that has its lock and its slot."""

    def __init__(
        self, stores: GatewayStores, clock: DemoClock, assignment: Assignment, next_run: Callable[[], datetime]
    ) -> None:
        """Prepare the run; ``next_run`` returns when the automation is due again after it."""
        self.assignment = assignment
        self._stores = stores
        self._next_run = next_run
        self._writer = RunWriter(stores, assignment.identity, clock, assignment.plan.wait_factor)

    async def execute(self) -> bool:
        """Perform the run. Returns True if it ended, False if it died and released nothing.

        Raises ClawtuiError where its end could not be written either.
        """
        try:
            outcome = await self._execute()
        except RunDied:
            return False
        except asyncio.CancelledError:
            # When the gateway is stopped, its directory may be removed already.
            with suppress(ClawtuiError, OSError):
                self._end("cancelled", f"Cancelled by {_STOPPING}", self._cancelled(_STOPPING))
            raise
        except RunCancelled as error:
            self._end("cancelled", f"Cancelled by {error}", self._cancelled(str(error)))
        except RunFailed as error:
            self._fail(error)
        except (ClawtuiError, OSError) as error:
            # An operator may remove the workspace of a run in progress.
            self._fail(RunFailed(f"The workspace cannot be used any more: {error}", "workspace"))
        else:
            self._complete(outcome)
        return True

    def record_death(self, reason: str) -> None:
        """Write the end that a dead run could not write; its lock and slot are left to the caller."""
        self._writer.close(self._failed(RunFailed(reason, "cleanup")), "failed", "abandoned", 0)
        self._record("failed", reason)

    async def _execute(self) -> Outcome:
        assignment = self.assignment
        self._writer.open()
        if assignment.remark is not None:
            await self._writer.play([log_step(0.0, "warn", "init", assignment.remark)])
        script_of = report if assignment.identity.spec.type == REPORT else sync
        return await script_of(self._writer, assignment.checkout, assignment.plan, assignment.conditions)

    def _complete(self, outcome: Outcome) -> None:
        for artifact in outcome.artifacts:
            with suppress(Refused):  # at the highest speeds two runs end in the same second, which is in the name
                self._stores.artifacts.add(self._id, artifact.name, artifact.text.encode(), self._writer.now())
        self._end(outcome.status, outcome.summary, script.completed(outcome.status, self._writer.took()))

    def _fail(self, error: RunFailed) -> None:
        reason = str(error)
        session = self.assignment.identity.session_id
        self._stores.logs.write_dispatcher(automation_failed(self._writer.now(), self._id, session, reason))
        self._end("failed", reason, self._failed(error))

    def _failed(self, error: RunFailed) -> Iterator[Step]:
        return script.failed(str(error), error.phase, self._writer.snapshot.percentage, self._writer.took())

    def _cancelled(self, who: str) -> Iterator[Step]:
        return script.cancelled(who, self._writer.snapshot.percentage, self._writer.took())

    def _end(self, status: RunStatus, summary: str, last: Iterator[Step]) -> None:
        """Write the ending of the run, then release its lock and slot: in this order, so that it never looks dead."""
        assignment = self.assignment
        steps = [*last, *script.cleaned_up(assignment.identity.spec)]
        self._writer.close(steps, _STATE[status], _INFO[status], assignment.checkout.size())
        self._record(status, summary)
        with suppress(Invalid):  # an operator may have made the file invalid; then it is left alone
            self._stores.slots.release(assignment.identity.session_id, self._writer.now())
        self._stores.locks.release(assignment.lock)

    def _record(self, status: RunStatus, summary: str) -> None:
        took = self._writer.took() // timedelta(milliseconds=1)
        started = self.assignment.identity.started
        result = RunResult(timestamp=started, status=status, duration=took, summary=summary)
        with suppress(NoSuch, Invalid):  # an operator may have deleted it or made it invalid
            self._stores.configs.update_last_run(self._id, result, self._writer.now(), self._next_run())

    @property
    def _id(self) -> str:
        return self.assignment.identity.spec.id

"""One run with all that it holds: it begins with a lock and a slot, and gives both back unless it dies."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from clawtui.demo.gateway.dispatch_log import automation_failed
from clawtui.demo.gateway.stores import DemoClock, GatewayStores
from clawtui.demo.runs import fork_script as script
from clawtui.demo.runs.checkout import Checkout
from clawtui.demo.runs.live_run import Outcome, RunCancelled, RunDied, RunFailed, report, sync
from clawtui.demo.runs.plan import Plan
from clawtui.demo.runs.run_state import Beat, InfoStatus, RunOf, say
from clawtui.demo.runs.run_writer import RunWriter
from clawtui.demo.runs.scripted_run import RunConditions
from clawtui.demo.seed.fleet_spec import REPORT
from clawtui.model.documents.automation import RunResult
from clawtui.model.documents.base import RunStatus
from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.errors import Invalid, NoSuch, Refused, StorageError

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


@dataclass(frozen=True, slots=True)
class Assignment:
    """What a run was dealt."""

    of: RunOf
    plan: Plan
    met: RunConditions
    checkout: Checkout
    lock: RepositoryLock
    remark: str | None = None
    """What its log has to say beforehand."""


class Run:
    """A run that has its lock and its slot."""

    def __init__(
        self, desk: GatewayStores, pace: DemoClock, assignment: Assignment, next_run: Callable[[], datetime]
    ) -> None:
        """``next_run`` tells when the automation is due again, once this run is over."""
        self.assignment = assignment
        self._desk = desk
        self._next_run = next_run
        self._journal = RunWriter(desk, assignment.of, pace, assignment.plan.pace)

    async def go(self) -> bool:
        """Whether it ended; False where it died and left everything as it was.

        Raises StorageError where not even its end could be written.
        """
        try:
            outcome = await self._story()
        except RunDied:
            return False
        except asyncio.CancelledError:
            # Who stops the gateway may have removed the directory already.
            with suppress(StorageError, OSError):
                self._end("cancelled", f"Cancelled by {_STOPPING}", self._cancelled(_STOPPING))
            raise
        except RunCancelled as error:
            self._end("cancelled", f"Cancelled by {error}", self._cancelled(str(error)))
        except RunFailed as error:
            self._fail(error)
        except (StorageError, OSError) as error:
            # An operator may clean a workspace under its run.
            self._fail(RunFailed(f"The workspace cannot be used any more: {error}", "workspace"))
        else:
            self._complete(outcome)
        return True

    def bury(self, reason: str) -> None:
        """Writes the end that a dead run could not write itself, except what it held."""
        self._journal.close(self._failed(RunFailed(reason, "cleanup")), "failed", "abandoned", 0)
        self._record("failed", reason)

    async def _story(self) -> Outcome:
        dealt = self.assignment
        self._journal.open()
        if dealt.remark is not None:
            await self._journal.play([say(0.0, "warn", "init", dealt.remark)])
        tell = report if dealt.of.role.type == REPORT else sync
        return await tell(self._journal, dealt.checkout, dealt.plan, dealt.met)

    def _complete(self, outcome: Outcome) -> None:
        for paper in outcome.papers:
            with suppress(Refused):  # at the highest speeds two runs end within a second, which is its name
                self._desk.artifacts.add(self._id, paper.name, paper.text.encode(), self._journal.now())
        self._end(outcome.status, outcome.summary, script.completed(outcome.status, self._journal.took()))

    def _fail(self, error: RunFailed) -> None:
        reason = str(error)
        session = self.assignment.of.session_id
        self._desk.logs.write_dispatcher(automation_failed(self._journal.now(), self._id, session, reason))
        self._end("failed", reason, self._failed(error))

    def _failed(self, error: RunFailed) -> Iterator[Beat]:
        return script.failed(str(error), error.phase, self._journal.picture.percentage, self._journal.took())

    def _cancelled(self, who: str) -> Iterator[Beat]:
        return script.cancelled(who, self._journal.picture.percentage, self._journal.took())

    def _end(self, status: RunStatus, summary: str, last: Iterator[Beat]) -> None:
        """Writes how it ended, then gives back what it holds: in this order, so that nobody takes it for dead."""
        dealt = self.assignment
        beats = [*last, *script.cleaned_up(dealt.of.role)]
        self._journal.close(beats, _STATE[status], _INFO[status], dealt.checkout.size())
        self._record(status, summary)
        with suppress(Invalid):  # an operator may have broken the state; what is in it is theirs to mend
            self._desk.slots.release(dealt.of.session_id, self._journal.now())
        self._desk.locks.release(dealt.lock)

    def _record(self, status: RunStatus, summary: str) -> None:
        took = self._journal.took() // timedelta(milliseconds=1)
        started = self.assignment.of.started
        result = RunResult(timestamp=started, status=status, duration=took, summary=summary)
        with suppress(NoSuch, Invalid):  # an operator may have deleted or broken it while the run was going
            self._desk.configs.update_last_run(self._id, result, self._journal.now(), self._next_run())

    @property
    def _id(self) -> str:
        return self.assignment.of.role.id

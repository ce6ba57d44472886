"""A reading of a stock gateway's store, with the verdicts on its owners and the condition of the gateway."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Literal

from msgspec import Struct

from clawtui.model.gateway.job import Job, JobStatus
from clawtui.model.gateway.owner import OwnerJudgement
from clawtui.model.gateway.ownership import OwnedLock
from clawtui.model.gateway.run import GatewayRun
from clawtui.model.gateway.run_values import with_verdict
from clawtui.model.gateway.state import GatewayState
from clawtui.model.text.cleaning import clean

GatewayCondition = Literal["running", "stuck", "down", "stopped", "elsewhere", "unknown"]
"""``stuck``: its process lives and its lease has expired. ``down``: it died. ``stopped``: it was shut down normally."""


class JudgedLock(Struct, frozen=True):
    """A lock with the verdict on its holder."""

    lock: OwnedLock
    judgement: OwnerJudgement


class GatewayReport(Struct, frozen=True):
    """The state that was read, the verdicts, and the condition of the gateway."""

    state: GatewayState
    now: datetime
    condition: GatewayCondition
    condition_facts: tuple[str, ...]
    owners: Mapping[str, OwnerJudgement]
    """By run id: the verdict on the owner of each run that is going, if the owner is known."""
    locks: tuple[JudgedLock, ...]
    host_zone: tzinfo | None
    """The time zone of the gateway; None if it runs on another host."""
    prefix: tuple[str, ...] = ("openclaw",)
    """The first words of the gateway's own commands for this root."""
    argument: str | None = None
    """What ``--root`` takes for a root on another host; None for one on this host, which its path names."""

    @property
    def is_up(self) -> bool:
        """Whether the gateway may be running, as far as is known."""
        return self.condition not in ("down", "stopped")

    def runs_of(self, job_id: str) -> tuple[GatewayRun, ...]:
        """Return the runs of a job, newest first; one whose owner cannot be alive is ``lost``."""
        runs = self.state.runs.get(job_id, ())
        return tuple(with_verdict(run, self.owners.get(run.id)) for run in runs)

    def status_of(self, job: Job) -> JobStatus:
        """Return a job's status; it is ``lost`` while the owner of its run cannot be alive."""
        return job_status(self.state, job, self.owners)

    def words(self, *words: str) -> tuple[str, ...]:
        """Return the words of a command of this gateway: before the store had receipts, jobs were only ``cron``."""
        if words[:1] == ("automations",) and not self.state.has_receipts:
            return ("cron", "runs", "--id", *words[2:]) if words[1:2] == ("show",) else ("cron", *words[1:])
        return words

    def command(self, *words: str) -> str | None:
        """Return a command of the gateway as a shell takes it; None if a word cannot be shown."""
        words = self.words(*words)
        if any(clean(word) != word for word in (*self.prefix, *words)):
            return None
        return shlex.join([*self.prefix, *words])


def job_status(state: GatewayState, job: Job, owners: Mapping[str, OwnerJudgement]) -> JobStatus:
    """Return a job's status, with the verdicts on the owners of runs by run id."""
    status, going = state.status_of(job), state.running(job.id)
    if status == "running" and going is not None and with_verdict(going, owners.get(going.id)) is not going:
        return "lost"
    return status

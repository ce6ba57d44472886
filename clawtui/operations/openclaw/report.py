"""The report on a stock gateway with the verdicts of this host: runs, locks, and the gateway itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from clawtui.files.host_zone import local_zone
from clawtui.files.store_kind import store_kind
from clawtui.model.errors import NoSuch
from clawtui.model.gateway.owner import OwnerEvidence, OwnerJudgement, judge_owner, unreadable_owner
from clawtui.model.gateway.ownership import OwnedLock
from clawtui.model.gateway.report import GatewayCondition, GatewayReport, JudgedLock
from clawtui.model.gateway.run import GatewayRun, RunOwner
from clawtui.model.gateway.state import GatewayState
from clawtui.model.liveness.evidence import SignOfLife
from clawtui.model.runs.judgement import QUIET_AFTER
from clawtui.openclaw.reader import RUNS_PER_JOB, read_gateway
from clawtui.operations.evidence.host import ThisHost
from clawtui.operations.openclaw.gateway_command import gateway_prefix
from clawtui.storage.roots import name_of_caller


def report_gateway(
    root: Path,
    now: datetime,
    quiet_after: timedelta = QUIET_AFTER,
    per_job: int = RUNS_PER_JOB,
    only: str | None = None,
    temporary: Path | None = None,
) -> GatewayReport:
    """Return the state of the stock gateway at ``root``, and the verdicts on its runs and locks.

    Args:
        root: The state directory.
        now: The instant, in the zone in which times are shown.
        quiet_after: How long an owner may be silent.
        per_job: How many ended runs of each job are read.
        only: The id of the one job whose runs are read; None for all.
        temporary: Where a gateway before 2026.8 keeps its lock; by default ``$TMPDIR``.

    Raises:
        NoSuch: There is no stock gateway's store at ``root``.
    """
    kind = store_kind(root)
    if kind is None:
        raise NoSuch(f"{root} has no store of a gateway")
    return judge_gateway(read_gateway(root, kind, per_job, only, temporary), root, now, quiet_after)


def judge_gateway(
    state: GatewayState, root: Path, now: datetime, quiet_after: timedelta = QUIET_AFTER
) -> GatewayReport:
    """Return the verdicts on a state of the stock gateway at `root` that was read before, as `report_gateway` does."""
    judge = _Judge(state, root, now, quiet_after)
    condition, facts = judge.gateway()
    return GatewayReport(
        state=state,
        now=now,
        condition=condition,
        condition_facts=facts,
        owners=judge.owners(),
        locks=tuple(JudgedLock(lock, judge.lock(lock)) for lock in state.locks),
        host_zone=None if condition == "elsewhere" else local_zone() or now.astimezone().tzinfo,
        prefix=gateway_prefix(root),
        argument=name_of_caller(root),
    )


def judge_lock(
    state: GatewayState, root: Path, lock: OwnedLock, now: datetime, quiet_after: timedelta = QUIET_AFTER
) -> OwnerJudgement:
    """Return the verdict on the holder of one lock file of the gateway at ``root``, by its state."""
    return _Judge(state, root, now, quiet_after).lock(lock)


class _Judge:
    """Verdicts on one reading of a gateway. Facts about this host are read once."""

    def __init__(self, state: GatewayState, root: Path, now: datetime, quiet_after: timedelta) -> None:
        self._state = state
        self._root = root
        self._now = now
        self._quiet_after = quiet_after
        self._host = ThisHost()

    def owners(self) -> Mapping[str, OwnerJudgement]:
        """Return the verdict on the owner of each run in progress whose owner is known, by run id."""
        found = {}
        for run in self._state.going:
            owner = run.owner or self._owner_by_lock(run)
            if owner is not None and run.status == "running":
                signs = () if run.last_event is None else (SignOfLife("its task or transcript", run.last_event),)
                found[run.id] = self._judge(owner, run.started, "run", signs, is_local_file=run.owner is None)
        return found

    def lock(self, lock: OwnedLock) -> OwnerJudgement:
        """Return the verdict on the holder of a lock file."""
        if lock.pid is None:
            return unreadable_owner(lock.problem or "it names no pid")
        signs = [
            SignOfLife("its session", run.last_event)
            for run in self._state.going
            if self._is_of(lock, run) and run.last_event is not None
        ]
        if lock.kind == "gateway":
            lease = self._state.lease
            if lease is not None and lease.pid == lock.pid and lease.heartbeat is not None:
                signs.append(SignOfLife("the gateway's lease", lease.heartbeat))
        owner = RunOwner(lock.pid, lock.start_ticks)
        return self._judge(owner, lock.created, "lock", tuple(signs), is_local_file=True)

    def gateway(self) -> tuple[GatewayCondition, tuple[str, ...]]:
        """Return the condition of the gateway: by its lease, else by its recorded end, else by its own lock."""
        lease, boot = self._state.lease, next(iter(self._state.boots), None)
        if lease is not None and lease.pid is not None:
            owner = RunOwner(lease.pid, lease.start_ticks, lease.host)
            signs = () if lease.heartbeat is None else (SignOfLife("its lease", lease.heartbeat),)
            judged = self._judge(owner, lease.created, "lease", signs, is_local_file=False)
            return self._by_lease(judged), judged.facts
        if boot is not None and boot.completed is not None:
            ended = f"it ended {boot.completed.astimezone(self._now.tzinfo):%Y-%m-%d %H:%M}"
            return "stopped", (f"{ended}: {boot.reason or boot.outcome or 'no reason is recorded'}",)
        own = [self.lock(lock) for lock in self._state.locks if lock.kind == "gateway" and lock.pid is not None]
        alive = next((each for each in own if each.verdict in ("live", "quiet")), None)
        if alive is not None:
            return "running", alive.facts
        dead = next((each for each in own if each.verdict == "orphaned"), None)
        if dead is not None:
            return "down", dead.facts
        return "unknown", ("no lease, no lock and no end of the gateway is recorded",)

    def _by_lease(self, judged: OwnerJudgement) -> GatewayCondition:
        if judged.verdict == "orphaned":
            return "down"
        if judged.verdict == "foreign":
            return "elsewhere"
        lease = self._state.lease
        return "stuck" if lease is not None and lease.is_expired(self._now) else "running"

    def _owner_by_lock(self, run: GatewayRun) -> RunOwner | None:
        """Return the gateway whose lock is older than the run: its owner where there are no receipts."""
        for lock in self._state.locks:
            taken = lock.created
            if lock.kind == "gateway" and lock.pid is not None and taken is not None and taken <= run.started:
                return RunOwner(lock.pid, lock.start_ticks)
        return None

    @staticmethod
    def _is_of(lock: OwnedLock, run: GatewayRun) -> bool:
        return run.session_id is not None and f"/{run.session_id}." in lock.path

    def _judge(
        self, owner: RunOwner, since: datetime | None, what: str, signs: tuple[SignOfLife, ...], is_local_file: bool
    ) -> OwnerJudgement:
        evidence = OwnerEvidence(
            owner=owner,
            since=since,
            what=what,
            host=self._host.describe(self._root),
            now=self._now,
            lease=self._state.lease,
            is_local_file=is_local_file,
            signs=signs,
            quiet_after=self._quiet_after,
        )
        if evidence.host_name in (None, self._host.name):  # a pid of another host is not looked up
            looked = self._host.describe_owner(owner.pid, owner.start_ticks, since, self._root, self._now)
            evidence = OwnerEvidence(
                owner, since, what, looked, self._now, self._state.lease, is_local_file, signs, self._quiet_after
            )
        return judge_owner(evidence)

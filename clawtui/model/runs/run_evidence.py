"""The evidence about the run in a workspace, from which its state is judged."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct, field

from clawtui.model.documents.automation import RunResult
from clawtui.model.documents.base import EPOCH, RunStatus
from clawtui.model.documents.lock import flat_lock_name, nested_lock_name, normalize_repo_key
from clawtui.model.fleet import Automation, Fleet, Workspace
from clawtui.model.liveness.slot_verdict import SlotJudgement
from clawtui.model.liveness.verdict import LockJudgement
from clawtui.model.runs.judgement import QUIET_AFTER
from clawtui.model.runs.lock_index import LockIndex

if TYPE_CHECKING:
    from clawtui.model.documents.workspace import RuntimeState, WorkspaceInfo


class LogEnd(NamedTuple):
    """The last entry of a run's log that says how the run ended."""

    at: datetime
    status: RunStatus
    message: str
    path: str
    """Relative to ``automations/``."""


class RunContext(Struct, frozen=True):
    """The facts, besides the fleet, on which the states of runs depend: verdicts, and facts from logs.

    Facts that have not been gathered yet are missing; a lock or slot without a verdict counts as held.
    """

    locks: Mapping[str, LockJudgement] = field(default_factory=dict)
    """The verdicts, by the lock's path."""
    slots: tuple[SlotJudgement, ...] = ()
    released: Mapping[str, Mapping[str, LockJudgement]] = field(default_factory=dict)
    """By session, by repository: the verdicts on locks that an operator has released and that are still kept."""
    log_ends: Mapping[str, LogEnd] = field(default_factory=dict)
    """By workspace."""
    last_signs: Mapping[str, datetime] = field(default_factory=dict)
    """By workspace: the last sign of life of its run in documents and logs."""
    quiet_after: timedelta = QUIET_AFTER


class RunEvidence(Struct, frozen=True):
    """The evidence about the run in one workspace."""

    workspace: Workspace
    now: datetime
    results: tuple[RunResult, ...] = ()
    """How the automation's runs ended, from its configuration."""
    locks: Mapping[str, LockJudgement | None] = field(default_factory=dict)
    """By repository: the verdicts on the locks of its session; None for one that is not judged yet."""
    released: Mapping[str, LockJudgement] = field(default_factory=dict)
    holds_slot: int | None = None
    """The number of the slot of its session."""
    slot: SlotJudgement | None = None
    """The verdict on that slot; None if there is none, or it is not judged yet."""
    log_end: LogEnd | None = None
    last_sign: datetime | None = None
    unseen: str | None = None
    """Why it may hold a lock or a slot that is not seen, as a clause; None if it cannot."""
    quiet_after: timedelta = QUIET_AFTER

    @property
    def state(self) -> RuntimeState | None:
        """The content of ``state.json``; None if it is missing or cannot be read."""
        return self.workspace.state.value if self.workspace.state else None

    @property
    def info(self) -> WorkspaceInfo | None:
        """The content of ``workspace-info.json``; None if it is missing or cannot be read."""
        return self.workspace.info.value if self.workspace.info else None

    @property
    def started(self) -> datetime | None:
        """When the run began; None if no document says so."""
        state, info = self.state, self.info
        if state is not None:
            return state.start_time or state.last_update
        return info.created if info is not None else None

    @property
    def last_life(self) -> datetime | None:
        """The last time at which the run wrote anything; times that are far in the future do not count."""
        judged = [*self.locks.values(), self.slot]
        times = [one.last_sign for one in judged if one is not None]
        state = self.state
        times += [self.last_sign, *((state.last_update, state.start_time) if state is not None else ())]
        latest = self.now + self.quiet_after
        return max((at for at in times if at is not None and EPOCH <= at <= latest), default=None)

    @property
    def is_held(self) -> bool:
        """Whether a lock or the slot of its session is not known to be left behind."""
        locks = any(lock is None or lock.verdict != "orphaned" for lock in self.locks.values())
        slot = self.holds_slot is not None and (self.slot is None or self.slot.verdict != "orphaned")
        return locks or slot


class EvidenceIndex:
    """Indexes of a fleet by session and by automation, from which the evidence about each run is taken."""

    def __init__(self, fleet: Fleet, context: RunContext, locks: LockIndex | None = None) -> None:
        """Make the indexes; `locks` is that of the locks and their verdicts, where the caller has it."""
        self._context = context
        self._fleet = fleet
        self._locks = locks or LockIndex()
        if locks is None:
            self._locks.update(fleet.locks, context.locks)
        self._slots = {slot.session_id: slot for slot in fleet.slots}
        self._judged_slots = {judged.slot.session_id: judged for judged in context.slots}
        self._hides_locks = any(
            path in ("", "locks") or (path.startswith("locks/") and path not in fleet.locks) for path in fleet.problems
        )
        self._slots_known = fleet.slots_known

    def automation(self, automation_id: str) -> Automation | None:
        """Return the automation with that id; the first by its path if several files have it."""
        return next(iter(self._fleet.automations_with(automation_id)), None)

    def evidence(self, workspace: Workspace, now: datetime) -> RunEvidence:
        """Return the evidence about the run in ``workspace``."""
        automation, context = self.automation(workspace.id), self._context
        config = automation.config.value if automation is not None else None
        newest = (config.last_run,) if config is not None and config.last_run is not None else ()
        results = {result.timestamp: result for result in (*(config.run_history if config else ()), *newest)}
        session = _session(workspace) or ""
        slot, judged = self._slots.get(session), self._judged_slots.get(session)
        return RunEvidence(
            workspace,
            now,
            tuple(results.values()),
            locks=self._locks.of_session(session),
            released=context.released.get(session, {}),
            holds_slot=slot.slot_number if slot is not None else None,
            slot=judged if judged is not None and judged.slot == slot else None,
            log_end=context.log_ends.get(workspace.id),
            last_sign=context.last_signs.get(workspace.id),
            unseen=self._unseen(workspace, automation),
            quiet_after=context.quiet_after,
        )

    def _unseen(self, workspace: Workspace, automation: Automation | None) -> str | None:
        if _session(workspace) is None:
            return "its session is not known, so neither are its lock and slot"
        if not self._slots_known:
            return "who holds a slot is not known, because config/concurrency-state.json cannot be read"
        if self._hides_locks:
            return "some locks cannot be seen"
        if not self._locks.unread:
            return None
        keys = {normalize_repo_key(address) for address in _addresses(workspace, automation)}
        names = {name for key in keys for name in (flat_lock_name(key), nested_lock_name(key))}
        if names and names.isdisjoint(self._locks.unread):
            return None
        return "a lock that cannot be read may be its own"


def _session(workspace: Workspace) -> str | None:
    for reading in (workspace.state, workspace.info):
        if reading is not None and reading.value is not None and reading.value.session_id:
            return reading.value.session_id
    return None


def _addresses(workspace: Workspace, automation: Automation | None) -> list[str]:
    info = workspace.info.value if workspace.info else None
    found = [info.repository.fork_url] if info is not None and info.repository is not None else []
    config = automation.config.value if automation is not None else None
    address = config.config.get("forkRepoUrl") if config is not None else None
    return [*found, address] if isinstance(address, str) else found

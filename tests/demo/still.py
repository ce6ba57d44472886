"""One fixed moment of the demo, for pictures: no process, no git, and the same at every call."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from clawtui.demo.gateway.dispatch_log import (
    SkipReason,
    automation_dispatched,
    automation_failed,
    automation_skipped,
    dispatch_completed,
    dispatch_started,
)
from clawtui.demo.runs.history import PastRun
from clawtui.demo.runs.plan import Plan
from clawtui.demo.runs.run_state import Account, RunOf, length, tell
from clawtui.demo.runs.scripted_run import RunConditions, slower, whole_run
from clawtui.demo.seed.fleet_spec import Role, cast
from clawtui.demo.seed.seed import furnish, lock_of, strange_locks, timetable
from clawtui.demo.seed.seed_writer import SeedWriter
from clawtui.model.documents.concurrency import ConcurrencyState, Slot
from clawtui.model.documents.log_entry import DispatcherLogEntry
from clawtui.model.paths import run_log_name

STILL_HOST = "gateway-1"
GATEWAY_PID = 48213
DEAD_PID = 31007

_TOLD_ROOT = "/home/clawd/.clawdbot"
_SEED = 20250126
_DISPATCHES = 12
"""How many dispatches, a minute apart, the dispatcher's log tells of."""


@dataclass(frozen=True, slots=True)
class _Going:
    """A run in the middle."""

    id: str
    session_id: str
    plan: Plan
    upto: str
    """The title of its last milestone."""
    more: int
    """How many beats it is beyond that."""
    stretch: float
    silent: timedelta
    """Since its last sign of life."""


def _plan(conflicts: int, uncertain: set[int], corrected: set[int], seed: int) -> Plan:
    return Plan("success", conflicts, frozenset(uncertain), frozenset(), frozenset(corrected), 1.0, seed)


_GOING = (
    _Going(
        id="sync-ripgrep",
        session_id="cron:7c1e-40b2-93fd",
        plan=_plan(5, {1}, {0, 1}, 4),
        upto="Resolving: crates/printer/src/standard.rs",
        more=2,
        stretch=6.5,
        silent=timedelta(seconds=2),
    ),
    _Going(
        id="sync-vite",
        session_id="cron:a94d-17e0-5b38",
        plan=_plan(3, set(), set(), 12),
        upto="Cloning fork repository",
        more=2,
        stretch=2.0,
        silent=timedelta(seconds=1),
    ),
    _Going(
        id="sync-uv",
        session_id="cron:03bf-c2a6-e871",
        plan=_plan(2, set(), {0}, 21),
        upto="Resolving: crates/uv-resolver/src/pubgrub.rs",
        more=4,
        stretch=5.0,
        silent=timedelta(minutes=25),
    ),
)


_SKIPPED: tuple[tuple[str, SkipReason], ...] = (
    ("sync-hugo", "repository-locked"),
    ("sync-home-assistant", "concurrency-limit"),
    ("sync-zod", "concurrency-limit"),
)
_FAILED = "sync-pydantic"


def write_still(root: Path, now: datetime) -> None:
    """Writes a fixed state directory, as of ``now``, into ``root``, which is a directory and has none yet."""
    with SeedWriter(root, told=_TOLD_ROOT) as stage:
        _write(stage, cast(), Random(_SEED), now)


def _write(stage: SeedWriter, roles: Sequence[Role], rng: Random, now: datetime) -> None:
    due = timetable(roles, rng, now, ready=0, apart=timedelta(minutes=6, seconds=20))
    due |= {"sync-home-assistant": now - timedelta(minutes=2), "sync-zod": now - timedelta(seconds=50)}
    going = [_begun(stage, role, run, now) for role in roles for run in _GOING if run.id == role.id]
    since = {account.run.role.id: account.run.started for account in going}
    pasts = furnish(stage, roles, rng, now, due | since, since)
    slots = [_put(stage, account, number) for number, account in enumerate(going, 1)]
    stage.slots(ConcurrencyState(version=1, max_slots=3, active_slots=tuple(slots), last_updated=now))
    for part, lock in strange_locks(roles, rng, now, STILL_HOST, DEAD_PID).items():
        stage.lock(lock, nested=part == "expired")
    entries = [*_dispatches(now, len(roles)), *_runs_begun(slots), _failure(pasts[_FAILED][0])]
    stage.dispatcher_log(sorted(entries, key=lambda entry: entry.timestamp))


def _begun(stage: SeedWriter, role: Role, going: _Going, now: datetime) -> Account:
    met = RunConditions(stage.workspace_of(role), behind=15, pull_request=0, branch="")
    beats = whole_run(role, going.plan, met)
    last = next(n for n, beat in enumerate(beats) if beat.milestone is not None and beat.milestone[0] == going.upto)
    beats = slower(beats[: last + 1 + going.more], going.stretch)
    started = now - going.silent - timedelta(seconds=length(beats))
    return tell(RunOf(role, going.session_id, started), beats)


def _put(stage: SeedWriter, account: Account, slot_number: int) -> Slot:
    run = account.run
    stage.workspace(account, "running", "active", 31_000_000 + 4_100_000 * slot_number)
    stage.run_log(run.role.type, run_log_name(run.role.id, run.started), account.entries)
    stage.lock(lock_of(run.role, run.session_id, run.started, GATEWAY_PID, STILL_HOST))
    return Slot(automation_id=run.role.id, session_id=run.session_id, acquired_at=run.started, slot_number=slot_number)


def _dispatches(now: datetime, automations: int) -> Iterator[DispatcherLogEntry]:
    for age in range(_DISPATCHES):
        at = now - timedelta(minutes=age, seconds=9)
        skipped = _SKIPPED[: 3 - age] or _SKIPPED[:1]
        yield dispatch_started(at, automations, len(skipped))
        for number, (id, reason) in enumerate(skipped, 1):
            yield automation_skipped(at + timedelta(milliseconds=90 * number), id, reason)
        took = timedelta(milliseconds=400)
        yield dispatch_completed(at + took, 0, len(skipped), took)


def _runs_begun(slots: Sequence[Slot]) -> Iterator[DispatcherLogEntry]:
    for slot in slots:
        yield automation_dispatched(slot.acquired_at, slot.automation_id, slot.session_id)


def _failure(past: PastRun) -> DispatcherLogEntry:
    result = past.result
    return automation_failed(result.timestamp + result.took, past.run.role.id, past.run.session_id, result.summary)

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
from clawtui.demo.runs.run_state import RunIdentity, RunRecord, replay, total_wait
from clawtui.demo.runs.scripted_run import RunConditions, scaled, whole_run
from clawtui.demo.seed.fleet_spec import AutomationSpec, make_specs
from clawtui.demo.seed.seed import lock_of, next_runs, seed_locks, write_seed
from clawtui.demo.seed.seed_writer import SeedWriter
from clawtui.model.documents.concurrency import ConcurrencyState, Slot
from clawtui.model.documents.log_entry import DispatcherLogEntry
from clawtui.model.paths import run_log_name

STILL_HOST = "gateway-1"
GATEWAY_PID = 48213
DEAD_PID = 31007

_SHOWN_ROOT = "/home/clawd/.clawdbot"
_SEED = 20250126
_DISPATCHES = 12
"""How many dispatches, a minute apart, the dispatcher's log tells of."""


@dataclass(frozen=True, slots=True)
class _RunningRun:
    """A run half way to its end."""

    id: str
    session_id: str
    plan: Plan
    upto: str
    """The title of its last milestone."""
    more: int
    """How many beats it is beyond that."""
    wait_factor: float
    silent: timedelta
    """Since its last sign of life."""


def _plan(conflicts: int, uncertain: set[int], corrected: set[int], seed: int) -> Plan:
    return Plan("success", conflicts, frozenset(uncertain), frozenset(), frozenset(corrected), 1.0, seed)


_RUNNING = (
    _RunningRun(
        id="sync-ripgrep",
        session_id="cron:7c1e-40b2-93fd",
        plan=_plan(5, {1}, {0, 1}, 4),
        upto="Resolving: crates/printer/src/standard.rs",
        more=2,
        wait_factor=6.5,
        silent=timedelta(seconds=2),
    ),
    _RunningRun(
        id="sync-vite",
        session_id="cron:a94d-17e0-5b38",
        plan=_plan(3, set(), set(), 12),
        upto="Cloning fork repository",
        more=2,
        wait_factor=2.0,
        silent=timedelta(seconds=1),
    ),
    _RunningRun(
        id="sync-uv",
        session_id="cron:03bf-c2a6-e871",
        plan=_plan(2, set(), {0}, 21),
        upto="Resolving: crates/uv-resolver/src/pubgrub.rs",
        more=4,
        wait_factor=5.0,
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
    """Write a fixed state directory, as of ``now``, into the empty directory ``root``."""
    with SeedWriter(root, shown_root=_SHOWN_ROOT) as writer:
        _write(writer, make_specs(), Random(_SEED), now)


def _write(writer: SeedWriter, specs: Sequence[AutomationSpec], rng: Random, now: datetime) -> None:
    due = next_runs(specs, rng, now, ready=0, apart=timedelta(minutes=6, seconds=20))
    due |= {"sync-home-assistant": now - timedelta(minutes=2), "sync-zod": now - timedelta(seconds=50)}
    running = [_running_record(writer, spec, run, now) for spec in specs for run in _RUNNING if run.id == spec.id]
    since = {record.run.spec.id: record.run.started for record in running}
    past_by_id = write_seed(writer, specs, rng, now, due | since, since)
    slots = [_write_running(writer, record, number) for number, record in enumerate(running, 1)]
    writer.slots(ConcurrencyState(version=1, max_slots=3, active_slots=tuple(slots), last_updated=now))
    for feature, lock in seed_locks(specs, rng, now, STILL_HOST, DEAD_PID).items():
        writer.lock(lock, nested=feature == "expired")
    entries = [*_dispatches(now, len(specs)), *_runs_begun(slots), _failure(past_by_id[_FAILED][0])]
    writer.dispatcher_log(sorted(entries, key=lambda entry: entry.timestamp))


def _running_record(writer: SeedWriter, spec: AutomationSpec, running: _RunningRun, now: datetime) -> RunRecord:
    conditions = RunConditions(writer.workspace_of(spec), behind=15, pull_request=0, branch="")
    steps = whole_run(spec, running.plan, conditions)
    last = next(n for n, step in enumerate(steps) if step.milestone is not None and step.milestone[0] == running.upto)
    steps = scaled(steps[: last + 1 + running.more], running.wait_factor)
    started = now - running.silent - timedelta(seconds=total_wait(steps))
    return replay(RunIdentity(spec, running.session_id, started), steps)


def _write_running(writer: SeedWriter, record: RunRecord, slot_number: int) -> Slot:
    run = record.run
    writer.workspace(record, "running", "active", 31_000_000 + 4_100_000 * slot_number)
    writer.run_log(run.spec.type, run_log_name(run.spec.id, run.started), record.entries)
    writer.lock(lock_of(run.spec, run.session_id, run.started, GATEWAY_PID, STILL_HOST))
    return Slot(automation_id=run.spec.id, session_id=run.session_id, acquired_at=run.started, slot_number=slot_number)


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
    return automation_failed(result.timestamp + result.took, past.run.spec.id, past.run.session_id, result.summary)

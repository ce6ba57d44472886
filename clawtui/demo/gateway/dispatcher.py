"""The dispatcher of the simulated gateway, which starts the runs that are due and cleans up after dead runs."""

from __future__ import annotations

import asyncio
import os
import platform
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from random import Random

from clawtui.demo.gateway.dispatch_log import (
    SkipReason,
    automation_dispatched,
    automation_skipped,
    dispatch_completed,
    dispatch_started,
    stale_run_recovered,
)
from clawtui.demo.gateway.stores import DemoClock, GatewayStores
from clawtui.demo.runs.history import session_id
from clawtui.demo.runs.plan import RunPlanner
from clawtui.demo.runs.run import Run
from clawtui.demo.runs.run_factory import RunFactory
from clawtui.demo.runs.run_state import RunIdentity
from clawtui.demo.seed.fleet_spec import AutomationSpec
from clawtui.model.documents.automation import AutomationConfig
from clawtui.model.documents.base import EPOCH
from clawtui.model.documents.dispatcher import DispatcherConfig
from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.errors import Invalid, NoSuch
from clawtui.model.schedules.outlook import Due
from clawtui.model.text.units import short_span
from clawtui.operations.evidence.host import identity_of

DISPATCH_EVERY = 5.0
"""Seconds of demo time between two dispatches."""
LOST_AFTER = 90.0
"""Seconds of demo time after which the lock and the slot of a dead run are recovered."""
_REST = (30.0, 390.0)
"""The range of seconds of demo time between two runs of an automation, used instead of its slower schedule."""


class Dispatcher:
    """The dispatcher, which starts runs every few seconds."""

    def __init__(
        self,
        stores: GatewayStores,
        specs: Mapping[str, AutomationSpec],
        factory: RunFactory,
        clock: DemoClock,
        rng: Random,
    ) -> None:
        """Prepare to start the automations of ``specs``, which are by id; others are never started."""
        self._stores = stores
        self._specs = specs
        self._factory = factory
        self._clock = clock
        self._rng = rng
        self._planner = RunPlanner(rng)
        self._settings: DispatcherConfig | None = None
        self._running: set[str] = set()
        self._dead: list[tuple[Run, datetime]] = []

    async def serve(self, ready: Callable[[], None]) -> None:
        """Dispatch until cancelled, which also ends the runs; ``ready`` is called after the first dispatch.

        Raises an ExceptionGroup with the ClawtuiError of each run that could not write.
        """
        async with asyncio.TaskGroup() as runs:
            self._dispatch(runs)
            await asyncio.sleep(0)
            ready()
            while True:
                await self._clock.pause(DISPATCH_EVERY)
                self._recover()
                self._dispatch(runs)

    def _dispatch(self, runs: asyncio.TaskGroup) -> None:
        reading = self._stores.dispatcher.load()
        # If the configuration is unreadable, the last one stays in force.
        self._settings = (reading.value if reading else None) or self._settings
        if self._settings is None or not self._settings.enabled:
            return
        began = self._clock.now()
        configs = [automation.config.value for automation in self._stores.configs.list_automations()]
        if not configs:
            raise NoSuch("the demo's automations are gone")
        due = sorted((c for c in configs if c is not None and self._is_due(c, began)), key=_due)
        self._stores.logs.write_dispatcher(dispatch_started(began, len(configs), len(due)))
        reasons = [self._try_to_start(config, self._settings, runs) for config in due]
        skipped = sum(reason is not None for reason in reasons)
        now = self._clock.now()
        self._stores.logs.write_dispatcher(dispatch_completed(now, len(due) - skipped, skipped, now - began))

    def _is_due(self, config: AutomationConfig, now: datetime) -> bool:
        due = _next(config)
        return due is not None and due <= now and config.id in self._specs and config.id not in self._running

    def _try_to_start(
        self, config: AutomationConfig, settings: DispatcherConfig, runs: asyncio.TaskGroup
    ) -> SkipReason | None:
        """Start a run, or log why it could not start."""
        spec, session, now = self._specs[config.id], session_id(self._rng), self._clock.now()
        held = self._acquire(spec, session, settings, now)
        if not isinstance(held, RepositoryLock):
            self._stores.logs.write_dispatcher(automation_skipped(now, config.id, held))
            return held
        self._stores.logs.write_dispatcher(automation_dispatched(now, config.id, session))
        plan = self._planner.next(spec, len(self._dead))
        identity = RunIdentity(spec, session, now)
        self._running.add(spec.id)
        runs.create_task(
            self._run(Run(self._stores, self._clock, self._factory.assign(identity, plan, held), self._next_run))
        )
        return None

    def _acquire(
        self, spec: AutomationSpec, session: str, settings: DispatcherConfig, now: datetime
    ) -> RepositoryLock | SkipReason:
        """Acquire the lock and a slot; if one is not available, hold neither and return the reason."""
        reading = self._stores.locks.get(spec.fork_url)
        standing = reading.value if reading else None
        if standing is not None and not standing.expired(now, settings.lock_timeout):
            return "repository-locked"
        if not self._acquire_slot(spec, session, settings, now):
            return "concurrency-limit"
        lock = self._stores.locks.acquire(
            spec.fork_url,
            spec.id,
            session,
            now=now,
            pid=os.getpid(),
            hostname=platform.node(),
            timeout=settings.lock_timeout,
            audit=self._stores.audit,
            extra=identity_of(os.getpid()),
        )
        if lock is None:
            self._stores.slots.release(session, now)
            return "repository-locked"
        return lock

    def _acquire_slot(self, spec: AutomationSpec, session: str, settings: DispatcherConfig, now: datetime) -> bool:
        try:
            return self._stores.slots.acquire(spec.id, session, now, int(settings.max_concurrent or 1)) is not None
        except Invalid:
            # An operator has made the file invalid. Until it is repaired, it is unknown which slots are free.
            return False

    async def _run(self, run: Run) -> None:
        try:
            if not await run.execute():
                self._dead.append((run, self._clock.now()))
        finally:
            self._running.discard(run.assignment.identity.spec.id)

    def _recover(self) -> None:
        now = self._clock.now()
        for run, died in list(self._dead):
            if now - died >= self._clock.span(LOST_AFTER):
                self._dead.remove((run, died))
                self._release_dead(run, died, now)

    def _release_dead(self, run: Run, died: datetime, now: datetime) -> None:
        """Release the slot and the lock of a dead run, and record its death if no later run has the workspace."""
        identity = run.assignment.identity
        with suppress(Invalid):  # see _acquire_slot
            self._stores.slots.release(identity.session_id, now)
        self._stores.locks.release(run.assignment.lock)
        reading = self._stores.workspaces.state(identity.spec.id)
        if reading is None or reading.value is None or reading.value.session_id != identity.session_id:
            return
        reason = f"Run lost: no sign of life for {short_span(now - died)}, lock and slot taken back as expired"
        self._stores.logs.write_dispatcher(stale_run_recovered(now, identity.spec.id, identity.session_id, reason))
        run.record_death(reason)

    def _next_run(self) -> datetime:
        rest = self._rng.uniform(*_REST) * max(1.0, len(self._specs) / 24)
        return self._clock.now() + self._clock.span(rest)


def _due(config: AutomationConfig) -> datetime:
    return _next(config) or config.created or EPOCH


def _next(config: AutomationConfig) -> datetime | None:
    outlook = config.outlook(UTC)
    return outlook.at if isinstance(outlook, Due) else None

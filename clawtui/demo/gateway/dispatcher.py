"""The gateway's dispatcher: who is due gets a lock, a slot and a run; what a dead run holds is taken back."""

from __future__ import annotations

import asyncio
import os
import platform
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
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
from clawtui.demo.runs.plan import OutcomeWeights
from clawtui.demo.runs.run import Run
from clawtui.demo.runs.run_factory import RunFactory
from clawtui.demo.runs.run_state import RunOf
from clawtui.demo.seed.fleet_spec import Role
from clawtui.model.documents.automation import AutomationConfig
from clawtui.model.documents.dispatcher import DispatcherConfig
from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.errors import Invalid, NoSuch
from clawtui.model.text.units import short_span

DISPATCH_EVERY = 5.0
"""Seconds of the demo."""
LOST_AFTER = 90.0
"""Seconds of the demo after which a dead run's lock and slot are taken back."""
_REST = (30.0, 390.0)
"""Seconds of the demo between two runs of an automation, whatever its schedule says: something has to happen."""


class Dispatcher:
    """Looks around every few seconds, for as long as it is let."""

    def __init__(
        self, desk: GatewayStores, cast: Mapping[str, Role], workshop: RunFactory, pace: DemoClock, rng: Random
    ) -> None:
        """``cast`` holds the roles by their ids; other automations are nobody that it could play."""
        self._desk = desk
        self._cast = cast
        self._workshop = workshop
        self._pace = pace
        self._rng = rng
        self._fates = OutcomeWeights(rng)
        self._settings: DispatcherConfig | None = None
        self._going: set[str] = set()
        self._dead: list[tuple[Run, datetime]] = []

    async def serve(self, ready: Callable[[], None]) -> None:
        """Dispatches until it is cancelled, which ends its runs; ``ready`` is called after the first time.

        Raises an ExceptionGroup with the StorageError of whoever could not write any more.
        """
        async with asyncio.TaskGroup() as runs:
            self._dispatch(runs)
            await asyncio.sleep(0)
            ready()
            while True:
                await self._pace.pause(DISPATCH_EVERY)
                self._recover()
                self._dispatch(runs)

    def _dispatch(self, runs: asyncio.TaskGroup) -> None:
        reading = self._desk.dispatcher.load()
        # One that cannot be read leaves the last one in force.
        self._settings = (reading.value if reading else None) or self._settings
        if self._settings is None or not self._settings.enabled:
            return
        began = self._pace.now()
        configs = [automation.config.value for automation in self._desk.configs.list_automations()]
        if not configs:
            raise NoSuch("the demo's automations are gone")
        due = sorted((c for c in configs if c is not None and self._is_due(c, began)), key=_due)
        self._desk.logs.write_dispatcher(dispatch_started(began, len(configs), len(due)))
        reasons = [self._try(config, self._settings, runs) for config in due]
        skipped = sum(reason is not None for reason in reasons)
        now = self._pace.now()
        self._desk.logs.write_dispatcher(dispatch_completed(now, len(due) - skipped, skipped, now - began))

    def _is_due(self, config: AutomationConfig, now: datetime) -> bool:
        due = config.due
        return due is not None and due <= now and config.id in self._cast and config.id not in self._going

    def _try(self, config: AutomationConfig, settings: DispatcherConfig, runs: asyncio.TaskGroup) -> SkipReason | None:
        """Starts a run, or says in the log why not."""
        role, session, now = self._cast[config.id], session_id(self._rng), self._pace.now()
        held = self._take(role, session, settings, now)
        if not isinstance(held, RepositoryLock):
            self._desk.logs.write_dispatcher(automation_skipped(now, config.id, held))
            return held
        self._desk.logs.write_dispatcher(automation_dispatched(now, config.id, session))
        plan = self._fates.next(role, len(self._dead))
        of = RunOf(role, session, now)
        self._going.add(role.id)
        runs.create_task(self._run(Run(self._desk, self._pace, self._workshop.assign(of, plan, held), self._next_run)))
        return None

    def _take(self, role: Role, session: str, settings: DispatcherConfig, now: datetime) -> RepositoryLock | SkipReason:
        """The lock, with a slot beside it; else why there is none, and nothing is held."""
        reading = self._desk.locks.get(role.fork_url)
        standing = reading.value if reading else None
        if standing is not None and not standing.expired(now, settings.lock_timeout):
            return "repository-locked"
        if not self._take_slot(role, session, settings, now):
            return "concurrency-limit"
        lock = self._desk.locks.acquire(
            role.fork_url,
            role.id,
            session,
            now=now,
            pid=os.getpid(),
            hostname=platform.node(),
            timeout=settings.lock_timeout,
            audit=self._desk.audit,
        )
        if lock is None:
            self._desk.slots.release(session, now)
            return "repository-locked"
        return lock

    def _take_slot(self, role: Role, session: str, settings: DispatcherConfig, now: datetime) -> bool:
        try:
            return self._desk.slots.acquire(role.id, session, now, int(settings.max_concurrent)) is not None
        except Invalid:
            # An operator has broken the state: until it is mended nobody can tell what is free.
            return False

    async def _run(self, run: Run) -> None:
        try:
            if not await run.go():
                self._dead.append((run, self._pace.now()))
        finally:
            self._going.discard(run.assignment.of.role.id)

    def _recover(self) -> None:
        now = self._pace.now()
        for run, died in list(self._dead):
            if now - died >= self._pace.span(LOST_AFTER):
                self._dead.remove((run, died))
                self._take_back(run, died, now)

    def _take_back(self, run: Run, died: datetime, now: datetime) -> None:
        """What an operator has not released before; a workspace that a later run has is left to that."""
        of = run.assignment.of
        with suppress(Invalid):  # see _take_slot
            self._desk.slots.release(of.session_id, now)
        self._desk.locks.release(run.assignment.lock)
        reading = self._desk.workspaces.state(of.role.id)
        if reading is None or reading.value is None or reading.value.session_id != of.session_id:
            return
        reason = f"Run lost: no sign of life for {short_span(now - died)}, lock and slot taken back as expired"
        self._desk.logs.write_dispatcher(stale_run_recovered(now, of.role.id, of.session_id, reason))
        run.bury(reason)

    def _next_run(self) -> datetime:
        rest = self._rng.uniform(*_REST) * max(1.0, len(self._cast) / 24)
        return self._pace.now() + self._pace.span(rest)


def _due(config: AutomationConfig) -> datetime:
    return config.due or config.created

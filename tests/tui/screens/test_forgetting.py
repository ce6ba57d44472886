"""What the screens keep of automations and jobs does not grow with those that are gone."""

from __future__ import annotations

import gc
from datetime import UTC, datetime

from msgspec.structs import replace
from textual.app import App

from clawtui.model.documents.base import Stamp
from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.documents.settings import NotifySettings
from clawtui.model.fleet import Automation, Fleet, Reading
from clawtui.model.gateway.job import Job
from clawtui.model.gateway.run import GatewayRun
from clawtui.model.gateway.state import GatewayState
from clawtui.model.liveness.verdict import LockJudgement
from clawtui.tui.controllers.user.notifications import NotificationController
from clawtui.tui.panes.automations.cells import CellCache, CellRoom
from clawtui.tui.panes.locks.verdicts import Verdicts
from clawtui.tui.screens.gateway_view import GatewayView
from clawtui.tui.screens.run_selection import RunSelection
from tests.model.fleets import NOON, automation
from tests.model.samples import read

MANY = 900


def an_automation(number: int) -> Automation:
    made = automation(f"a-{number}")
    return replace(made, config=replace(made.config, path=f"config/type/a-{number}.json"))


def kept(what: type) -> int:
    """Return how many objects of a type there are."""
    gc.collect()
    return sum(type(each) is what for each in gc.get_objects())


def test_the_runs_of_an_automation_that_is_gone_are_forgotten() -> None:
    selection = RunSelection()
    for number in range(MANY):
        each = an_automation(number)
        fleet = Fleet("", automations={each.config.path: each})
        selection.runs_of(fleet, each)
    assert len(selection._lists) == 1
    assert selection.runs_of(fleet, each) is selection.runs_of(fleet, each)


def test_the_runs_of_a_job_that_is_gone_are_forgotten() -> None:
    now = datetime.now(UTC)
    state = GatewayState("", "sqlite", {}, {})
    view = GatewayView(state, now)
    for number in range(MANY):
        id = f"job-{number}"
        job, run = Job(id, id, True, None), GatewayRun("r", id, now, "success", "receipt")
        view.take(replace(state, jobs={id: job}, runs={id: (run,)}), now)
        view.runs_of(job)
    assert len(view._runs) == 1
    assert view.runs_of(job) is view.runs_of(job)


def test_the_rows_of_automations_that_are_gone_are_forgotten() -> None:
    cache, before = CellCache(), kept(Automation)
    for number in range(MANY):
        each = an_automation(number)
        cache.cells(each.config.path, each, None, None, NOON, None, CellRoom())
    assert kept(Automation) - before < MANY / 3


def test_orphaned_locks_that_are_gone_are_forgotten() -> None:
    notifier = NotificationController(App(), NotifySettings(), {})
    for number in range(3 * MANY):
        path = f"locks/{number}.lock"
        reading = Reading(path, read(RepositoryLock), None, Stamp(1, number, 1, 1))
        notifier.observe_verdicts(Verdicts({path: reading}, {path: LockJudgement("orphaned", False, ())}))
    assert 0 < len(notifier._orphaned) <= 1002

"""Why a run is judged as it is, and why an automation is not running, by the files of the root."""

from __future__ import annotations

from datetime import datetime, timedelta

from clawtui.model.findings.context import FindingContext
from clawtui.model.fleet import Automation, Fleet
from clawtui.model.runs.judge_run import judge_runs
from clawtui.model.runs.judgement import QUIET_AFTER
from clawtui.model.runs.why import Why, why
from clawtui.operations.locks.report import judged_locks
from clawtui.operations.runs.dispatch_history import dispatcher_record
from clawtui.operations.runs.run_states import gather_run_context
from clawtui.operations.state.automations import find_automation
from clawtui.operations.state.follow_fleet import read_fleet
from clawtui.storage.paths import StatePaths


def explain(
    paths: StatePaths, name: str, now: datetime, quiet_after: timedelta = QUIET_AFTER
) -> tuple[Automation, Why]:
    """Return the automation that ``name`` means, and why it is running or not. Raises NoSuch, Refused, Unreadable.

    Reads processes and logs: not for an event loop.
    """
    found = find_automation(paths, name)
    fleet = read_fleet(paths)
    automation = fleet.automations.get(found.config.path, found)
    return automation, why(fleet, automation, why_context(fleet, paths, now, quiet_after), now)


def why_context(fleet: Fleet, paths: StatePaths, now: datetime, quiet_after: timedelta = QUIET_AFTER) -> FindingContext:
    """Return the verdicts, the states of runs, and the dispatcher's last dispatches and skips."""
    locks = judged_locks(fleet, now, quiet_after)
    runs = gather_run_context(fleet, now, quiet_after, locks)
    record = dispatcher_record(paths, fleet)
    return FindingContext(
        locks=locks,
        slots=runs.slots,
        runs=judge_runs(fleet, runs, now),
        dispatches=record.dispatches,
        skips=record.skips,
        quiet_after=quiet_after,
    )

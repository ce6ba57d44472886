"""Why a run is judged as it is, and why an automation is not running."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from clawtui.model.documents.lock import RepositoryLock, normalize_repo_key
from clawtui.model.fleet import Automation, Fleet, Reading
from clawtui.model.liveness.verdict import LockJudgement
from clawtui.model.run_state import Skip, Status, is_paused, last_run, status_of
from clawtui.model.runs.judgement import RunJudgement
from clawtui.model.schedules.outlook import Never, NotUnderstood
from clawtui.model.text.cleaning import clean
from clawtui.model.text.units import age_span, short_span

if TYPE_CHECKING:
    from clawtui.model.findings.context import FindingContext

Cause = Literal[
    "unreadable",
    "disabled",
    "paused",
    "dispatcher-stopped",
    "schedule-not-understood",
    "never-due",
    "not-due",
    "repository-locked",
    "no-slot",
    "skipped",
    "due",
]
"""The kind of a reason, for scripts. ``due``: no reason is known why it is not started."""

REPOSITORY_LOCKED = "repository-locked"
"""The dispatcher's reason for a skip that a lock is the cause of (design: Dispatcher Log)."""
_AT_ONCE = timedelta(minutes=1)


class Reason(NamedTuple):
    """Why an automation is not running."""

    cause: Cause
    text: str
    """A cleaned clause."""


class Why(Struct, frozen=True):
    """The state of an automation and of its run, with all reasons."""

    automation_id: str
    name: str
    status: Status
    run: RunJudgement | None
    """The run of its workspace; None if there is none."""
    reasons: tuple[Reason, ...]
    """Why it is not running, the decisive one first; empty while it is running."""

    def headline(self, now: datetime) -> str:
        """Return the status as one line."""
        if self.run is not None and (self.run.is_going or self.status == "lost"):
            return self.run.text(now)
        first = f": {self.reasons[0].text}" if self.reasons else ""
        return f"not running{first}"


def why(fleet: Fleet, automation: Automation, context: FindingContext, now: datetime) -> Why:
    """Return why the automation is running, or not; ``context`` has the verdicts and the dispatcher's last skips.

    Args:
        fleet: The state directory, with or without the states of runs.
        automation: One of its automations.
        context: Verdicts, states of runs, dispatches and skips.
        now: With the zone in which times are shown.
    """
    workspace = fleet.workspaces.get(automation.id)
    run = context.runs.get(automation.id) or (workspace.run if workspace is not None else None)
    status = status_of(automation, replace(workspace, run=run) if workspace is not None else None)
    going = run is not None and run.is_going
    reasons = () if going else tuple(_reasons(fleet, automation, context, now)) or tuple(_none_known(automation, now))
    return Why(automation.id, clean(automation.name), status, run, reasons)


def _reasons(fleet: Fleet, automation: Automation, context: FindingContext, now: datetime) -> Iterator[Reason]:
    config, outlook = automation.config.value, automation.outlook
    if config is None:
        problem = automation.config.problem
        message = problem.message if problem is not None else "for an unknown reason"
        yield Reason("unreadable", clean(f"its configuration cannot be read: {message}"))
        return
    if not config.enabled:
        yield Reason("disabled", "it is disabled")
    if is_paused(config):
        yield Reason("paused", "its configuration says that it is paused")
    from clawtui.model.findings.dispatcher import stopped_dispatcher  # not loaded by a dashboard that only shows skips

    if (stopped := stopped_dispatcher(fleet, context, now)) is not None:
        yield Reason("dispatcher-stopped", clean(stopped.message[:1].lower() + stopped.message[1:]))
    if isinstance(outlook, NotUnderstood):
        yield Reason("schedule-not-understood", clean(f"its schedule: {outlook.text}"))
    elif isinstance(outlook, Never):
        yield Reason("never-due", clean(f"it is never due: {outlook.why}"))
    due = automation.due
    if due is not None and due > now:
        yield Reason("not-due", f"it is not due until {clock_text(due, now)}, in {short_span(due - now)}")
        return
    yield from _waiting(fleet, automation, context, due, now)


def _waiting(
    fleet: Fleet, automation: Automation, context: FindingContext, due: datetime | None, now: datetime
) -> Iterator[Reason]:
    """Yield the reasons for which an automation that is due is not started."""
    if (blocking := blocking_lock(fleet, automation)) is not None:
        yield Reason("repository-locked", _locked(blocking, context.locks.get(blocking.path)))
    most = fleet.max_slots
    if most is not None and len(fleet.slots) >= most:
        holders = ", ".join(dict.fromkeys(slot.automation_id for slot in fleet.slots))
        yield Reason("no-slot", clean(f"all {int(most)} slots are taken, by {holders}"))
    skip = context.skips.get(automation.id)
    if skip is not None and (due is None or skip.at >= due):
        reason = skip.text if skip.reason else "for no reason given"
        yield Reason("skipped", clean(f"the dispatcher passed it over {age_span(now - skip.at)} ago: {reason}"))


def _none_known(automation: Automation, now: datetime) -> Iterator[Reason]:
    """Yield the time since which the automation is due, if no reason is known why it is not started."""
    if (due := automation.due) is not None:
        late = now - due
        ago = "now" if late < _AT_ONCE else f"since {clock_text(due, now)}, for {age_span(late)}"
        yield Reason("due", f"it is due {ago}; the next dispatch may start it")


def blocking_lock(fleet: Fleet, automation: Automation) -> Reading[RepositoryLock] | None:
    """Return the lock on the automation's repository; None if there is none, or its repository is not known."""
    config = automation.config.value
    address = config.config.get("forkRepoUrl") if config is not None else None
    if not isinstance(address, str):
        return None
    key = normalize_repo_key(address)
    found = (one for _, one in sorted(fleet.locks.items()) if one.value is not None and one.value.repo_key == key)
    return next(found, None)


def skip_text(fleet: Fleet, automation: Automation, skip: Skip, locks: Mapping[str, LockJudgement]) -> str:
    """Return the reason of a skip for one row; for a locked repository, who has the lock, and ``X`` if it is dead."""
    blocking = blocking_lock(fleet, automation) if skip.reason == REPOSITORY_LOCKED else None
    if blocking is None or blocking.value is None:
        return skip.text
    judged = locks.get(blocking.path)
    if judged is not None and judged.verdict == "orphaned":
        return "locked by a dead run · X"
    return f"locked by {clean(blocking.value.field_text('automation_id'))}"


def _locked(reading: Reading[RepositoryLock], judged: LockJudgement | None) -> str:
    lock = reading.value
    assert lock is not None
    holder = lock.field_text("automation_id")
    if judged is None:
        return clean(f"{lock.repo_key} is locked by {holder}")
    if judged.verdict == "orphaned":
        why_dead = f": {judged.facts[0]}" if judged.facts else ""
        return clean(f"{lock.repo_key} is locked by a dead run of {holder}{why_dead}; release its lock")
    return clean(f"{lock.repo_key} is locked by {holder}, and the lock is {judged.verdict}")


def clock_text(at: datetime, now: datetime) -> str:
    """Return a time of day in the zone of ``now``, with its date if that is another day."""
    local = at.astimezone(now.tzinfo)
    return f"{local:%H:%M}" if local.date() == now.date() else f"{local:%Y-%m-%d %H:%M}"


def last_run_text(automation: Automation, run: RunJudgement | None, now: datetime) -> str | None:
    """Return how the last run ended, as a line; None if it has never run."""
    config = automation.config.value
    last = last_run(config, run) if config is not None else None
    if last is None:
        return None
    took = f", took {short_span(last.took)}" if last.took is not None else ""
    summary = f": {last.summary}" if last.summary else ""
    return clean(f"{last.state} {age_span(now - last.started)} ago{took}{summary}")

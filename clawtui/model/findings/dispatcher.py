"""A dispatcher that starts nothing, and automations that are overdue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from clawtui.model.findings.context import FindingContext
from clawtui.model.findings.finding import Finding
from clawtui.model.findings.index import index_of
from clawtui.model.fleet import Automation, Fleet
from clawtui.model.run_state import is_paused
from clawtui.model.text.command_line import ANYWHERE
from clawtui.model.text.units import age_span

DISABLED = "dispatcher-disabled"
SILENT = "dispatcher-silent"
OVERDUE = "overdue"

OVERDUE_AFTER = timedelta(hours=1)
"""The time after which a silent dispatcher, and an overdue skipped automation, are findings."""
MISSED_DISPATCHES = 3
"""The number of missing dispatches that is a finding. The interval is not configured, so it is taken from the log."""
DEFAULT_INTERVAL = timedelta(hours=2)
"""The interval between dispatches if the log has fewer than two: that of the design's example."""


def dispatcher_findings(fleet: Fleet, context: FindingContext, now: datetime) -> Iterator[Finding]:
    """Yield the reasons why the dispatcher starts no run, and the automations that are overdue."""
    stopped = stopped_dispatcher(fleet, context, now)
    if stopped is not None:
        yield stopped
    for path in index_of(fleet, context).automations.due_before(now - context.quiet_after):
        automation = fleet.automations[path]
        if not _is_going(fleet, automation, context):
            yield from _overdue(automation, context, now, stopped)


def stopped_dispatcher(fleet: Fleet, context: FindingContext, now: datetime) -> Finding | None:
    """Return why the dispatcher starts no run at all: it is disabled, or silent; None if it seems to work."""
    reading = fleet.dispatcher
    if reading is not None and reading.value is not None and not reading.value.enabled:
        message = (
            "The dispatcher is disabled: no automation is started, whatever it is due. To start it again, say "
            "enabled: true there."
        )
        return Finding(DISABLED, "warning", reading.path, message)
    last = context.dispatches[-1] if context.dispatches else None
    silent = now - last if last is not None else _longest_wait(fleet, context, now)
    if silent <= max(OVERDUE_AFTER, MISSED_DISPATCHES * _interval_of(context.dispatches)):
        return None
    ago = f"has looked for work for {age_span(silent)}" if last else "is on record as ever having looked for work"
    message = f"No dispatcher {ago}. Is the gateway running? It is the one that has to be started again."
    return Finding(SILENT, "error", fleet.dispatcher_log or "logs/dispatcher", message)


def _interval_of(dispatches: Sequence[datetime]) -> timedelta:
    """Return the median interval between the dispatches."""
    gaps = sorted(later - sooner for sooner, later in pairwise(dispatches) if later > sooner)
    return gaps[len(gaps) // 2] if gaps else DEFAULT_INTERVAL


def _longest_wait(fleet: Fleet, context: FindingContext, now: datetime) -> timedelta:
    """Return the longest time for which an automation has been due."""
    if context.index is not None:
        first = context.index.automations.first_due
    else:
        dues = (automation.due for automation in fleet.automations.values())
        first = min((due for due in dues if due is not None), default=None)
    return now - first if first is not None else timedelta(0)


def _is_going(fleet: Fleet, automation: Automation, context: FindingContext) -> bool:
    """Return whether a run of the automation is going, or it is paused, so that no run is to be expected."""
    judged = context.runs.get(automation.id)
    config = automation.config.value
    return (
        (judged is not None and judged.is_going)
        or (config is not None and is_paused(config))
        or any(slot.automation_id == automation.id for slot in fleet.slots)
    )


def _overdue(
    automation: Automation, context: FindingContext, now: datetime, stopped: Finding | None
) -> Iterator[Finding]:
    """Yield a finding if the automation is overdue because no dispatch started it."""
    due = automation.due
    if due is None:
        return
    late = now - due
    skip = context.skips.get(automation.id)
    excused = skip is not None and skip.at >= due
    had_its_chance = bool(context.dispatches) and context.dispatches[-1] >= due
    if late <= context.quiet_after or (late <= OVERDUE_AFTER and (excused or not had_its_chance)):
        return
    if not had_its_chance and context.dispatches and stopped is None:
        return
    message = f"It should have run {age_span(late)} ago, and did not"
    if excused and skip is not None:
        message += f": the dispatcher passed it over, {skip.text if skip.reason else 'without saying why'}."
    elif stopped is not None:
        message += ": see the dispatcher."
    else:
        message += f". The dispatcher's log may say why: {ANYWHERE.hint('logs')}."
    yield Finding(OVERDUE, "info" if stopped and not excused else "warning", automation.config.path, message)

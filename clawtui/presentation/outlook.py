"""When an automation is due next, in words."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from clawtui.model.fleet import Automation
from clawtui.model.schedules.outlook import Due, Never, NotUnderstood, Outlook
from clawtui.model.text.units import rough_span
from clawtui.presentation.roles import Role
from clawtui.presentation.times import due, local_minute


class OutlookText(NamedTuple):
    """A text and its role."""

    text: str
    role: Role


def short_outlook(outlook: Outlook | None, now: datetime) -> OutlookText:
    """Return a cell of a table: ``in 3h``, ``in about 3h``, ``overdue 5m``, ``never`` or ``not understood``."""
    if outlook is None:
        return OutlookText("", "dim")
    if isinstance(outlook, NotUnderstood):
        return OutlookText(f"schedule not understood: {outlook.part}", "warn")
    if isinstance(outlook, Never):
        return OutlookText("never", "warn") if outlook.impossible else OutlookText("never again", "dim")
    about = "about " if outlook.about else ""
    if outlook.at > now:
        return OutlookText(f"in {about}{rough_span(outlook.at - now)}", "plain")
    late = now - outlook.at
    if late < timedelta(minutes=1):
        return OutlookText("due now", "plain")
    return OutlookText(f"overdue {about}{rough_span(late)}", "warn")


def full_outlook(automation: Automation, now: datetime, *, is_running: bool) -> OutlookText | None:
    """Return the whole answer, with the zone where it matters; None if the automation is disabled or unreadable.

    A past time is not late while a run is in progress: the gateway writes the next one when the run ends.
    """
    outlook, config = automation.outlook, automation.config.value
    if outlook is None or config is None:
        return None
    if isinstance(outlook, NotUnderstood):
        return OutlookText(f"unknown: {outlook.text}", "warn")
    if isinstance(outlook, Never):
        return OutlookText(f"never: {outlook.why}", "warn" if outlook.impossible else "dim")
    waits_for_run = is_running and outlook.at < now
    text = f"{local_minute(outlook.at)}, {'a run is in progress' if waits_for_run else due(outlook.at, now)}"
    if outlook.about:
        text = f"about {text} (by the schedule, in UTC: the zone of the gateway's host is not known)"
    elif config.schedule.type == "cron" and outlook.at != config.next_run:
        text += f" (by the schedule, in {automation.zone}, the zone of this host)"
    return OutlookText(text, "warn" if outlook.at < now and not waits_for_run else "plain")


def outlook_json(outlook: Outlook | None) -> dict[str, object] | None:
    """Return the answer for ``--json``: ``state`` is ``when``, ``never`` or ``not understood``; None if disabled."""
    if outlook is None:
        return None
    if isinstance(outlook, Due):
        return {"state": "when", "at": outlook.at, "about": outlook.about}
    if isinstance(outlook, Never):
        return {"state": "never", "why": outlook.why}
    return {"state": "not understood", "part": outlook.part, "why": outlook.why, "instead": outlook.instead}

"""The documents that an automation of the demo begins with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from clawtui.demo.runs.fork_script import MODEL, THRESHOLD
from clawtui.demo.runs.history import PastRun
from clawtui.demo.seed.fleet_spec import REPORT, Role
from clawtui.model.documents.automation import AutomationConfig, Schedule
from clawtui.model.documents.dispatcher import DispatcherConfig, Notifications
from clawtui.model.text.units import format_timestamp

FAR_AWAY = timedelta(days=41, hours=7)
"""When the automation runs whose next run is far away."""


def configuration(role: Role, past: Sequence[PastRun], now: datetime, next_run: datetime | None) -> AutomationConfig:
    """What ``role`` is, with the runs that it has behind it."""
    results = tuple(run.result for run in past)
    oldest = results[-1].timestamp if results else now - timedelta(minutes=4)
    return AutomationConfig(
        id=role.id,
        type=role.type,
        name=role.name,
        description=_description(role),
        enabled=role.enabled,
        schedule=_schedule(role, now),
        config=_settings(role),
        last_run=results[0] if results else None,
        next_run=next_run,
        run_history=results,
        created=(oldest - timedelta(days=2)) if results else oldest,
        modified=results[0].timestamp + results[0].took if results else oldest,
    )


def dispatcher(now: datetime) -> DispatcherConfig:
    """Three runs at once, everything logged."""
    return DispatcherConfig(
        version=1,
        max_concurrent=3,
        lock_timeout_hours=4,
        enabled=True,
        log_level="debug",
        notifications=Notifications(on_start=False, on_complete=True, on_error=True, channels=("#cb-activity",)),
        last_modified=now - timedelta(days=3, hours=5),
        last_modified_by="mara@kessler.example",
    )


def _description(role: Role) -> str:
    if role.type == REPORT:
        return f"What {role.fork} depends on, and what of it is outdated or known to be vulnerable"
    return f"Keeps {role.fork} up to date with {role.upstream}; conflicts are resolved by the model"


def _schedule(role: Role, now: datetime) -> Schedule:
    if role.schedule.type != "at":
        return role.schedule
    return Schedule(type="at", value=format_timestamp((now + FAR_AWAY).replace(minute=0, second=0, microsecond=0)))


def _settings(role: Role) -> Mapping[str, object]:
    if role.type == REPORT:
        return {
            "repoUrl": role.fork_url,
            "branch": role.branch,
            "manifests": list(role.files),
            "failOnVulnerable": False,
            "notificationChannels": ["#dependencies"],
        }
    return {
        "forkRepoUrl": role.fork_url,
        "upstreamRepoUrl": role.upstream_url,
        "forkBranch": role.branch,
        "upstreamBranch": role.branch,
        "aiModel": MODEL,
        "confidenceThreshold": THRESHOLD,
        "uncertaintyAction": "report-at-end",
        "autoMerge": False,
        "maxWrongPathCorrections": 3,
        "maxMinutesPerConflict": 5,
        "shallowClone": True,
        "notifyOnSuccess": True,
        "notifyOnFailure": True,
        "notifyOnAttention": True,
        "notificationChannels": ["#cb-activity"],
    }

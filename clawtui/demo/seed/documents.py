"""The documents of an automation at the start of the demo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from clawtui.demo.runs.fork_script import MODEL, THRESHOLD
from clawtui.demo.runs.history import PastRun
from clawtui.demo.seed.fleet_spec import REPORT, AutomationSpec
from clawtui.model.documents.automation import AutomationConfig, Schedule
from clawtui.model.documents.dispatcher import DispatcherConfig, Notifications
from clawtui.model.text.units import format_timestamp

FAR_AWAY = timedelta(days=41, hours=7)
"""The time until the next run of the automation with the feature ``far-away``."""


def configuration(
    spec: AutomationSpec, past: Sequence[PastRun], now: datetime, next_run: datetime | None
) -> AutomationConfig:
    """Return the configuration of an automation, with its past runs."""
    results = tuple(run.result for run in past)
    oldest = results[-1].timestamp if results else now - timedelta(minutes=4)
    return AutomationConfig(
        id=spec.id,
        type=spec.type,
        name=spec.name,
        description=_description(spec),
        enabled=spec.enabled,
        schedule=_schedule(spec, now),
        config=_settings(spec),
        last_run=results[0] if results else None,
        next_run=next_run,
        run_history=results,
        created=(oldest - timedelta(days=2)) if results else oldest,
        modified=results[0].timestamp + results[0].took if results else oldest,
    )


def dispatcher(now: datetime) -> DispatcherConfig:
    """Return the dispatcher's configuration: three runs at once, everything logged."""
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


def _description(spec: AutomationSpec) -> str:
    if spec.type == REPORT:
        return f"What {spec.fork} depends on, and what of it is outdated or known to be vulnerable"
    return f"Keeps {spec.fork} up to date with {spec.upstream}; conflicts are resolved by the model"


def _schedule(spec: AutomationSpec, now: datetime) -> Schedule:
    if spec.schedule.type != "at":
        return spec.schedule
    return Schedule(type="at", value=format_timestamp((now + FAR_AWAY).replace(minute=0, second=0, microsecond=0)))


def _settings(spec: AutomationSpec) -> Mapping[str, object]:
    if spec.type == REPORT:
        return {
            "repoUrl": spec.fork_url,
            "branch": spec.branch,
            "manifests": list(spec.files),
            "failOnVulnerable": False,
            "notificationChannels": ["#dependencies"],
        }
    return {
        "forkRepoUrl": spec.fork_url,
        "upstreamRepoUrl": spec.upstream_url,
        "forkBranch": spec.branch,
        "upstreamBranch": spec.branch,
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

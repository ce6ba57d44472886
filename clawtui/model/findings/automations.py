"""Configurations whose path contradicts their content: an id in two files, or an id or type unlike the path."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

from clawtui.model.documents.automation import AutomationConfig
from clawtui.model.findings.automation_index import AutomationFacts, AutomationIndex
from clawtui.model.findings.context import OddVersion
from clawtui.model.findings.finding import Finding, command
from clawtui.model.fleet import Automation, Fleet
from clawtui.model.schedules.outlook import Never, NotUnderstood

TWICE = "automation-twice"
MISNAMED = "automation-misnamed"
MISPLACED = "automation-misplaced"
NOT_UNDERSTOOD = "schedule-not-understood"
NEVER = "schedule-never"


def facts_of(automation: Automation) -> AutomationFacts:
    """Return what findings need to know of one automation."""
    config = automation.config.value
    if config is None:
        return AutomationFacts((automation.id,), None, None, None)
    ids = (automation.id,) if config.id == automation.id else (automation.id, config.id)
    is_faulty = any(fault.place.startswith("schedule") for fault in automation.config.faults)  # reported already
    schedule = None if is_faulty or not config.enabled else _schedule_finding(automation, config)
    return AutomationFacts(ids, schedule, _misplaced(automation, config), _odd_version(config))


def automation_findings(fleet: Fleet, index: AutomationIndex) -> Iterator[Finding]:
    """Yield configurations whose path contradicts their content. The gateway finds one by its file's name alone."""
    twice = index.twice
    for id, paths in twice.items():
        yield _twice(id, [fleet.automations[path] for path in paths])
    for _, each in index.odd:
        if each.schedule is not None:
            yield each.schedule
        if each.place is not None and each.ids[-1] not in twice:
            yield each.place


def _misplaced(automation: Automation, config: AutomationConfig) -> Finding | None:
    path = automation.config.path
    if config.id != automation.id:
        message = (
            f"Its file is called {automation.id} and it says that its id is {config.id}: the gateway does not find "
            f"it by its id, and when it saves it there are two. Rename it to config/{config.type}/{config.id}.json "
            "or correct the id."
        )
        return Finding(MISNAMED, "warning", path, message)
    if config.type != automation.type:
        message = (
            f"It lies in config/{automation.type}/ and says that its type is {config.type}: when the gateway saves "
            f"it there are two. Move it to config/{config.type}/, or correct the type."
        )
        return Finding(MISPLACED, "warning", path, message)
    return None


def _odd_version(config: AutomationConfig) -> OddVersion | None:
    """Return a version other than 1; a configuration should have none, which means 1 (errata 17)."""
    version = config.unknown.get("version", 1)
    if isinstance(version, bool) or version != 1:
        return OddVersion(f"has version {version!r:.40}, which is unknown here", migrates=False)
    return None


def _schedule_finding(automation: Automation, config: AutomationConfig) -> Finding | None:
    """Return a finding if no time follows from the schedule, although ``nextRun`` may still name one."""
    if config.created is None or not config.knows("schedule"):
        return None
    path, edit = automation.config.path, command("automation", "edit", config.id)
    value, outlook = config.schedule.value, config.schedule.outlook(config.created, automation.zone)
    if isinstance(outlook, NotUnderstood):
        whole = "" if value == outlook.part else f" “{value}”"
        message = f"Its schedule{whole} has a part that the gateway does not understand: {outlook.text}."
        return Finding(NOT_UNDERSTOOD, "warning", path, message, edit)
    if isinstance(outlook, Never) and outlook.impossible:
        message = f"Its schedule “{value}” never comes: {outlook.why}. It is enabled, and is never started by it."
        return Finding(NEVER, "warning", path, message, edit)
    return None


def _twice(id: str, files: Sequence[Automation]) -> Finding:
    paths = [automation.config.path for automation in files]
    message = (
        f"{len(files)} files are the automation {id}: {', '.join(map(shlex.quote, paths))}. What is changed in one of "
        "them is not in the others, and the gateway may go on with any of them. Keep one."
    )
    astray = [automation for automation in files if not _is_placed_right(automation)]
    fix = command("automation", "delete", astray[0].config.path) if len(astray) == len(files) - 1 else None
    return Finding(TWICE, "error", id, message, fix)


def _is_placed_right(automation: Automation) -> bool:
    """Return whether the path is the one under which the gateway saves the configuration."""
    config = automation.config.value
    return config is not None and (config.id, config.type) == (automation.id, automation.type)

"""Configurations whose path contradicts their content: an id in two files, or an id or type unlike the path."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from datetime import tzinfo

from clawtui.model.documents.automation import AutomationConfig
from clawtui.model.findings.finding import Finding, command
from clawtui.model.fleet import Automation, Fleet
from clawtui.model.schedules.outlook import Never, NotUnderstood

TWICE = "automation-twice"
MISNAMED = "automation-misnamed"
MISPLACED = "automation-misplaced"
NOT_UNDERSTOOD = "schedule-not-understood"
NEVER = "schedule-never"


def automation_findings(fleet: Fleet) -> Iterator[Finding]:
    """Yield configurations whose path contradicts their content. The gateway finds one by its file's name alone."""
    by_id = _by_id(fleet)
    twice = {id: files for id, files in by_id.items() if len(files) > 1}
    for id, files in sorted(twice.items()):
        yield _twice(id, files)
    for path, automation in sorted(fleet.automations.items()):
        config = automation.config.value
        is_faulty = any(fault.place.startswith("schedule") for fault in automation.config.faults)  # reported already
        if config is not None and config.enabled and not is_faulty:
            yield from _schedule_findings(path, config, automation.zone)
        if config is None or config.id in twice:
            continue
        if config.id != automation.id:
            message = (
                f"Its file is called {automation.id} and it says that its id is {config.id}: the gateway does not find "
                f"it by its id, and when it saves it there are two. Rename it to config/{config.type}/{config.id}.json "
                "or correct the id."
            )
            yield Finding(MISNAMED, "warning", path, message)
        elif config.type != automation.type:
            message = (
                f"It lies in config/{automation.type}/ and says that its type is {config.type}: when the gateway saves "
                f"it there are two. Move it to config/{config.type}/, or correct the type."
            )
            yield Finding(MISPLACED, "warning", path, message)


def _schedule_findings(path: str, config: AutomationConfig, zone: tzinfo | None) -> Iterator[Finding]:
    """Yield a finding if no time follows from the schedule, although ``nextRun`` may still name one."""
    if config.created is None or not config.knows("schedule"):
        return
    value, outlook = config.schedule.value, config.schedule.outlook(config.created, zone)
    if isinstance(outlook, NotUnderstood):
        whole = "" if value == outlook.part else f" “{value}”"
        message = f"Its schedule{whole} has a part that the gateway does not understand: {outlook.text}."
        yield Finding(NOT_UNDERSTOOD, "warning", path, message, command("automation", "edit", config.id))
    elif isinstance(outlook, Never) and outlook.impossible:
        message = f"Its schedule “{value}” never comes: {outlook.why}. It is enabled, and is never started by it."
        yield Finding(NEVER, "warning", path, message, command("automation", "edit", config.id))


def _by_id(fleet: Fleet) -> Mapping[str, Sequence[Automation]]:
    """Return the automations of each id, sorted by path. The id is the file's stem and the one in the file."""
    found: dict[str, list[Automation]] = {}
    for _, automation in sorted(fleet.automations.items()):
        config = automation.config.value
        for id in {automation.id, *([config.id] if config is not None else [])}:
            found.setdefault(id, []).append(automation)
    return found


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

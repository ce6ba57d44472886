"""Changes to one automation. Each changes one file, identified by its path and the version that was read."""

from __future__ import annotations

import os
import shlex
from datetime import datetime
from pathlib import Path

from clawtui.files.fs.atomic import ANY, Expected
from clawtui.model.documents.audit import Actor
from clawtui.model.errors import Changed, Invalid, NoSuch, Refused
from clawtui.model.fleet import Automation, Workspace
from clawtui.model.search.names import with_suggestion
from clawtui.storage.locks.lock_file import fingerprint_of
from clawtui.storage.paths import StatePaths
from clawtui.storage.roots import command_line_for
from clawtui.storage.stores.configurations import AutomationConfigStore
from clawtui.storage.stores.saving import read_version
from clawtui.storage.workspaces.manager import WorkspaceManager


def find_automation(paths: StatePaths, name: str) -> Automation:
    """Return the automation that ``name`` means: an id, or the path of a configuration.

    A path may be absolute, or relative to the working directory or to ``automations/``. Raises NoSuch; Refused where
    more than one file has the id.
    """
    store = AutomationConfigStore(paths)
    path = _path_below(paths, name)
    automation = store.get(name) if path is None else store.at(path)
    if automation is None:
        from clawtui.operations.state.names import automation_ids

        listing = command_line_for(paths.root).hint("automation", "list")
        hint = with_suggestion(name, automation_ids(paths), f"{listing} lists the automations.")
        raise NoSuch(f"there is no automation “{name}”", hint=hint)
    return automation


def workspace_of(paths: StatePaths, automation_id: str) -> Workspace | None:
    """Return the workspace of an automation, as far as it can be read; None where it has none. Raises Refused,
    Unreadable."""
    workspaces = WorkspaceManager(paths)
    if not workspaces.exists(automation_id):
        return None
    return Workspace(
        automation_id,
        workspaces.info(automation_id),
        workspaces.state(automation_id),
        workspaces.progress(automation_id),
    )


def require_readable(paths: StatePaths, name: str) -> None:
    """Raise Invalid where a configuration that ``name`` may mean cannot be read, so that what was shown is not
    complete."""
    path = _path_below(paths, name)
    store = AutomationConfigStore(paths)
    found = store.files_of(name) if path is None else filter(None, [store.at(path)])
    for automation in found:
        if automation.config.problem is not None:
            raise Invalid(automation.config.problem.message, automation.config.path)


def require_only_file(paths: StatePaths, automation: Automation) -> None:
    """Raise Refused where another file is the same automation: the gateway would still run that one."""
    others = other_files(paths, automation)
    if others:
        files = ", ".join(map(shlex.quote, (automation.config.path, *others)))
        by_path = command_line_for(paths.root).hint("automation", "show", automation.config.path, name="PATH")
        raise Refused(
            f"{1 + len(others)} files are the automation “{automation.id}”: {files}; nothing was done\n"
            f"Commands take a path, as {by_path} does."
        )


def other_files(paths: StatePaths, automation: Automation) -> tuple[str, ...]:
    """Return the paths of other files with the automation's id, by their name or by their content."""
    store = AutomationConfigStore(paths)
    ids = {automation.id, *([automation.config.value.id] if automation.config.value else [])}
    found = {same.config.path for id in ids for same in store.files_of(id)}
    return tuple(sorted(found - {automation.config.path}))


def fingerprint_of_automation(paths: StatePaths, automation: Automation) -> str:
    """Return the fingerprint of the version that was read. Raises Changed where the file has another version by now."""
    version = read_version(paths.automations, automation.config.path, follow=True)
    if version is None or version.stamp != automation.config.stamp:
        raise Changed(f"{automation.config.path} changed since it was read; nothing was done")
    return fingerprint_of(version.stamp, version.data)


def require_version(paths: StatePaths, automation: Automation, fingerprint: str | None) -> Expected:
    """Return the version that an act must find at the automation's path; any version where ``fingerprint`` is None.

    Raises Changed where the fingerprint of the version that was read is not ``fingerprint``.
    """
    if fingerprint is None:
        return ANY
    if fingerprint_of_automation(paths, automation) != fingerprint:
        raise Changed(f"{automation.config.path} is not the version {fingerprint}; nothing was done")
    return automation.config.stamp or ANY


def set_enabled(
    paths: StatePaths,
    automation: Automation,
    enabled: bool,
    now: datetime,
    expected: Expected = ANY,
    actor: Actor | None = None,
) -> tuple[str, Expected]:
    """Enable or disable the automation in the file that was read; return a message, and the version on disk now.

    Changes that other programs make in the meantime are kept, unless ``expected`` is a version. Raises ClawtuiError
    where it could not be done, or the file is of another automation by now.
    """
    written = AutomationConfigStore(paths).set_enabled(automation, enabled, now, expected).config.stamp or ANY
    others = other_files(paths, automation)
    state = "enabled" if enabled else "disabled"
    unrecorded = recorded(paths, "automation-enable" if enabled else "automation-disable", automation, now, actor)
    if others:
        return f"{automation.config.path} is {state}; {_others_text(others)}{unrecorded}", written
    return f"{called(automation)} is {state}{unrecorded}", written


def delete_automation(paths: StatePaths, automation: Automation, now: datetime) -> str:
    """Delete the configuration that was read, and return a message. Logs, workspace and artifacts stay.

    Raises ClawtuiError where it changed since, is gone, or may not be removed.
    """
    AutomationConfigStore(paths).delete(automation, automation.config.stamp or ANY)
    others = other_files(paths, automation)
    unrecorded = recorded(paths, "automation-delete", automation, now)
    if others:
        return f"{automation.config.path} is deleted; {_others_text(others)}{unrecorded}"
    return f"{called(automation)} is deleted; its logs, workspace and artifacts are kept{unrecorded}"


def recorded(paths: StatePaths, event: str, automation: Automation, now: datetime, actor: Actor | None = None) -> str:
    """Record a completed act in the audit. Return the end of a message if that failed, else an empty string."""
    from clawtui.operations.user.audit_history import record_act

    why = record_act(paths, event, automation.config.path, automation.id, now, actor)
    return "" if why is None else f"; {why}"


def called(automation: Automation) -> str:
    """Return the automation's id, or its path where the file's name is not its id."""
    config = automation.config.value
    return automation.id if config is None or config.id == automation.id else automation.config.path


def _others_text(others: tuple[str, ...]) -> str:
    return f"the gateway may go on with {', '.join(map(shlex.quote, others))}, of the same id"


def _path_below(paths: StatePaths, name: str) -> str | None:
    """Return ``name`` as a path relative to ``automations/``; None where it can be an id."""
    if "/" not in name:
        return None
    real = Path(os.path.realpath(paths.automations))
    for place in (Path(name), paths.automations / name):
        path = Path(os.path.realpath(place.parent)) / place.name
        if path.is_relative_to(real) and os.path.lexists(path):
            return path.relative_to(real).as_posix()
    return name

"""Releases, restores and removals that were interrupted, each with the command that fixes it.

Releases and restores are found on the root of a stock gateway too.
"""

from __future__ import annotations

import os
import shlex
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from clawtui.model.documents.audit import AuditRecord
from clawtui.model.errors import ClawtuiError
from clawtui.model.liveness.consent import key_of
from clawtui.model.liveness.evidence import SLACK
from clawtui.model.text.cleaning import clean
from clawtui.operations.evidence.processes import find_process, may_be_there
from clawtui.operations.locks.lock_places import lock_places
from clawtui.operations.locks.restore import Restorable, may_go_on, restorable
from clawtui.storage.locks.capture import LockSnapshot, capture
from clawtui.storage.locks.released_locks import KEPT
from clawtui.storage.paths import StatePaths
from clawtui.storage.roots import command_line_for
from clawtui.storage.user.audit import Audit
from clawtui.storage.workspaces.removal import WorkspaceAside, list_workspaces_aside


class InterruptedWork(Struct, frozen=True):
    """One interrupted release, restore or removal."""

    lock: str
    """The path of the lock or of the workspace; empty where the audit could not be read."""
    text: str
    """A line for the operator, cleaned: what was interrupted, when and by whom, and the state now."""
    fix: str
    """The command that fixes it, or shows the state."""


def find_interrupted(paths: StatePaths, now: datetime, *, audit: Audit | None = None) -> tuple[InterruptedWork, ...]:
    """Return the interrupted acts on locks that are not fixed yet, with times in the zone of ``now``. Writes nothing.

    Locks that were set aside are found in their directory. Other acts of the last day that have no outcome are found in
    the user's audit. An audit that cannot be read is an entry of its own.
    """
    trail = audit or Audit()
    acts: tuple[AuditRecord, ...] = ()
    unread = []
    try:
        acts = _open_acts(trail, paths, now)
    except ClawtuiError as error:
        text = f"what was cut short is not known: {trail.path}: {error.reason}"
        unread.append(InterruptedWork("", clean(text), shlex.join(["ls", "-l", str(trail.path)])))
    aside = restorable(paths, now)
    moved = tuple(_moved(paths, each, acts, now) for each in aside if not each.aside.released)
    reported = {work.lock for work in moved}
    others = (_begun(paths, act, aside, now) for act in acts if act.path not in reported)
    return (*unread, *moved, *(work for work in others if work is not None))


def find_interrupted_removals(paths: StatePaths, now: datetime) -> tuple[InterruptedWork, ...]:
    """Return the interrupted removals of workspaces; ``lock`` is the path of the workspace."""
    asides = list_workspaces_aside(paths.automations)
    left = [aside for aside in asides if not _is_being_removed(aside, paths.automations, now)]
    fix = command_line_for(paths.root).at_root("clawtui doctor --fix") if left else ""
    return tuple(_workspace_aside(aside, fix, now) for aside in left)


def _is_being_removed(aside: WorkspaceAside, base: Path, now: datetime) -> bool:
    """Return whether the process that moved it may still be removing it: that takes less than a day."""
    process = find_process(aside.pid)
    if process is None or process.ended:
        return abs(now - aside.at) <= KEPT and may_be_there(aside.pid, base)
    return process.started is None or process.started <= aside.at + SLACK


def _workspace_aside(aside: WorkspaceAside, fix: str, now: datetime) -> InterruptedWork:
    whose = f"the workspace of {aside.automation_id}" if aside.automation_id else "a workspace"
    when = f"{aside.at.astimezone(now.tzinfo):%Y-%m-%d %H:%M}"
    state = "what is left of it is there" if aside.verified else "it was set aside and not yet verified: it goes back"
    return InterruptedWork(aside.path, clean(f"removing {whose} was cut short, {when}; {state}"), fix)


def _open_acts(audit: Audit, paths: StatePaths, now: datetime) -> tuple[AuditRecord, ...]:
    """Return the intents without an outcome: the last act on each lock, unless its process may still go on."""
    base = lock_places(paths).base
    root = os.path.realpath(base)
    last: dict[str, AuditRecord] = {}
    for record in audit.recent():
        if record.outcome is not None:
            last = {path: intent for path, intent in last.items() if intent.id != record.id}
        elif not record.event.startswith("lock-"):
            continue
        elif record.root == root and record.path is not None and now - record.timestamp <= KEPT:
            last[record.path] = record
    return tuple(
        act for act in last.values() if act.actor is None or not may_go_on(act.actor.pid, act.timestamp, now, base)
    )


def _moved(paths: StatePaths, each: Restorable, acts: tuple[AuditRecord, ...], now: datetime) -> InterruptedWork:
    """Return the entry for a lock that was moved and not verified: it may be a lock that a run needs."""
    act = next((act for act in acts if act.id == each.aside.token), None)
    what = "releasing" if act else "removing"
    text = f"{what} the lock of {each.key} was cut short, {_when(each.aside.at, act, now)}"
    return _leftover(each.aside.lock, f"{text}; the lock of {each.holder} is set aside", each, paths)


def _begun(paths: StatePaths, act: AuditRecord, aside: tuple[Restorable, ...], now: datetime) -> InterruptedWork | None:
    """Return the entry for an act that is only in the audit; None where it left nothing."""
    lock = act.path or ""
    when = _when(act.timestamp, act, now)
    there = capture(lock_places(paths).base, lock)
    if act.event == "lock-release":
        released = next((each for each in aside if each.aside.token == act.id), None)
        if released is not None:
            text = f"the lock of {released.key} was released, {when}, and cut short before that was logged"
            return _leftover(lock, text, released, paths)
        return None if there is None else _standing(paths, lock, act, there, when)
    meant = next((each for each in aside if each.aside.path == act.aside), None)
    if meant is not None:
        return _leftover(lock, f"restoring the lock of {meant.key} was cut short, {when}", meant, paths)
    if there is None:
        return None
    key = key_of(there.reading)
    text = f"the lock of {key} was restored, {when}, and cut short before that was logged: it stands"
    return InterruptedWork(lock, clean(text), _command(paths, "show", key, lock))


def _standing(paths: StatePaths, lock: str, act: AuditRecord, there: LockSnapshot, when: str) -> InterruptedWork:
    key = key_of(there.reading)
    text = f"releasing the lock of {key} was cut short, {when}"
    if there.fingerprint == act.fingerprint:
        fix = _command(paths, "release", key, lock)
        return InterruptedWork(lock, clean(f"{text}, before anything was done: it stands"), fix)
    by = lock_places(paths).holder(lock, there.reading)
    fix = _command(paths, "show", key, lock)
    return InterruptedWork(lock, clean(f"{text}; what stands there now is the lock of {by}"), fix)


def _leftover(lock: str, text: str, each: Restorable, paths: StatePaths) -> InterruptedWork:
    holder = lock_places(paths).blocking(lock, each.reading)
    state = f"locked by {holder}" if holder else "not locked"
    fix = _command(paths, "restore", each.key, each.aside.path)
    return InterruptedWork(lock, clean(f"{text}; the repository is {state}"), fix)


def _command(paths: StatePaths, act: str, *names: str) -> str:
    """Return the command ``act`` for the lock, with the first of ``names`` that can be typed in a shell."""
    line = command_line_for(paths.root)
    shown = (line.command("lock", act, name) for name in names)
    return next(filter(None, shown), None) or line.hint("lock", act, names[-1], name="KEY").strip("`")


def _when(at: datetime, act: AuditRecord | None, now: datetime) -> str:
    by = f" by {act.actor.text}" if act and act.actor else ""
    return f"{at.astimezone(now.tzinfo):%Y-%m-%d %H:%M}{by}"

"""Removing old logs and exporting the automations, each with a record in the audit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from clawtui.model.errors import ClawtuiError, Unreadable
from clawtui.operations.state.retention import KEPT_DAYS, prune_leftovers
from clawtui.operations.user.audit_history import record_act
from clawtui.storage.paths import StatePaths
from clawtui.storage.stores.backup import Export, write_export
from clawtui.storage.stores.logs import AutomationLogManager


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was removed, or would be; paths relative to ``automations/``."""

    logs: tuple[str, ...]
    leftovers: tuple[str, ...]
    unrecorded: str = ""
    """Why it is not in the audit; empty where it is, and where nothing was removed."""

    unread: tuple[str, ...] = ()
    """Why directories could not be searched; empty where all could."""

    @property
    def text(self) -> str:
        """The numbers in words: ``1 old log, 2 other files``."""
        return f"{_count(len(self.logs), 'old log')}, {_count(len(self.leftovers), 'other file')}"


def prune(paths: StatePaths, now: datetime, days: int = KEPT_DAYS, *, dry_run: bool = False) -> Pruned:
    """Remove the logs older than ``days`` and what killed processes left, and write the audit.

    With ``dry_run`` only list it. A directory that cannot be read does not keep those in the others from being removed.
    No log is removed while it is not known which runs are going. Raises Refused, Unwritable.
    """
    unread: list[ClawtuiError] = []
    logs: tuple[str, ...] = ()
    manager = AutomationLogManager(paths)
    try:
        logs = manager.prune(days, now, dry_run, unread)
        unread += [Unreadable(problem.message, problem.path) for problem in manager.problems()]
    except Unreadable as error:
        unread.append(error)
    leftovers = prune_leftovers(paths, now, dry_run=dry_run, unread=unread)
    pruned = Pruned(logs, leftovers, unread=tuple(dict.fromkeys(map(str, unread))))
    if dry_run or not (pruned.logs or pruned.leftovers):
        return pruned
    message = f"{pruned.text}; logs older than {days} days"
    why = record_act(paths, "prune", "logs", None, now, message=message)
    return replace(pruned, unrecorded=why or "")


def save_export(paths: StatePaths, file: Path, made: Export, now: datetime) -> str:
    """Write an export to ``file``, and the audit; return why it is not in the audit, or nothing.

    Raises Unwritable.
    """
    write_export(file, made)
    masked = f", {_count(len(made.masked), 'secret')} masked" if made.masked else ""
    message = f"{_count(len(made.ids), 'automation')}{masked}"
    return record_act(paths, "export", str(file), None, now, message=message) or ""


def _count(number: int, name: str) -> str:
    return f"{number} {name}{'' if number == 1 else 's'}"

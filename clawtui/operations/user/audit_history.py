"""What was done with clawtui and by whom: the operator's own audit, and the acts of others in the dispatcher's log."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct

from clawtui.files.logs.reader import LogStream
from clawtui.model.checked.reading import made
from clawtui.model.documents.audit import Actor, AuditRecord
from clawtui.model.documents.log_entry import DispatcherLogEntry, parse_log_line
from clawtui.model.errors import ClawtuiError
from clawtui.operations.runs.logs import dispatcher_logs
from clawtui.operations.user.actor import this_actor
from clawtui.storage.paths import StatePaths
from clawtui.storage.user.audit import Audit

UNFINISHED: Final = "unfinished"
"""The outcome of an act of which only the intent is recorded: clawtui was killed, or has not finished."""
_SAME: Final = timedelta(seconds=5)
"""The most time between the records of one act in the audit and in the dispatcher's log."""
_BY: Final = '"by"'


class AuditedAct(Struct, frozen=True):
    """One act of an operator or of a program."""

    at: datetime
    event: str
    """``lock-release``, ``automation-enable``; in the dispatcher's log ``lock-force-released``."""
    subject: str
    """A repository, an automation's id, or a path."""
    outcome: str
    by: str | None
    """The actor as text."""
    message: str | None = None
    verdict: str | None = None
    consent: str | None = None
    facts: tuple[str, ...] = ()
    id: str | None = None
    root: str | None = None
    path: str | None = None
    source: str = "audit"
    """``audit``, or ``dispatcher`` for an act that only the dispatcher's log has."""


def audited_acts(
    paths: StatePaths | None, since: datetime | None = None, audit: Audit | None = None
) -> tuple[AuditedAct, ...]:
    """Return the acts on one root, oldest first; with None for ``paths`` those of the own audit on every root.

    Of the dispatcher's logs only those are read that were written since ``since``; without it the newest. Raises
    Unreadable, Refused.
    """
    acts = _acts_of((audit or Audit()).recent())
    if paths is None:
        own = list(acts)
    else:
        root = os.path.realpath(paths.automations)
        own = [act for act in acts if act.root == root]
        own += [act for act in _logged(paths, since) if not any(_is_same(act, each) for each in own)]
    return tuple(sorted((act for act in own if since is None or act.at >= since), key=lambda act: act.at))


def record_act(
    paths: StatePaths,
    event: str,
    path: str,
    subject: str | None,
    now: datetime,
    actor: Actor | None = None,
    message: str | None = None,
) -> str | None:
    """Record a completed act in the audit.

    Args:
        subject: The id of the automation; None for an act on several or on none.
        now: The time of the act.
        actor: The actor; by default this user.
        message: Details that the changed file does not show.

    Returns:
        The reason why the act could not be recorded; None if it was.
    """
    known: dict[str, object] = {"automationId": subject} if subject is not None else {}
    record = made(
        AuditRecord,
        known
        | {
            "timestamp": now,
            "id": secrets.token_hex(4),
            "event": event,
            "outcome": "done",
            "actor": actor or this_actor(),
            "root": os.path.realpath(paths.automations),
            "path": path,
            "message": message,
        },
    )
    try:
        Audit().record(record)
    except ClawtuiError as error:
        return f"it is not in the audit: {error.reason}"
    return None


def _acts_of(records: Sequence[AuditRecord]) -> Iterator[AuditedAct]:
    """Yield one act for each id, from the record of its intent and the one of its outcome."""
    first: dict[str, AuditRecord] = {}
    last: dict[str, AuditRecord] = {}
    for record in records:
        first.setdefault(record.id, record)
        last[record.id] = record
    for id, intent in first.items():
        end = last[id]
        named = intent.repo_key or intent.unknown.get("automationId") or _slot_of(intent) or intent.path or ""
        yield AuditedAct(
            at=intent.timestamp,
            event=intent.event,
            subject=str(named),
            outcome=end.outcome or UNFINISHED,
            by=intent.actor.text if intent.actor is not None else None,
            message=end.message,
            verdict=intent.verdict,
            consent=intent.consent,
            facts=intent.facts or (),
            id=id,
            root=intent.root,
            path=intent.path,
        )


def _slot_of(record: AuditRecord) -> str | None:
    slot = record.unknown.get("slot")
    return f"slot {slot.get('slotNumber')} of {slot.get('automationId')}" if isinstance(slot, dict) else None


def _logged(paths: StatePaths, since: datetime | None) -> Iterator[AuditedAct]:
    """Yield the acts in the dispatcher's log, each with the text of its actor."""
    for log in dispatcher_logs(paths, since):
        with closing(LogStream(paths.automations, log.path)) as stream:
            yield from _acts_in(stream.read())


def _acts_in(lines: Iterable[str]) -> Iterator[AuditedAct]:
    for text in lines:
        entry = parse_log_line(text, DispatcherLogEntry).entry if _BY in text else None
        if not isinstance(entry, DispatcherLogEntry) or not isinstance(by := entry.unknown.get("by"), str):
            continue
        fields = json.loads(text)
        subject = fields.get("repoKey") or entry.automation_id or ""
        facts = fields.get("facts")
        yield AuditedAct(
            at=entry.timestamp,
            event=entry.event,
            subject=str(subject),
            outcome="done",
            by=by,
            verdict=entry.reason,
            facts=tuple(map(str, facts)) if isinstance(facts, list) else (),
            path=fields["lock"] if isinstance(fields.get("lock"), str) else None,
            source="dispatcher",
        )


def _is_same(logged: AuditedAct, own: AuditedAct) -> bool:
    """Return whether an act of the dispatcher's log is one of the own audit."""
    kind = logged.event.partition("-")[0]
    return own.by == logged.by and own.event.startswith(kind) and abs(own.at - logged.at) <= _SAME

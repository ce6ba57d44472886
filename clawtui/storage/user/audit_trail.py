"""The record of one act: its intent and its outcome in the audit, and an event in the dispatcher's log.

For every act on a lock or a slot that a run holds (contract: the release, steps 4 and 6). A stock gateway has no
dispatcher: its acts are only in the audit.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from clawtui.model.checked.reading import made
from clawtui.model.documents.audit import Actor, AuditRecord
from clawtui.model.documents.base import LogLevel
from clawtui.model.documents.log_entry import DispatcherLogEntry
from clawtui.model.errors import Changed, ClawtuiError, NoSuch, Refused, Unwritable
from clawtui.storage.locks.lock_file import Overlap
from clawtui.storage.stores.logs import write_dispatcher_entry
from clawtui.storage.user.audit import Audit, why_unrecorded


class AuditTrail:
    """The record of one act of an operator or of a program.

    Call ``intend`` before the act, do the act inside ``failures``, and call ``done`` after it.
    """

    def __init__(
        self,
        base: Path,
        audit: Audit,
        actor: Actor,
        clock: Callable[[], datetime],
        act: str,
        act_id: str,
        *,
        has_dispatcher: bool = True,
    ) -> None:
        """Begin the record of one act; nothing is written yet.

        ``base`` is the directory to which paths are relative; ``act`` the event in the audit, such as ``lock-release``;
        ``act_id`` the id of both its records. Without ``has_dispatcher`` there is no log for the event.
        """
        self._base = base
        self._has_dispatcher = has_dispatcher
        self._audit = audit
        self._actor = actor
        self._clock = clock
        self._act = act
        self._act_id = act_id

    def intend(self, path: str, facts: Mapping[str, object]) -> None:
        """Write the intent of the act on ``path``; ``facts`` are further fields of ``AuditRecord``.

        Raises Refused or Unwritable if it cannot be written: the act must not be done then.
        """
        known = {"actor": self._actor, "root": os.path.realpath(self._base), "path": path, **facts}
        try:
            self._write(known)
        except ClawtuiError as error:
            kind = Refused if isinstance(error, Refused) else Unwritable
            raise kind(why_unrecorded(error)) from error

    @contextmanager
    def failures(self) -> Iterator[None]:
        """Write the outcome of an act that raises a ClawtuiError, and raise that error again."""
        try:
            yield
        except ClawtuiError as error:
            try:
                self._write({"outcome": _outcome_of(error), "message": str(error)})
            except ClawtuiError as unrecorded:
                raise type(error)(
                    error.reason, error.path, hint=f"Nor could that be put on record: {unrecorded}"
                ) from error
            raise

    def done(
        self, event: str, level: LogLevel, facts: Mapping[str, object], aside: str | None = None
    ) -> tuple[str, ...]:
        """Write that the act is done: ``event`` to the dispatcher's log, the outcome to the audit.

        ``facts`` are fields of the log entry by their names on disk; ``aside`` is the path to which a lock was moved.
        Returns a line for each record that could not be written.
        """
        complaints = []
        at = self._clock()
        known = {"timestamp": at, "level": level, "event": event, **facts, "by": self._actor.text}
        try:
            if self._has_dispatcher:
                entry = made(DispatcherLogEntry, _without_none(known))
                write_dispatcher_entry(self._base, entry)
        except ClawtuiError as error:
            complaints.append(f"it is not in the dispatcher's log: {error}")
        try:
            self._write({"outcome": "done", "aside": aside, "message": "; ".join(complaints) or None})
        except ClawtuiError as error:
            complaints.append(f"the outcome is not in the audit: {error}")
        return tuple(complaints)

    def _write(self, known: Mapping[str, object]) -> None:
        record = {"timestamp": self._clock(), "id": self._act_id, "event": self._act, **_without_none(known)}
        self._audit.record(made(AuditRecord, record))


def _outcome_of(error: ClawtuiError) -> str:
    if isinstance(error, Overlap):
        return "overlap"
    if isinstance(error, Changed | NoSuch):
        return "changed"
    return "refused" if isinstance(error, Refused) else "failed"


def _without_none(known: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in known.items() if value is not None}

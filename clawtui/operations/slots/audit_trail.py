"""Putting the freeing of a slot on record: the intent before it, how it ended, and an event that others can see."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from clawtui.files.json5.serialize import to_plain
from clawtui.model.documents.audit import Actor, AuditRecord
from clawtui.model.documents.log_entry import DispatcherLogEntry
from clawtui.model.errors import Changed, NoSuch, Refused, StorageError, Unwritable
from clawtui.model.liveness.consent import Consent
from clawtui.model.liveness.slot_verdict import SlotJudgement
from clawtui.storage.paths import CONCURRENCY_FILE, StatePaths
from clawtui.storage.stores.logs import AutomationLogManager
from clawtui.storage.user.audit import Audit, why_unrecorded

EVENT = "slot-force-freed"
"""What the dispatcher's log calls it."""
_ACT = "slot-free"
_OUTCOMES = ((Changed, "changed"), (NoSuch, "changed"), (Refused, "refused"))


class SlotAuditTrail:
    """The record of one slot that is freed, in the audit and in the dispatcher's log."""

    def __init__(self, paths: StatePaths, audit: Audit, actor: Actor, clock: Callable[[], datetime]) -> None:
        self._paths = paths
        self._audit = audit
        self._actor = actor
        self._clock = clock
        self._id = secrets.token_hex(4)

    def intend(self, judged: SlotJudgement, consent: Consent) -> None:
        """Writes what is about to be done. Raises Refused, Unwritable: then it must not be done."""
        try:
            self._write(
                actor=self._actor,
                root=os.path.realpath(self._paths.automations),
                path=CONCURRENCY_FILE,
                verdict=judged.verdict,
                facts=judged.facts,
                consent=consent.name.lower(),
                slot=to_plain(judged.slot),
            )
        except StorageError as error:
            kind = Refused if isinstance(error, Refused) else Unwritable
            raise kind(why_unrecorded(error)) from error

    @contextmanager
    def failures(self) -> Iterator[None]:
        """Puts on record that it failed, and why, and raises that again."""
        try:
            yield
        except StorageError as error:
            outcome = next((name for kind, name in _OUTCOMES if isinstance(error, kind)), "failed")
            try:
                self._write(outcome=outcome, message=str(error))
            except StorageError as unrecorded:
                raise type(error)(f"{error}\nNor could that be put on record: {unrecorded}") from error
            raise

    def done(self, judged: SlotJudgement) -> tuple[str, ...]:
        """Puts on record that the slot is free; what could not be written, each a line."""
        complaints = []
        try:
            AutomationLogManager(self._paths).write_dispatcher(self._event(judged))
        except StorageError as error:
            complaints.append(f"the dispatcher's log does not tell of it: {error}")
        try:
            self._write(outcome="done", message="; ".join(complaints) or None)
        except StorageError as error:
            complaints.append(f"that it is done is not in the audit: {error}")
        return tuple(complaints)

    def _write(self, **known: object) -> None:
        said = {name: value for name, value in known.items() if value is not None}
        record = {"timestamp": self._clock(), "id": self._id, "event": _ACT, **said}
        self._audit.record(AuditRecord.model_validate(record))

    def _event(self, judged: SlotJudgement) -> DispatcherLogEntry:
        slot = judged.slot
        return DispatcherLogEntry.model_validate(
            {
                "timestamp": self._clock(),
                "level": "warn",
                "event": EVENT,
                "automationId": slot.automation_id,
                "sessionId": slot.session_id,
                "reason": judged.verdict,
                "slotNumber": slot.slot_number,
                "facts": list(judged.facts),
                "by": self._actor.text,
            }
        )

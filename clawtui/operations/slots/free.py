"""Free one slot whose session will not free it itself (errata 19), after consent and a second verdict."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from clawtui.files.json5.serialize import to_plain
from clawtui.model.documents.audit import Actor
from clawtui.model.documents.base import Stamp
from clawtui.model.documents.concurrency import ConcurrencyState, Slot
from clawtui.model.errors import Changed, Invalid, NoSuch, Refused
from clawtui.model.fleet import Fleet
from clawtui.model.liveness.consent import Consent, required_consent
from clawtui.model.liveness.slot_verdict import SLOT_MEANING, SlotJudgement
from clawtui.model.paths import is_plain_component
from clawtui.model.runs.judgement import QUIET_AFTER
from clawtui.operations.evidence.lock_context import read_lock_context
from clawtui.operations.slots.report import judged_slots
from clawtui.storage.locks.manager import RepositoryLockManager
from clawtui.storage.paths import CONCURRENCY_FILE, StatePaths
from clawtui.storage.roots import command_line_for
from clawtui.storage.stores.configurations import AutomationConfigStore
from clawtui.storage.stores.dispatcher import ConcurrencyStore
from clawtui.storage.user.audit import Audit
from clawtui.storage.user.audit_trail import AuditTrail

ReadFleet = Callable[[StatePaths, Slot], Fleet]


class SlotTarget(NamedTuple):
    """One slot in one version of ``concurrency-state.json``."""

    slot: Slot
    """Its number, its session, and since when the session has it."""
    stamp: Stamp | None
    """The version of ``concurrency-state.json`` that was shown; nothing is freed in any other version."""


class FreedSlot(Struct, frozen=True):
    """A slot that was freed."""

    judged: SlotJudgement
    """The last verdict before it was freed."""
    complaints: tuple[str, ...] = ()
    """Records that could not be written, one line each."""

    @property
    def message(self) -> str:
        """One line for the operator."""
        slot = self.judged.slot
        return f"slot {slot.slot_number} is free; {slot.session_id} of {slot.automation_id} had it"


def target_of_slot(slot: Slot, fleet: Fleet) -> SlotTarget:
    """Return the target for a slot of ``fleet``."""
    return SlotTarget(slot, fleet.concurrency.stamp if fleet.concurrency else None)


def find_slot(fleet: Fleet, number: int, session_id: str | None = None) -> Slot:
    """Return the slot with ``number``, and with ``session_id`` where that is given.

    Raises NoSuch; Refused where two slots have the number and no session decides; Invalid where the file of the slots
    cannot be read.
    """
    state = fleet.concurrency
    if state is not None and state.value is None:
        raise Invalid(state.problem.message if state.problem else "cannot be read", state.path)
    found = [slot for slot in fleet.slots if slot.slot_number == number and session_id in (None, slot.session_id)]
    if not found and state is not None and not fleet.slots_known:
        raise Invalid(state.fault_text or "cannot be read", state.path)
    if not found:
        of = f" of the session {session_id}" if session_id else ""
        listing = command_line_for(Path(fleet.root)).hint("slot", "list")
        raise NoSuch(f"slot {number}{of} is not taken", hint=f"{listing} shows those that are.")
    if len({slot.session_id for slot in found}) > 1:
        sessions = " and ".join(f"{slot.session_id} of {slot.automation_id}" for slot in found)
        raise Refused(
            f"slot {number} is taken {len(found)} times: by {sessions}", hint="Add --session SESSION to say which."
        )
    return found[0]


def free_slot(
    paths: StatePaths,
    target: SlotTarget,
    consent: Consent,
    actor: Actor,
    clock: Callable[[], datetime],
    quiet_after: timedelta = QUIET_AFTER,
    *,
    read_fleet: ReadFleet | None = None,
    audit: Audit | None = None,
) -> FreedSlot:
    """Free the target where ``consent`` covers the current verdict, and leave all other slots unchanged.

    ``clock`` returns the current time with its zone; ``read_fleet`` the files that the verdict needs. Raises Changed
    where the file is another version than the target's or the slot is gone; Refused where the verdict demands more than
    the consent; Unwritable. Nothing was done then. A slot is not freed where that cannot be recorded in the audit.
    """
    read = read_fleet or read_slot_context
    trail = AuditTrail(paths.automations, audit or Audit(), actor, clock, "slot-free", secrets.token_hex(4))
    judged = _judge(read(paths, target.slot), target, clock(), quiet_after)
    trail.intend(CONCURRENCY_FILE, _intent(judged, consent))
    with trail.failures():
        fleet = read(paths, target.slot)
        judged = _judge(fleet, target, clock(), quiet_after)
        _require_consent(judged, consent)
        _save_without(paths, fleet, target, clock())
    return FreedSlot(judged, trail.done("slot-force-freed", "warn", _log_fields(judged)))


def read_slot_context(paths: StatePaths, slot: Slot) -> Fleet:
    """Return the files that the verdict on one slot needs: those of its automation, and all locks."""
    context = read_lock_context(paths, slot)
    store = AutomationConfigStore(paths)
    found = store.files_of(slot.automation_id) if is_plain_component(slot.automation_id) else ()
    return replace(
        context,
        automations={automation.config.path: automation for automation in found},
        locks=RepositoryLockManager(paths).list_locks(),
    )


def _judge(fleet: Fleet, target: SlotTarget, now: datetime, quiet_after: timedelta) -> SlotJudgement:
    """Return the verdict on the target. Raises Changed where the slot or the file is not the target any more."""
    stamp = fleet.concurrency.stamp if fleet.concurrency else None
    found = [judged for judged in judged_slots(fleet, now, quiet_after) if judged.slot == target.slot]
    if not found:
        raise Changed(f"slot {target.slot.slot_number} is no longer {target.slot.session_id}'s; nothing was done")
    if target.stamp is None or stamp != target.stamp:
        raise Changed(
            f"{CONCURRENCY_FILE} changed since it was read; nothing was done", hint="Look again, and repeat it."
        )
    return found[0]


def _intent(judged: SlotJudgement, consent: Consent) -> dict[str, object]:
    return {
        "verdict": judged.verdict,
        "facts": judged.facts,
        "consent": consent.name.lower(),
        "slot": to_plain(judged.slot),
    }


def _log_fields(judged: SlotJudgement) -> dict[str, object]:
    slot = judged.slot
    return {
        "automationId": slot.automation_id,
        "sessionId": slot.session_id,
        "reason": judged.verdict,
        "slotNumber": slot.slot_number,
        "facts": list(judged.facts),
    }


def _require_consent(judged: SlotJudgement, consent: Consent) -> None:
    if required_consent(judged.verdict) > consent:
        raise Refused(
            f"slot {judged.slot.slot_number} is {judged.verdict}: {SLOT_MEANING[judged.verdict]}; that was not "
            f"consented to\nNothing was done. {judged.facts[0][:1].upper()}{judged.facts[0][1:]}."
        )


def _save_without(paths: StatePaths, fleet: Fleet, target: SlotTarget, now: datetime) -> None:
    state = fleet.concurrency.value if fleet.concurrency else None
    assert isinstance(state, ConcurrencyState)
    assert target.stamp is not None
    kept = list(state.active_slots)
    kept.remove(target.slot)
    changed = state.changed(active_slots=tuple(kept), last_updated=now)
    ConcurrencyStore(paths).save(changed, expected=target.stamp)

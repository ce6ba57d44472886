"""Slots that are orphaned or quiet, more slots than allowed, and two with one number (errata 19)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from clawtui.model.documents.concurrency import Slot
from clawtui.model.findings.context import FindingContext
from clawtui.model.findings.finding import Finding, command
from clawtui.model.fleet import Fleet
from clawtui.model.liveness.slot_verdict import SlotJudgement, SlotVerdict

ORPHANED = "slot-orphaned"
QUIET = "slot-quiet"
NUMBER_TWICE = "slot-number-twice"
OVER_MAX = "slots-over-max"

_FREEABLE: tuple[SlotVerdict, ...] = ("orphaned", "quiet")
"""The verdicts of slots that may be freed to make room, the best candidates first."""

_MOST_NAMED = 3
"""How many holders of one number a message names."""


def slot_findings(fleet: Fleet, context: FindingContext) -> Iterator[Finding]:
    """Yield the findings about slots."""
    for judged in context.slots:
        if judged.verdict == "orphaned":
            yield _orphaned(fleet, judged)
        elif judged.verdict == "quiet":
            yield _quiet(fleet, judged)
    numbers = Counter(slot.slot_number for slot in fleet.slots)
    for number, count in sorted(numbers.items()):
        if count > 1:
            yield _number_twice(fleet, context, number)
    used, most = len(fleet.slots), fleet.max_slots
    if most is not None and used > most:
        message = f"{used} slots are taken, and there are {most:g}: more runs go at once than were allowed."
        fix, who = _freeing_one(fleet, context.slots)
        yield Finding(OVER_MAX, "warning", f"{used} of {most:g} slots", f"{message} {who}", fix)


def slot_subject(slot: Slot) -> str:
    """Return the subject of a finding about a slot, with its session, as its number may not be unique."""
    return f"slot {slot.slot_number} of {slot.session_id}"


def free_command(fleet: Fleet, slot: Slot) -> str | None:
    """Return the command that frees the slot."""
    same = [other for other in fleet.slots if other.slot_number == slot.slot_number]
    if len(same) == 1:
        return command("slot", "free", str(slot.slot_number))
    return command("slot", "free", f"--session={slot.session_id}", str(slot.slot_number))


def _orphaned(fleet: Fleet, judged: SlotJudgement) -> Finding:
    slot = judged.slot
    why = f" ({judged.facts[0]})" if judged.facts else ""
    message = f"{slot.automation_id} holds it and its session is over{why}. One run fewer can go until it is freed."
    return Finding(ORPHANED, "error", slot_subject(slot), message, free_command(fleet, slot))


def _quiet(fleet: Fleet, judged: SlotJudgement) -> Finding:
    slot = judged.slot
    message = (
        f"{slot.automation_id} holds it, and its session has long been silent. "
        "If its run is dead, one run fewer can go until it is freed."
    )
    return Finding(QUIET, "warning", slot_subject(slot), message, free_command(fleet, slot))


def _number_twice(fleet: Fleet, context: FindingContext, number: int) -> Finding:
    sharing = [judged for judged in context.slots if judged.slot.slot_number == number]
    holders = _named([slot.automation_id for slot in fleet.slots if slot.slot_number == number])
    fix, who = _freeing_one(fleet, sharing)
    message = f"It is taken twice, by {holders}: two gateways, or one that crashed while it wrote. {who}"
    return Finding(NUMBER_TWICE, "warning", f"slot {number}", message, fix)


def _named(holders: list[str]) -> str:
    if len(holders) <= _MOST_NAMED:
        return " and ".join(holders)
    return f"{', '.join(holders[:_MOST_NAMED])} and {len(holders) - _MOST_NAMED} more"


def _freeing_one(fleet: Fleet, slots: Iterable[SlotJudgement]) -> tuple[str | None, str]:
    """Return the command that frees the slot most likely to be unused, and what to do in words."""
    willing = sorted(
        (judged for judged in slots if judged.verdict in _FREEABLE), key=lambda judged: _FREEABLE.index(judged.verdict)
    )
    if not willing:
        return None, "All of them are at work: wait until one has ended."
    first = willing[0]
    what = "over" if first.verdict == "orphaned" else "silent"
    return free_command(fleet, first.slot), f"The session of {first.slot.automation_id} is {what}: free that slot."

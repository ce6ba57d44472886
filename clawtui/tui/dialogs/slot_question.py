"""The question before a slot is freed whose session will not free it (errata 19)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Final

from msgspec import Struct

from clawtui.model.documents.base import EPOCH
from clawtui.model.documents.concurrency import Slot
from clawtui.model.liveness.consent import Consent, required_consent
from clawtui.model.liveness.slot_verdict import SLOT_MEANING, SlotJudgement
from clawtui.model.text.cleaning import clean
from clawtui.model.text.command_line import ANYWHERE, CommandLine
from clawtui.model.text.units import age_span
from clawtui.operations.slots.free import SlotTarget
from clawtui.presentation.roles import VERDICT_ROLE
from clawtui.tui.dialogs.lock_text import at_time, labelled, listed, sentence_lines, wrapped
from clawtui.tui.dialogs.question import CLOSE, Question
from clawtui.tui.terminal.glyphs import VERDICT_MARK
from clawtui.tui.widgets.choices import Choice
from clawtui.tui.widgets.line import BLANK, Line, Span, fit

ACCEPT: Final = "accept"
NEXT: Final = "next"
_MOST_TO_TYPE: Final = 80


class SlotLook(Struct, frozen=True):
    """Facts about the slots at one instant."""

    judged: SlotJudgement | None = None
    """The slot in question; None if no slot is taken."""
    target: SlotTarget | None = None
    others: int = 0
    """The number of further slots that are taken."""
    now: datetime = EPOCH
    """The time of this look, in the operator's zone."""
    passed: tuple[Slot, ...] = ()
    """The slots that the operator has skipped."""
    line: CommandLine = ANYWHERE
    """The beginning of commands for this state directory."""
    why_not: str = ""
    """The reason why there is no slot in question."""


def question_of(look: SlotLook, note: str | None, *, read_only: bool) -> Question:
    """Return the question about one slot, with `note` above the facts."""
    judged = look.judged
    if judged is None:
        return Question(sentence_lines([(f"! {look.why_not}", "warn")]), leave=CLOSE)
    asked = required_consent(judged.verdict)
    others = (Choice(NEXT, f"Another ({look.others} more)"),) if look.others else ()
    refusal = "Read-only: no slot is freed here." if read_only else None
    if refusal is None and asked is Consent.LIVE:
        refusal = _too_live(judged, look.line)
    lines = _lines(judged, f"! {note}" if note else refusal, look.now)
    if refusal is not None:
        return Question(lines, others=others, leave=CLOSE)
    free = Choice(ACCEPT, "Free", "bad")
    if asked is Consent.CONFIRMED:
        return Question(lines, free, others)
    name = _name_to_type(judged.slot)
    return Question(lines, free, others, to_type=name, is_typed=partial(_is_typed, name))


def _lines(judged: SlotJudgement, above: str | None, now: datetime) -> Callable[[int], Sequence[Line]]:
    slot = judged.slot
    rows = (
        ("slot", str(slot.slot_number)),
        ("automation", slot.automation_id),
        ("session", slot.session_id),
        ("taken", f"{at_time(slot.acquired_at, now)}, {age_span(now - slot.acquired_at)} ago"),
    )
    follows = ["the dispatcher may start another run in its place"]
    if judged.verdict != "orphaned":
        follows.append("if its session is at work, more runs go at once than the dispatcher allows")

    def lines(width: int) -> Sequence[Line]:
        word = Span(f"{VERDICT_MARK[judged.verdict]} {judged.verdict}", VERDICT_ROLE[judged.verdict])
        return [
            *([*wrapped(above, width, "warn"), BLANK] if above else ()),
            fit((word, Span(f": {SLOT_MEANING[judged.verdict]}")), width),
            BLANK,
            *labelled(rows, width),
            BLANK,
            *listed(judged.facts, width),
            BLANK,
            (Span("If it is freed", "strong"),),
            *listed(follows, width, mark="→ "),
        ]

    return lines


def _too_live(judged: SlotJudgement, line: CommandLine) -> str:
    free = line.command("slot", "free", "--yes", "--force-live", str(judged.slot.slot_number))
    force = f"To free it all the same: {free}" if free is not None else ""
    return f"Its session is at work: it is not freed here, and comes free by itself when the run ends. {force}"


def _name_to_type(slot: Slot) -> str:
    name = slot.automation_id
    typable = name == clean(name).strip() and name.isascii() and 0 < len(name) <= _MOST_TO_TYPE
    return name if typable else f"slot {slot.slot_number}"


def _is_typed(name: str, typed: str) -> bool:
    return typed.strip() == name

"""A slot with the verdict on its session, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator

from clawtui.cli.framework.layout import Block, Line, Piece, bulleted
from clawtui.model.liveness.slot_verdict import SLOT_MEANING, SlotJudgement
from clawtui.presentation.roles import VERDICT_ROLE


def judged_row(judged: SlotJudgement) -> dict[str, object]:
    """One slot as JSON: as the file says it, with the verdict and what that rests on."""
    from clawtui.files.json5.serialize import to_plain

    return {**to_plain(judged.slot), "verdict": judged.verdict, "facts": judged.facts}


def judged_lines(judged: SlotJudgement) -> Iterator[Line | Block]:
    """Who has it, the verdict, and every fact."""
    slot = judged.slot
    yield (f"slot {slot.slot_number}, held by ", Piece(slot.automation_id, "active"), f", session {slot.session_id}")
    yield (Piece(judged.verdict, VERDICT_ROLE[judged.verdict]), f": {SLOT_MEANING[judged.verdict]}")
    yield from bulleted(judged.facts)

"""The question before a released lock is restored (contract: the release, step 7)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct

from clawtui.model.documents.base import EPOCH
from clawtui.model.text.units import age_span
from clawtui.operations.locks.restore import Restorable
from clawtui.tui.dialogs.lock_text import at_time, labelled, sentence_lines, wrapped
from clawtui.tui.dialogs.question import CLOSE, Question
from clawtui.tui.widgets.choices import Choice
from clawtui.tui.widgets.line import BLANK, Line

ACCEPT: Final = "accept"
NEXT: Final = "next"


class Restoration(Struct, frozen=True):
    """Facts about the released locks that can be restored at one instant."""

    meant: Restorable | None = None
    why_not: str | None = None
    """The reason why nothing can be restored: the repository is locked again, or no released lock is kept."""
    others: int = 0
    """The number of further released locks that are kept."""
    now: datetime = EPOCH
    """The time of this look, in the operator's zone."""
    passed: frozenset[str] = frozenset()
    """The tokens of the locks that the operator has skipped."""


def question_of(restoration: Restoration, *, read_only: bool) -> Question:
    """Return the question about one released lock."""
    meant = restoration.meant
    if meant is None:
        return Question(sentence_lines([(f"! {restoration.why_not}", "warn")]), leave=CLOSE)
    others = (Choice(NEXT, f"Another ({restoration.others} more)"),) if restoration.others else ()
    refusal = "Read-only: nothing is restored here." if read_only else restoration.why_not
    lines = _lines(meant, refusal, restoration.now)
    if refusal is not None:
        return Question(lines, others=others, leave=CLOSE)
    return Question(lines, Choice(ACCEPT, "Restore", "active"), others)


def _lines(meant: Restorable, refusal: str | None, now: datetime) -> Callable[[int], Sequence[Line]]:
    aside = meant.aside
    what = "released" if aside.released else "moved away by a process that was interrupted"
    rows = (
        ("repository" if meant.reading.value and meant.reading.value.repo_key else "lock", meant.key),
        ("held by", meant.holder),
        ("set aside", f"{at_time(aside.at, now)}, {age_span(now - aside.at)} ago: {what}"),
        ("file", aside.path),
    )

    def lines(width: int) -> Sequence[Line]:
        above = [*wrapped(f"! {refusal}", width, "warn"), BLANK] if refusal else []
        below = [BLANK, *wrapped("Its lock file is restored unchanged, byte for byte. Nothing is overwritten.", width)]
        return [*above, *labelled(rows, width), *([] if refusal else below)]

    return lines

"""What is asked before a lock that was released gets its name back (contract: the release, step 7)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from clawtui.model.documents.base import EPOCH
from clawtui.model.liveness.consent import holder_of
from clawtui.model.text.units import age_span
from clawtui.operations.locks.restore import Restorable
from clawtui.tui.dialogs.lock_text import at_time, labelled, told, wrapped
from clawtui.tui.dialogs.question import CLOSE, Question
from clawtui.tui.widgets.choices import Choice
from clawtui.tui.widgets.line import BLANK, Line

ACCEPT: Final = "accept"
NEXT: Final = "next"


@dataclass(frozen=True, slots=True)
class Restoration:
    """What could be restored at this instant."""

    meant: Restorable | None = None
    why_not: str | None = None
    """Why it cannot be: its repository is locked again, or nothing is set aside."""
    others: int = 0
    """How many more are set aside."""
    now: datetime = EPOCH
    """When, in the operator's zone."""
    passed: frozenset[str] = frozenset()
    """The tokens of those that the operator did not mean by then."""


def question_of(restoration: Restoration, *, read_only: bool) -> Question:
    """The question about one of them."""
    meant = restoration.meant
    if meant is None:
        return Question(told([(f"! {restoration.why_not}", "warn")]), leave=CLOSE)
    others = (Choice(NEXT, f"Another ({restoration.others} more)"),) if restoration.others else ()
    refusal = "Read-only: nothing is restored here." if read_only else restoration.why_not
    lines = _lines(meant, refusal, restoration.now)
    if refusal is not None:
        return Question(lines, others=others, leave=CLOSE)
    return Question(lines, Choice(ACCEPT, "Restore", "active"), others)


def _lines(meant: Restorable, refusal: str | None, now: datetime) -> Callable[[int], Sequence[Line]]:
    aside = meant.aside
    what = "released" if aside.released else "moved away by a process that was cut short"
    rows = (
        ("repository", meant.key),
        ("held by", holder_of(meant.reading)),
        ("set aside", f"{at_time(aside.at, now)}, {age_span(now - aside.at)} ago: {what}"),
        ("file", aside.path),
    )

    def lines(width: int) -> Sequence[Line]:
        above = [*wrapped(f"! {refusal}", width, "warn"), BLANK] if refusal else []
        below = [BLANK, *wrapped("Its lock stands again as it was, byte for byte. Nothing is overwritten.", width)]
        return [*above, *labelled(rows, width), *([] if refusal else below)]

    return lines

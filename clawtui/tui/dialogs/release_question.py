"""The question before a lock is released, made from the facts about the lock at one instant (contract: the release)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Final

from msgspec import Struct

from clawtui.model.documents.base import EPOCH
from clawtui.model.liveness.consent import Consent, consent_for, is_typed, name_to_type
from clawtui.model.text.command_line import ANYWHERE, CommandLine
from clawtui.operations.locks.report import LockReport
from clawtui.tui.dialogs.lock_text import Lines, lock_lines, sentence_lines, wrapped
from clawtui.tui.dialogs.question import CLOSE, UNDO, Question
from clawtui.tui.widgets.choices import Choice
from clawtui.tui.widgets.line import BLANK, Line, Role

ACCEPT: Final = "accept"
OTHER: Final = "other"


class Look(Struct, frozen=True):
    """Facts about the lock at one instant."""

    path: str = ""
    report: LockReport | None = None
    slot: str = ""
    follows: tuple[str, ...] = ()
    now: datetime = EPOCH
    """The time of this look, in the operator's zone."""
    line: CommandLine = ANYWHERE
    """The beginning of commands for this state directory."""
    why_not: str | None = None
    """The reason why there is no report: the lock is gone, or cannot be read."""


def first_question() -> Question:
    """Return the content until the end of the first look."""
    return Question(lambda width: wrapped("Looking up its holder …", width, "dim"))


def question_of(look: Look, pinned: str | None, note: str | None, *, read_only: bool) -> Question:
    """Return the question about the version `pinned` of the lock, a fingerprint, with `note` above the facts.

    If `look` is at another version, the question is whether to continue with that one.
    """
    report = look.report
    if report is None:
        noted: list[tuple[str, Role]] = [(f"! {note}", "bad")] if note else []
        return Question(sentence_lines([*noted, (f"! {look.why_not}.", "warn")]), leave=CLOSE)
    facts = partial(_facts, look, report)
    if report.fingerprint != pinned or pinned is None:
        remark = _above("! This is another lock by now, and what was asked about is gone. Nothing was done.", "bad")
        return Question(_both(remark, facts), others=(Choice(OTHER, "Look at this one"),))
    above = _above(f"! {note}", "bad") if note else _nothing
    asked = consent_for(report.judged)
    if read_only:
        return Question(_both(above, _above("Read-only: nothing is released here.", "warn"), facts), leave=CLOSE)
    if asked is Consent.LIVE:
        return Question(_both(above, _above(_too_live(report, look.line), "warn"), facts), leave=CLOSE)
    release = Choice(ACCEPT, "Release", "bad")
    if asked is Consent.CONFIRMED:
        return Question(_both(above, facts), release)
    name = name_to_type(report.reading)
    return Question(_both(above, facts), release, to_type=name, is_typed=partial(is_typed, reading=report.reading))


def in_progress(report: LockReport) -> Question:
    """Return the content during the release; the only choice is to close the dialog."""
    return Question(lambda width: wrapped(f"Releasing {name_to_type(report.reading)} …", width), leave=CLOSE)


def overlapped(what: str) -> Question:
    """Return the content after the lock of another run was removed and could not be put back; `what` is the reason."""
    return Question(sentence_lines([("✗ Two runs may overlap.", "bad"), (what, "plain")]), leave=CLOSE)


def result(sentences: Sequence[tuple[str, Role]], *, undo: bool) -> Question:
    """Return the result; `undo` offers to restore the lock."""
    others = (Choice(UNDO, "Undo"),) if undo else ()
    return Question(sentence_lines(sentences), others=others, leave=CLOSE)


def _too_live(report: LockReport, line: CommandLine) -> str:
    key = report.reading.value.repo_key if report.reading.value else report.reading.path
    release = line.command("lock", "release", "--yes", "--force-live", key)
    force = f"To release it all the same: {release}" if release is not None else ""
    return f"Its run is going: it is not released here, and comes free by itself when the run ends. {force}"


def _facts(look: Look, report: LockReport, width: int) -> Sequence[Line]:
    return lock_lines(report.reading, report.judged, look.slot, look.follows, look.now, width)


def _above(text: str, role: Role) -> Lines:
    return lambda width: [*wrapped(text, width, role), BLANK]


def _both(*parts: Lines) -> Lines:
    return lambda width: [line for part in parts for line in part(width)]


def _nothing(width: int) -> Sequence[Line]:
    return ()

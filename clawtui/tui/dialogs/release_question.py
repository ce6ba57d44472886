"""What is asked about a lock that is to be released, by what is known of it at this instant (contract: the release)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from clawtui.model.documents.base import EPOCH
from clawtui.model.liveness.consent import Consent, is_typed, name_to_type, required_consent
from clawtui.model.text.command_line import ANYWHERE, CommandLine
from clawtui.operations.locks.report import LockReport
from clawtui.tui.dialogs.lock_text import Lines, lock_lines, told, wrapped
from clawtui.tui.dialogs.question import CLOSE, Question
from clawtui.tui.widgets.choices import Choice
from clawtui.tui.widgets.line import BLANK, Line, Role

ACCEPT: Final = "accept"
ANEW: Final = "anew"
UNDO: Final = "undo"


@dataclass(frozen=True, slots=True)
class Look:
    """What a look at the lock has shown."""

    path: str = ""
    report: LockReport | None = None
    slot: str = ""
    follows: tuple[str, ...] = ()
    now: datetime = EPOCH
    """When, in the operator's zone."""
    line: CommandLine = ANYWHERE
    """How commands for the state directory are called."""
    why_not: str | None = None
    """Why there is nothing to see: it is gone, or cannot be looked at."""


def looking() -> Question:
    """Until the first look is over."""
    return Question(lambda width: wrapped("Looking who has it …", width, "dim"))


def question_of(look: Look, pinned: str | None, note: str | None, *, read_only: bool) -> Question:
    """The question about the version ``pinned`` of the lock, with a ``note`` above the facts."""
    report = look.report
    if report is None:
        noted: list[tuple[str, Role]] = [(f"! {note}", "bad")] if note else []
        return Question(told([*noted, (f"! {look.why_not}.", "warn")]), leave=CLOSE)
    facts = partial(_facts, look, report)
    if report.fingerprint != pinned or pinned is None:
        said = _above("! This is another lock by now, and what was asked about is gone. Nothing was done.", "bad")
        return Question(_both(said, facts), others=(Choice(ANEW, "Look at this one"),))
    above = _above(f"! {note}", "bad") if note else _nothing
    asked = required_consent(report.judged.verdict)
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
    """While it is released: there is nothing to be chosen but to look away."""
    return Question(lambda width: wrapped(f"Releasing {name_to_type(report.reading)} …", width), leave=CLOSE)


def overlapped(what: str) -> Question:
    """The one case that cannot be put right from here."""
    return Question(told([("✗ Two runs may overlap.", "bad"), (what, "plain")]), leave=CLOSE)


def result(sentences: Sequence[tuple[str, Role]], *, undo: bool) -> Question:
    """What became of it."""
    others = (Choice(UNDO, "Undo"),) if undo else ()
    return Question(told(sentences), others=others, leave=CLOSE)


def _too_live(report: LockReport, line: CommandLine) -> str:
    key = report.reading.value.repo_key if report.reading.value else report.reading.path
    release = line.command("lock", "release", "--yes", "--force-live", key)
    whoever = f"Whoever must: {release}" if release is not None else ""
    return f"Its run is going: it is not released here, and comes free by itself when the run ends. {whoever}"


def _facts(look: Look, report: LockReport, width: int) -> Sequence[Line]:
    return lock_lines(report.reading, report.judged, look.slot, look.follows, look.now, width)


def _above(text: str, role: Role) -> Lines:
    return lambda width: [*wrapped(text, width, role), BLANK]


def _both(*parts: Lines) -> Lines:
    return lambda width: [line for part in parts for line in part(width)]


def _nothing(width: int) -> Sequence[Line]:
    return ()

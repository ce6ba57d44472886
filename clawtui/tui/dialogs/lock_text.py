"""Lines about a lock: the verdict, its holder and the evidence (contract: the release, step 2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.fleet import Fleet, Reading
from clawtui.model.liveness.verdict import MEANING, LockJudgement
from clawtui.model.text.cleaning import displayable
from clawtui.model.text.units import age_span
from clawtui.model.text.width import cell_width, wrap
from clawtui.presentation.roles import VERDICT_ROLE
from clawtui.tui.dialogs.dialog_text import document_lines
from clawtui.tui.panes.locks.verdicts import Verdicts
from clawtui.tui.terminal.glyphs import VERDICT_MARK
from clawtui.tui.widgets.line import BLANK, Line, Role, Span, fit

Lines = Callable[[int], Sequence[Line]]
"""Function that makes lines for a width in cells."""

_LABEL: Final = 12
_MOST_LINES: Final = 4
"""Largest number of lines of one sentence, because a text from a file can have any length."""


def wrapped(text: str, width: int, role: Role = "plain", mark: str = "") -> list[Line]:
    """Return `text` wrapped to `width` cells, with `mark` before the first line and blanks before the others."""
    room = max(20, width - cell_width(mark))
    lines = [line for line in text.split("\n") if line.strip()]
    parts = [part for line in lines for part in wrap(displayable(line), room, max_rows=_MOST_LINES)]
    del parts[_MOST_LINES * 2 :]
    marks = [mark, *[" " * cell_width(mark)] * len(parts)]
    return [fit((Span(before, "dim"), Span(part, role)), width) for before, part in zip(marks, parts, strict=False)]


def sentence_lines(sentences: Sequence[tuple[str, Role]]) -> Lines:
    """Return a function that wraps each of `sentences`, which start on new lines."""
    return lambda width: [line for text, role in sentences for line in wrapped(text, width, role)]


def listed(sentences: Iterable[str], width: int, mark: str = "· ") -> list[Line]:
    """Return `sentences` as a list, each after a mark."""
    return [line for sentence in sentences for line in wrapped(sentence, width, mark=mark)]


def labelled(rows: Iterable[tuple[str, str]], width: int) -> list[Line]:
    """Return the values of `rows`, each after its label."""
    return [line for label, value in rows for line in wrapped(value, width, mark=f"{label:<{_LABEL}}")]


def at_time(instant: datetime, now: datetime) -> str:
    """Return a time in the zone of `now`, with its date unless that is today."""
    local = instant.astimezone(now.tzinfo)
    return f"{local:%H:%M:%S}" if local.date() == now.date() else f"{local:%Y-%m-%d %H:%M:%S}"


def verdict_lines(judged: LockJudgement, width: int) -> list[Line]:
    """Return the verdict as a mark, a word and a sentence, and whether the lock has expired."""
    word = Span(f"{VERDICT_MARK[judged.verdict]} {judged.verdict}", VERDICT_ROLE[judged.verdict])
    expired = (Span(" · ", "dim"), Span("expired", "warn")) if judged.expired else ()
    return [fit((word, Span(f": {MEANING[judged.verdict]}"), *expired), width)]


def lock_lines(
    reading: Reading[RepositoryLock],
    judged: LockJudgement,
    slot: str,
    follows: Sequence[str],
    now: datetime,
    width: int,
) -> Sequence[Line]:
    """Return the facts about a lock, and the consequences of its release. Times are in the zone of `now`."""
    lines = [*fact_lines(reading, judged, slot, now, width), BLANK]
    return [*lines, (Span("If it is released", "strong"),), *listed(follows, width, mark="→ ")]


def fact_lines(
    reading: Reading[RepositoryLock], judged: LockJudgement, slot: str, now: datetime, width: int
) -> Sequence[Line]:
    """Return the verdict, the holder, and the evidence for the verdict."""
    rows = labelled(_rows(reading, judged, slot, now), width)
    return [*verdict_lines(judged, width), BLANK, *rows, BLANK, *listed(judged.facts, width)]


def _rows(
    reading: Reading[RepositoryLock], judged: LockJudgement, slot: str, now: datetime
) -> Iterator[tuple[str, str]]:
    lock = reading.value
    if lock is None:
        yield "file", reading.path
        return
    yield "repository", lock.field_text("repo_key")
    yield "automation", lock.field_text("automation_id")
    yield "session", lock.field_text("session_id")
    yield "process", f"pid {lock.field_text('pid')} on {lock.field_text('hostname')}"
    if lock.knows("acquired_at"):
        yield "taken", f"{at_time(lock.acquired_at, now)}, {age_span(lock.age(now))} ago"
    last = judged.last_sign
    yield "last sign", f"{at_time(last, now)}, {age_span(now - last)} ago" if last else "none since it was taken"
    yield "slot", slot


def lock_detail_lines(fleet: Fleet, verdicts: Verdicts, path: str, width: int) -> Sequence[Line]:
    """Return the facts about the lock at `path` and its content, or that it is gone."""
    reading = fleet.locks.get(path)
    if reading is None:
        return ((Span("It is gone: its holder released it, or it was removed.", "dim"),),)
    lock, judged = reading.value, verdicts.on(path, reading)
    slots = [str(slot.slot_number) for slot in fleet.slots if lock is not None and slot.session_id == lock.session_id]
    facts = (
        fact_lines(reading, judged, " and ".join(slots) or "none", verdicts.at, width)
        if judged is not None
        else [(Span("not judged yet", "dim"),)]
    )
    return [*facts, BLANK, *document_lines([(path, lock)])] if lock is not None else facts

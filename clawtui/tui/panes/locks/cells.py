"""The row of a lock: the verdict, then the holder and the age."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.fleet import Reading
from clawtui.model.liveness.verdict import LockJudgement, Verdict
from clawtui.model.text.units import age_span
from clawtui.presentation.roles import VERDICT_ROLE
from clawtui.tui.panes.locks.verdicts import verdict_of
from clawtui.tui.terminal.glyphs import VERDICT_MARK
from clawtui.tui.widgets.line import BLANK, Line, Role, Span
from clawtui.tui.widgets.table_layout import Column

COLUMNS: Final = (
    Column("VERDICT", 10),
    Column("LOCKED REPOSITORY", 20, share=3, keeps_end=True),
    Column("HELD BY", 14, share=2, needs=66),
    Column("HOST:PID", 14, share=1, needs=94),
    Column("AGE", 6, align="right"),
    Column("LAST SIGN", 9, align="right", needs=76),
    Column("", 7),
)


def verdict_line(verdict: Verdict | None) -> Line:
    """Return ``✗ orphaned``; ``…`` for None."""
    if verdict is None:
        return (Span("  …", "dim"),)
    return (Span(f"{VERDICT_MARK[verdict]} {verdict}", VERDICT_ROLE[verdict]),)


def next_of(count: int, word: str, role: Role) -> Span:
    """Return the number of rows that `word` is about, for the title; a click goes to the next of them."""
    return Span(f"{count} {word}", role, click=f"go_to_row({word!r})")


def lock_cells(
    reading: Reading[RepositoryLock], judged: LockJudgement | None, now: datetime, timeout: timedelta | None
) -> Sequence[Line]:
    """Return the row of one lock, a line for each of `COLUMNS`; `timeout` is the age at which it counts as expired."""
    verdict = verdict_line(verdict_of(reading, judged))
    lock = reading.value
    if lock is None:
        why = reading.problem.message if reading.problem else "cannot be read"
        name = reading.path.removeprefix("locks/")
        return (verdict, (Span(name), Span(f"  {why}", "dim")), BLANK, BLANK, BLANK, BLANK, BLANK)
    expired = lock.expired(now, timeout)
    age = age_span(lock.age(now)) if lock.knows("acquired_at") else "unknown"
    return (
        verdict,
        (Span(lock.repo_key or reading.path.removeprefix("locks/")),),
        (Span(lock.field_text("automation_id")),),
        (Span(f"{lock.field_text('hostname')}:{lock.field_text('pid')}", "dim"),),
        (Span(age, "warn" if expired else "plain"),),
        _last_sign(judged, now),
        (Span("expired", "warn"),) if expired else BLANK,
    )


def _last_sign(judged: LockJudgement | None, now: datetime) -> Line:
    if judged is None:
        return BLANK
    if judged.last_sign is None:
        return (Span("none", "dim"),)
    return (Span(f"{age_span(now - judged.last_sign)} ago"),)

"""Runs in progress and lock files of a stock gateway as rows of the locks pane."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct

from clawtui.model.documents.base import EPOCH
from clawtui.model.gateway.owner import OwnerJudgement, OwnerVerdict
from clawtui.model.gateway.report import GatewayReport
from clawtui.model.liveness.verdict import MEANING
from clawtui.model.text.units import age_span
from clawtui.presentation.roles import VERDICT_ROLE
from clawtui.tui.panes.locks.cells import held_columns, next_of
from clawtui.tui.terminal.glyphs import SLOT_USED, VERDICT_MARK
from clawtui.tui.widgets.line import BLANK, Line, Role, Span
from clawtui.tui.widgets.table_layout import Column

COLUMNS: Final = held_columns("WHAT", "OF")


class Held(Struct, frozen=True):
    """One run in progress, or one lock file, with the verdict on its owner."""

    key: str
    """``run ID`` or ``lock PATH``."""
    what: str
    of: str
    pid: int | None
    since: datetime | None
    judgement: OwnerJudgement | None
    """None until it is judged."""
    expired: bool = False

    @property
    def can_be_released(self) -> bool:
        """Whether it is a lock file below the root whose owner cannot be alive."""
        return self.verdict == "orphaned" and self.key.startswith("lock ") and not self.key.startswith("lock /")

    @property
    def verdict(self) -> OwnerVerdict | None:
        """The verdict on its owner; None until it is judged."""
        return self.judgement.verdict if self.judgement is not None else None


def all_held(report: GatewayReport) -> tuple[Held, ...]:
    """Return the runs in progress, then the lock files."""
    held = []
    for run in report.state.going:
        pid = run.owner.pid if run.owner is not None else None
        name = report.state.name_of(run.job_id)
        word = "run" if run.status == "running" else run.status
        judged = report.owners.get(run.id)
        held.append(Held(f"run {run.id}", f"{word} of {name}", f"{run.source} {run.id}", pid, run.started, judged))
    for each in report.locks:
        lock = each.lock
        expired = lock.is_expired(report.now)
        of = f"{lock.kind} lock" + (" (outside)" if lock.outside else "")
        held.append(Held(f"lock {lock.path}", lock.path, of, lock.pid, lock.created, each.judgement, expired))
    return tuple(held)


class HeldViewModel:
    """Content of the locks pane for a stock gateway."""

    def __init__(self, report: GatewayReport) -> None:
        self.report = report
        self._held = {each.key: each for each in all_held(report)}

    @property
    def columns(self) -> Sequence[Column]:
        """The columns of the table."""
        return COLUMNS

    def has_same_rows(self, last: object) -> bool:
        """Return False: the rows are few, and are sorted again after each change."""
        return False

    def keys(self, query: str, sort: str, *, reverse: bool) -> list[str]:
        """Return the keys of the rows whose text contains `query`, sorted by urgency, name or age."""
        keys = [key for key, held in self._held.items() if query in _searched_text(held)]
        keys.sort(key=lambda key: _order(sort, self._held[key]), reverse=reverse)
        return keys

    @property
    def count(self) -> int:
        """The number of runs in progress and lock files."""
        return len(self._held)

    @property
    def is_idle(self) -> bool:
        """Whether there is neither a run in progress nor a lock file."""
        return not self._held

    def marks(self, keys: Sequence[str]) -> list[tuple[int, Role]]:
        """Return the positions in `keys` of the rows that need attention, each with the role of its verdict."""
        verdicts = enumerate(self._held[key].verdict for key in keys)
        return [(row, VERDICT_ROLE[one]) for row, one in verdicts if one is not None and one not in ("live", "foreign")]

    def held(self, key: str | None) -> Held | None:
        """Return the row with the key; None if there is none."""
        return self._held.get(key or "")

    def cells(self, key: str, now: datetime) -> Sequence[Line]:
        """Return a row, a line for each of `COLUMNS`."""
        held = self._held[key]
        verdict: Line = (Span("  …", "dim"),)
        if held.verdict is not None:
            verdict = (Span(f"{VERDICT_MARK[held.verdict]} {held.verdict}", VERDICT_ROLE[held.verdict]),)
        host = held.judgement.host if held.judgement is not None else None
        place = "" if held.pid is None else f"{host or ''}:{held.pid}"
        last = held.judgement.last_sign if held.judgement is not None else None
        return (
            verdict,
            (Span(held.what),),
            (Span(held.of, "dim"),),
            (Span(place, "dim"),),
            (
                Span(
                    "unknown" if held.since is None else age_span(now - held.since), "warn" if held.expired else "plain"
                ),
            ),
            (Span("none", "dim") if last is None else Span(f"{age_span(now - last)} ago"),),
            (Span("expired", "warn"),) if held.expired else BLANK,
        )

    def totals(self, now: datetime) -> Line:
        """Return the numbers of rows, and of each verdict."""
        counts = Counter(held.verdict for held in self._held.values())
        facts: list[Span] = []
        for verdict in MEANING:
            if counts[verdict]:
                facts += [Span(" · ", "dim"), next_of(counts[verdict], verdict, VERDICT_ROLE[verdict])]
        return tuple(facts)

    def words(self, key: str, now: datetime) -> Collection[str]:
        """Return the words of `totals` that count the row with the key."""
        return {str(self._held[key].verdict)}

    def slots_used(self) -> Line:
        """Return the number of runs in progress; a stock gateway has no maximum."""
        return (Span(f"{len(self.report.state.going)} running", "dim"),)

    def slot_lines(self, now: datetime) -> Sequence[Line]:
        """Return a line for each run in progress."""
        lines: list[Line] = [(Span("RUNNING", "dim"),)]
        for run in self.report.state.going:
            age = Span(f"{SLOT_USED} {age_span(now - run.started):>6}  ", "active")
            lines.append((age, Span(self.report.state.name_of(run.job_id))))
        return lines if len(lines) > 1 else [*lines, (Span("nothing runs", "dim"),)]


_URGENCY: Final = (*MEANING, None)


def _order(sort: str, held: Held) -> tuple[object, ...]:
    if sort == "repository":
        return (held.what, held.key)
    since = held.since or EPOCH
    return (since, held.key) if sort == "age" else (_URGENCY.index(held.verdict), since, held.key)


def _searched_text(held: Held) -> str:
    return f"{held.key} {held.what} {held.of} {held.verdict or ''}".casefold()

"""The view model of the locks pane: the locks as rows, filtered and sorted, and their totals."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from msgspec import Struct, field

from clawtui.model.documents.base import EPOCH
from clawtui.model.documents.concurrency import ConcurrencyState
from clawtui.model.documents.dispatcher import DEFAULT_LOCK_TIMEOUT
from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.fleet import Reading
from clawtui.model.liveness.verdict import MEANING, Verdict
from clawtui.model.text.units import natural_key
from clawtui.presentation.roles import VERDICT_ROLE
from clawtui.tui.panes.locks.cells import COLUMNS, lock_cells, next_of, slot_lines
from clawtui.tui.panes.locks.verdicts import Verdicts
from clawtui.tui.widgets.line import Line, Role, Span
from clawtui.tui.widgets.table_layout import Column

SORTS: Final = ("urgency", "repository", "age")
SORTED_COLUMNS: Final[Mapping[str, Sequence[int]]] = {"repository": (1,), "age": (4,)}
_URGENCY: Final[tuple[Verdict | None, ...]] = (*MEANING, None)


class LocksViewModel(Struct, frozen=True):
    """Content of the pane: the locks and slots, and the verdicts on them."""

    locks: Mapping[str, Reading[RepositoryLock]] = field(default_factory=dict)
    """The locks by their paths relative to ``automations/``, which are the keys of the rows."""
    timeout: timedelta | None = DEFAULT_LOCK_TIMEOUT
    """The age at which the gateway treats a lock as expired; None for never."""
    concurrency: Reading[ConcurrencyState] | None = None
    verdicts: Verdicts = field(default_factory=Verdicts)

    @property
    def columns(self) -> Sequence[Column]:
        """The columns of the table."""
        return COLUMNS

    def has_same_rows(self, last: object) -> bool:
        """Return whether the rows and their order are those of `last`."""
        return (
            isinstance(last, LocksViewModel)
            and self.locks is last.locks
            and self.verdicts.readings is last.verdicts.readings
            and self.verdicts.has_same_words(last.verdicts)
        )

    def keys(self, query: str, sort: str, *, reverse: bool) -> list[str]:
        """Return the keys of the locks whose text contains `query`, sorted by one of `SORTS`."""
        keys = [key for key in self.locks if query in self._searched_text(key)]
        keys.sort(key=lambda key: self._order(sort, key), reverse=reverse)
        return keys

    @property
    def count(self) -> int:
        """The number of locks."""
        return len(self.locks)

    @property
    def is_idle(self) -> bool:
        """Whether there is no lock, no used slot, and no unreadable file."""
        slots = self.concurrency
        return not self.locks and (slots is None or (slots.value is not None and not slots.value.active_slots))

    def marks(self, keys: Sequence[str]) -> list[tuple[int, Role]]:
        """Return the positions in `keys` of the locks that need attention, each with the role of its verdict."""
        verdicts = enumerate(map(self._verdict, keys))
        return [(row, VERDICT_ROLE[verdict]) for row, verdict in verdicts if verdict not in (None, "live", "foreign")]

    def cells(self, key: str, now: datetime) -> Sequence[Line]:
        """Return the row of one lock."""
        reading = self.locks[key]
        return lock_cells(reading, self.verdicts.on(key, reading), now, self.timeout)

    def totals(self, now: datetime) -> Line:
        """Return the numbers of locks of each verdict, and of expired locks."""
        facts: list[Span] = []
        totals = self.verdicts.totals(self.locks, self.timeout)
        for verdict in MEANING:
            if count := totals.by_verdict[verdict]:
                facts += [Span(" · ", "dim"), next_of(count, verdict, VERDICT_ROLE[verdict])]
        if expired := totals.expired(now):
            facts += [Span(" · ", "dim"), next_of(expired, "expired", "warn")]
        return tuple(facts)

    def slot_lines(self, now: datetime) -> Sequence[Line]:
        """Return a line for each slot."""
        return slot_lines(self.concurrency, self.verdicts, now)

    def slots_used(self) -> Line:
        """Return the number of used slots and of all slots."""
        state = self.concurrency.value if self.concurrency else None
        text = (
            f"slots {len(state.active_slots)}/{state.max_slots} used"
            if state and state.knows("active_slots")
            else "slots unknown"
        )
        return (Span(text, "dim", click="app.command('dispatcher')"),)

    def words(self, key: str, now: datetime) -> Collection[str]:
        """Return the words of `totals` that count the lock."""
        lock, verdict = self.locks[key].value, self._verdict(key)
        expired = lock is not None and lock.expired(now, self.timeout)
        return {*((verdict,) if verdict is not None else ()), *(("expired",) if expired else ())}

    def _verdict(self, key: str) -> Verdict | None:
        return self.verdicts.word(key, self.locks[key])

    def _order(self, sort: str, key: str) -> tuple[object, ...]:
        lock = self.locks[key].value
        acquired = lock.acquired_at if lock else EPOCH
        if sort == "repository":
            return natural_key(lock.repo_key if lock else key)
        if sort == "age":
            return (acquired, key)
        return (_URGENCY.index(self._verdict(key)), acquired, key)

    def _searched_text(self, key: str) -> str:
        lock = self.locks[key].value
        text = f"{lock.repo_key} {lock.automation_id} {lock.hostname}" if lock else ""
        return f"{key} {text} {self._verdict(key) or ''}".casefold()

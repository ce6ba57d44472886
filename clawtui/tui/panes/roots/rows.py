"""The rows of one root in the table of several roots."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from msgspec.structs import replace

from clawtui.model.documents.base import EPOCH
from clawtui.model.fleet import Automation
from clawtui.model.listed_root import ListedRoot
from clawtui.model.text.units import LATEST, natural_key, rough_span
from clawtui.presentation.roles import ROOT_ROLE
from clawtui.tui.panes.automations.cells import CellRoom, cells
from clawtui.tui.panes.automations.pane import AutomationsViewModel
from clawtui.tui.panes.automations.row_values import SORTS as AUTOMATION_SORTS
from clawtui.tui.panes.automations.rows import AutomationRows
from clawtui.tui.panes.gateway.jobs import JobsViewModel
from clawtui.tui.panes.roots.content import RootContent
from clawtui.tui.terminal.glyphs import PROBLEM
from clawtui.tui.widgets.line import BLANK, Line, Role, Span

SORTS: Final = ("urgency", "root", *AUTOMATION_SORTS[1:])
_SCHEDULE: Final = 2
"""The position of the cell of a job that has no column here."""
_AFTER_ALL: Final = 9
_FAILED: Final = 1
"""Ranks of a root's own row: after all automations, and among those that failed."""


class RowFilter(NamedTuple):
    """A filter and an order."""

    text: str = ""
    """The text that a row must contain, in lower case."""
    roots: tuple[str, ...] = ()
    """The beginnings of the names of the roots that are shown, in lower case; empty for all."""
    sort: str = SORTS[0]


class Alarms(NamedTuple):
    """The numbers that the header shows of a root."""

    failed: int
    running: int
    others: int
    """Files that cannot be read, and locks that need attention."""


def parse_filter(text: str, sort: str, names: Sequence[str]) -> RowFilter:
    """Return the filter in ``text``: each word ``root:NAME`` selects roots, the rest is the text of the rows.

    NAME is the name of a root, or the beginning of several. ``names`` are those of all roots.
    """
    words = text.split()
    selected = tuple(word.removeprefix("root:") for word in words if word.startswith("root:") and word != "root:")
    known = {name.casefold() for name in names}
    exact = tuple(name for name in selected if name in known)
    rest = " ".join(word for word in words if not word.startswith("root:"))
    return RowFilter(rest, exact or selected, sort)


class RootRows:
    """The rows of one root by key; the empty key is that of the root's own row."""

    def __init__(self, content: RootContent, position: int) -> None:
        """Show ``content``; ``position`` is that of the root in the list."""
        self.content = content
        self.position = position
        self.alarms = Alarms(0, 0, 0)
        self._rows = AutomationRows()
        self._sorted: tuple[RowFilter, Sequence[tuple[tuple[object, ...], str]]] | None = None

    @property
    def root(self) -> ListedRoot:
        """The root."""
        return self.content.root

    @property
    def _values(self) -> AutomationRows | JobsViewModel:
        shown = self.content.shown
        return shown if isinstance(shown, JobsViewModel) else self._rows

    @property
    def count(self) -> int:
        """The number of rows: the automations, and the root's own row if it has one."""
        return self._values.count + (self.content.notice is not None)

    def show(self, content: RootContent) -> bool:
        """Show a new state; return whether the table must be filtered and sorted again."""
        last, self.content = self.content, content
        shown, moved = content.shown, last.notice != content.notice
        if isinstance(shown, JobsViewModel):
            moved = True
        else:
            moved = self._rows.update(shown.automations, shown.workspaces) or moved
        moved = moved or type(shown) is not type(last.shown)
        if moved:
            self._sorted = None
        failed, running = self._values.count_failed(), self._values.count_running()
        others = content.problems + content.locks
        self.alarms = Alarms(failed, 0 if content.is_stale else running, others)
        return moved

    def show_round_trip(self, round_trip: timedelta | None) -> None:
        """Show another round-trip time, which is in no row."""
        self.content = replace(self.content, round_trip=round_trip)

    def sorted_keys(self, filter: RowFilter) -> Sequence[tuple[tuple[object, ...], str]]:
        """Return the keys of the rows that pass the filter, each after its sort key, in ascending order."""
        if self._sorted is None or self._sorted[0] != filter:
            self._sorted = (filter, sorted(self._find(filter)))
        return self._sorted[1]

    def _find(self, filter: RowFilter) -> list[tuple[tuple[object, ...], str]]:
        name = self.root.name.casefold()
        if filter.roots and not any(name.startswith(each) for each in filter.roots):
            return []
        is_named = bool(filter.text) and filter.text in name
        sort = AUTOMATION_SORTS[0] if filter.sort == "root" else filter.sort
        keys = self._values.keys("" if is_named else filter.text, sort, reverse=False)
        found = [(self._values.order_of(key, sort), key) for key in keys]
        notice = self.content.notice
        if notice is not None and (is_named or filter.text in notice.text.casefold()):
            found.append((self._own_order(sort), ""))
        if filter.sort == "root":
            return [((self.position, bool(key), *order), key) for order, key in found]
        return found

    def _own_order(self, sort: str) -> tuple[object, ...]:
        natural = natural_key(self.root.name)
        if sort == "name":
            return natural
        if sort == "due":
            return (LATEST, natural)
        if sort == "last run":
            return (0.0, natural)
        return (_FAILED if self.content.is_stale else _AFTER_ALL, EPOCH, "")

    def has_failed(self, key: str) -> bool:
        """Return whether a row needs a look."""
        return self._values.has_failed(key) if key else self.content.is_stale

    def mark(self, key: str) -> Role | None:
        """Return the role in which the scroll bar shows a row; None for one that needs no look."""
        if self.has_failed(key):
            return "bad"
        marks = self._values.marks([key]) if key and not self.content.is_stale else ()
        return marks[0][1] if marks else None

    def automation(self, key: str) -> Automation | None:
        """Return the automation at a key; None for a job of a stock gateway, and for the root's own row."""
        shown = self.content.shown
        return shown.automations.get(key) if isinstance(shown, AutomationsViewModel) else None

    def cells(self, key: str, now: datetime, room: CellRoom) -> Sequence[Line]:
        """Return a row, a line for each column."""
        name: Line = (Span(self.root.name, ROOT_ROLE[self.root.colour]),)
        mark, *others = self._cells(key, now + self.content.ahead, room) if key else self._own_cells(now)
        if key and self.content.is_stale:
            return ((Span("?", "dim"),), name, *(_dimmed(cell) for cell in others))
        return (mark, name, *others)

    def _cells(self, key: str, now: datetime, room: CellRoom) -> Sequence[Line]:
        shown = self.content.shown
        if isinstance(shown, JobsViewModel):
            row = shown.cells(key, now)
            return (*row[:_SCHEDULE], *row[_SCHEDULE + 1 :])
        automation = shown.automations[key]
        workspace, skip = shown.workspaces.get(automation.id), shown.skips.get(automation.id)
        return cells(automation, workspace, skip, now, shown.going.get(automation.id), room)

    def _own_cells(self, now: datetime) -> Sequence[Line]:
        notice = self.content.notice
        if notice is None:
            return (BLANK,) * 7
        if notice.condition != "unreachable":
            return ((Span("·", "dim"),), (Span(notice.text, "dim"),), *(BLANK,) * 5)
        since = "" if notice.since is None else f" for {rough_span(now - notice.since)}"
        is_lost = notice.heading in ("unreachable", "missing", "empty")  # else the text says what the host lacks
        text = f"{notice.heading}{since}: {notice.text}" if is_lost else notice.text
        return ((Span(PROBLEM, "bad"),), (Span(text, "bad"),), *(BLANK,) * 5)


def _dimmed(line: Line) -> Line:
    return tuple(replace(span, role="dim") for span in line)

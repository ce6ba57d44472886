"""The rows of all roots in one order, by keys that name a root and a row of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from clawtui.model.listed_root import ListedRoot
from clawtui.model.text.cleaning import displayable
from clawtui.model.text.width import cell_width
from clawtui.tui.panes.automations.cells import CellRoom
from clawtui.tui.panes.roots.content import RootContent, RootNotice
from clawtui.tui.panes.roots.rows import RootRows, parse_filter
from clawtui.tui.widgets.line import Line, Role, Span


class AllRows:
    """The rows of each root by the root's name. A key of the table is the root's name, NUL, and the key there."""

    def __init__(self, roots: Sequence[ListedRoot]) -> None:
        """Begin with roots that are being read."""
        reading = RootNotice("reading", "reading …")
        self.roots = {root.name: RootRows(RootContent(root, notice=reading), at) for at, root in enumerate(roots)}
        """The rows of each root by its name."""

    @staticmethod
    def key(root: str, key: str) -> str:
        """Return the key in the table of a row of a root; ``key`` is empty for the root's own row."""
        return f"{root}\0{key}"

    def find(self, joined: str) -> tuple[RootRows, str]:
        """Return the root of a key in the table, and the key there."""
        root, _, key = joined.partition("\0")
        return self.roots[root], key

    def keys(self, text: str, sort: str, *, reverse: bool) -> list[str]:
        """Return the keys of the rows that the filter ``text`` selects, in the order ``sort``."""
        filter = parse_filter(text, sort, tuple(self.roots))
        parts = [
            (sort_key, self.key(name, key))
            for name, rows in self.roots.items()
            for sort_key, key in rows.sorted_keys(filter)
        ]
        return [key for _, key in sorted(parts, reverse=reverse)]

    @property
    def count(self) -> int:
        """The number of rows without a filter."""
        return sum(rows.count for rows in self.roots.values())

    @property
    def name_width(self) -> int:
        """The cells of the longest name of a root."""
        return max((cell_width(displayable(name)) for name in self.roots), default=0)

    def has_failed(self, joined: str) -> bool:
        """Return whether a row needs a look."""
        rows, key = self.find(joined)
        return rows.has_failed(key)

    def marks(self, keys: Sequence[str]) -> list[tuple[int, Role]]:
        """Return the positions in ``keys`` of the rows that are urgent, each with the role of its mark."""
        marks: list[tuple[int, Role]] = []
        for position, joined in enumerate(keys):
            rows, key = self.find(joined)
            if (role := rows.mark(key)) is not None:
                marks.append((position, role))
        return marks

    def totals(self) -> Line:
        """Return the numbers of roots that are unreachable, missing or empty, and of automations that failed or run.

        The least expected number is first, because the end is cut where there is little room.
        """
        counts: Counter[str] = Counter()
        for rows in self.roots.values():
            counts["running"] += rows.alarms.running
            counts["failed"] += rows.alarms.failed
            if rows.content.is_stale and rows.content.notice is not None:
                counts[rows.content.notice.heading] += 1
        roles: dict[str, Role] = dict.fromkeys(sorted({*counts} - {"failed", "running"}, reverse=True), "bad")
        roles |= {"failed": "bad", "running": "active"}
        return tuple(
            span
            for word, role in roles.items()
            if counts[word]
            for span in (Span(" · ", "dim"), Span(f"{counts[word]} {word}", role))
        )

    def cells(self, joined: str, now: datetime, room: CellRoom) -> Sequence[Line]:
        """Return a row, a line for each column."""
        rows, key = self.find(joined)
        return rows.cells(key, now, room)

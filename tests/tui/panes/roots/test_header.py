"""The top line over several roots, where it has no room for all of them."""

from __future__ import annotations

from clawtui.model.documents.base import EPOCH
from clawtui.model.listed_root import ListedRoot
from clawtui.tui.panes.automations.cells import CellRoom
from clawtui.tui.panes.roots.content import RootContent, RootNotice
from clawtui.tui.panes.roots.header import RootsHeader
from clawtui.tui.panes.roots.rows import Alarms, RootRows
from clawtui.tui.widgets.line import Span


def root(position: int, *, failed: int = 0, unreachable: bool = False, heading: str = "unreachable") -> RootRows:
    text = "no clawtui there: install it"
    notice = RootNotice("unreachable", text, EPOCH, heading) if unreachable else None
    rows = RootRows(RootContent(ListedRoot(f"root-{position}", "", "blue"), notice=notice), position)
    rows.alarms = Alarms(failed, 0, 0)
    return rows


def test_roots_that_cannot_be_reached_stay_and_alarms_that_do_not_fit_are_counted_in_red() -> None:
    header = RootsHeader()
    failing = [root(number, failed=2) for number in range(9)]
    header.show([root(20), *failing, root(21, unreachable=True)], EPOCH, read_only=False)
    for width in range(50, 120, 5):
        line = header.content.make_line(0, width)
        text = "".join(span.text for span in line)
        assert "root-21 unreachable" in text
        assert "root-20" not in text
        more = next(span for span in line if "more" in span.text)
        assert more == Span(more.text, "bad")
    header.show([root(number) for number in range(20)], EPOCH, read_only=False)
    assert next(span for span in header.content.make_line(0, 60) if "more" in span.text).role == "dim"


def test_a_root_whose_host_lacks_clawtui_is_not_called_unreachable() -> None:
    header, lacking = RootsHeader(), root(1, unreachable=True, heading="no clawtui")
    header.show([lacking], EPOCH, read_only=False)
    assert "root-1 no clawtui" in "".join(span.text for span in header.content.make_line(0, 100))
    cells = lacking.cells("", EPOCH, CellRoom())
    assert "no clawtui there: install it" in str(cells) and "unreachable" not in str(cells)

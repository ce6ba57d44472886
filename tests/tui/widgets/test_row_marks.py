"""The scroll bar: where the visible rows are in the whole, and where the marked ones are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from clawtui.tui.widgets.row_marks import RowMarks


def bar(marks: RowMarks, top: int, height: int, total: int) -> str:
    """Return the column of cells of a view of ``height`` rows."""
    cells = [marks.cell(top + at, top, height, total) for at in range(height)]
    return "".join(cell.text for cell in cells if cell is not None)


def test_there_is_no_bar_if_all_rows_are_visible() -> None:
    assert RowMarks().cell(0, 0, 10, 10) is None


def test_the_thumb_is_at_the_ends_at_the_ends() -> None:
    assert bar(RowMarks(), 0, 5, 50) == "┃││││"
    assert bar(RowMarks(), 45, 5, 50) == "││││┃"


def test_a_mark_is_at_its_part_of_the_whole_in_the_role_of_the_worst() -> None:
    marks = RowMarks()
    marks.show([(22, "active"), (23, "bad"), (49, "active")])
    assert bar(marks, 0, 5, 50) == "┃│■│■"
    cell = marks.cell(2, 0, 5, 50)
    assert cell is not None
    assert cell.role == "bad"


@given(st.integers(2, 60), st.integers(1, 3000), st.data())
def test_every_mark_is_in_the_bar_and_is_counted_once(height: int, more: int, data: st.DataObject) -> None:
    total = height + more
    rows = sorted(data.draw(st.sets(st.integers(0, total - 1), max_size=5)))
    top = data.draw(st.integers(0, more))
    marks = RowMarks()
    marks.show([(row, "bad") for row in rows])
    drawn = bar(marks, top, height, total)
    assert len(drawn) == height
    assert ("■" in drawn) == bool(rows)
    inside = sum(top <= row < top + height for row in rows)
    assert marks.before(top) + inside + marks.after(top + height) == len(rows)

"""The table: the cursor is on a thing, not on a row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App, ComposeResult

from clawtui.tui.widgets.line import Line, line
from clawtui.tui.widgets.line_painter import LINE_CLASSES
from clawtui.tui.widgets.line_table import LineTable
from clawtui.tui.widgets.table_layout import Column, column_widths


class _TableApp(App[None]):
    COMPONENT_CLASSES: ClassVar[set[str]] = set(LINE_CLASSES)

    def __init__(self) -> None:
        super().__init__()
        self.made: list[str] = []
        columns = (Column("NAME", 10, share=1), Column("SIZE", 4, align="right", needs=20))
        self.table = LineTable(columns, self._cells)
        self.chosen: list[str | None] = []

    def compose(self) -> ComposeResult:
        yield self.table

    def _cells(self, key: str) -> Sequence[Line]:
        self.made.append(key)
        return (line(key), line("1"))

    def on_line_table_selected(self, event: LineTable.Selected) -> None:
        self.chosen.append(event.key)


async def test_until_it_is_held_the_cursor_is_on_the_top_row() -> None:
    app = _TableApp()
    async with app.run_test(size=(40, 10)):
        app.table.show_keys(["b", "c"])
        app.table.show_keys(["a", "b", "c"])
        assert app.table.selected == "a"


async def test_the_cursor_stays_on_its_thing_when_rows_reorder() -> None:
    app = _TableApp()
    async with app.run_test(size=(40, 10)) as pilot:
        app.table.show_keys(["a", "b", "c"])
        app.table.move_to(1)
        app.table.show_keys(["c", "a", "b"])
        assert (app.table.selected, app.table.cursor.row) == ("b", 2)
        await pilot.pause()
        assert app.chosen == ["a", "b"]


async def test_the_cursor_stays_near_a_removed_row() -> None:
    app = _TableApp()
    async with app.run_test(size=(40, 10)):
        app.table.show_keys(["a", "b", "c", "d"])
        app.table.move_to(2)
        app.table.show_keys(["a", "b", "d"])
        assert app.table.selected == "d"
        app.table.show_keys(["a"])
        assert app.table.selected == "a"
        app.table.show_keys([])
        assert app.table.selected is None


async def test_the_cursor_is_always_in_sight() -> None:
    app = _TableApp()
    async with app.run_test(size=(40, 6)) as pilot:
        app.table.show_keys([f"k{n:03}" for n in range(200)])
        for row in (150, 3, 199, 0):
            app.table.move_to(row)
            await pilot.pause()
            top = app.table.scroll_offset.y
            assert top <= row < top + app.table.page_rows


async def test_only_rows_in_sight_are_made_however_many_there_are() -> None:
    app = _TableApp()
    async with app.run_test(size=(40, 6)) as pilot:
        app.table.show_keys([f"k{n:06}" for n in range(100_000)])
        await pilot.pause()
        app.made.clear()
        app.table.move_to(50_000)
        await pilot.pause()
        assert len(set(app.made)) <= 2 * app.table.page_rows


async def test_a_click_puts_the_cursor_there() -> None:
    app = _TableApp()
    async with app.run_test(size=(40, 10)) as pilot:
        app.table.show_keys(["a", "b", "c"])
        await pilot.pause()
        await pilot.click(app.table, offset=(5, 3))
        assert app.table.selected == "c"


@pytest.mark.parametrize(
    ("width", "widths"),
    [(40, {0: 34, 1: 4}), (20, {0: 14, 1: 4}), (19, {0: 19})],
)
def test_columns_share_the_room_and_leave_when_there_is_too_little(width: int, widths: dict[int, int]) -> None:
    columns = (Column("NAME", 10, share=1), Column("SIZE", 4, align="right", needs=20))
    assert column_widths(columns, width) == widths


COLUMNS = (
    Column("NAME", 10, share=1),
    Column("NOW", 20, share=2),
    Column("RUNS", 6, share=1, align="right", grows_from=100),
)


@pytest.mark.parametrize(
    ("width", "name", "widths"),
    [
        (50, 40, {0: 13, 1: 27, 2: 6}),  # each its share
        (80, 14, {0: 14, 1: 56, 2: 6}),  # the name no more than it needs
        (120, 14, {0: 14, 1: 80, 2: 22}),  # and the third grows too where there is room
        (120, 4, {0: 10, 1: 84, 2: 22}),  # but none is less than its least width
    ],
)
def test_a_column_gets_no_more_than_its_content_needs(width: int, name: int, widths: dict[int, int]) -> None:
    assert column_widths(COLUMNS, width, needs={0: name, 2: 22}) == widths


@given(st.integers(38, 400), st.dictionaries(st.sampled_from([0, 1, 2]), st.integers(0, 200)))
def test_the_columns_fill_the_table_exactly(width: int, needs: dict[int, int]) -> None:
    widths = column_widths(COLUMNS, width, needs=needs)
    assert sum(widths.values()) + 2 * (len(widths) - 1) == max(width, 40)
    assert all(widths[at] >= column.width for at, column in enumerate(COLUMNS))

"""The shortest encoding draws what it shall, and wastes nothing in cases that can be counted by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawtui.tui.controllers.user.key_map import operations
from tests.bench.b8b_keys import LEFT_OUT, STEPS
from tests.bench.shortest import Grid, shortest
from tests.e2e.screen import Cell, Screen

COLUMNS, ROWS = 9, 3
_COLOURS = st.sampled_from(["default", "red", "c0ffee", "112233"])
_CELLS = st.builds(Cell, st.sampled_from(" aé─"), _COLOURS, _COLOURS, st.booleans(), st.booleans(), st.booleans())
_WIDE = st.builds(lambda cell: (cell._replace(text="変"), cell._replace(text="")), _CELLS)


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    rows = []
    for _ in range(ROWS):
        row: list[Cell] = []
        while len(row) < COLUMNS:
            wide = len(row) < COLUMNS - 1 and draw(st.integers(0, 5)) == 0
            row += draw(_WIDE) if wide else [draw(_CELLS)]
        rows.append(row)
    return rows


@given(st.lists(grids(), min_size=1, max_size=3))
def test_the_encoded_bytes_draw_each_screen_after_the_one_before(screens: list[Grid]) -> None:
    screen = Screen(COLUMNS, ROWS)
    for grid in screens:
        # Each encoding begins with no style on, as a program's frame ends.
        screen.feed(b"\x1b[m" + shortest(screen.cells(), grid))
        assert _seen(screen.cells()) == _seen(grid)


@pytest.mark.parametrize(
    ("before", "after", "bytes_"),
    [
        ("abcdefgh ", "abcdefgh ", b""),
        ("abcdefgh ", "abcXefgh ", b"\x1b[;4HX"),
        ("abcdefgh ", "XbcXefgh ", b"\x1b[HXbcX"),
        ("abcdefgh ", "X       Y", b"\x1b[HX       Y"),
    ],
)
def test_it_takes_the_shorter_way(before: str, after: str, bytes_: bytes) -> None:
    assert shortest(_grid(before), _grid(after)) == bytes_


def test_only_the_changed_parts_of_a_style_are_sent() -> None:
    red = Cell("x", "red", "default", False, False, False)
    after = [[red, red._replace(bold=True), Cell("x", "default", "default", False, False, False)]]
    assert shortest(_grid("   "), after) == b"\x1b[H\x1b[31mx\x1b[1mx\x1b[mx"


def test_every_key_of_the_help_is_pressed() -> None:
    pressed = {step.id for step in STEPS}
    assert set(operations()) - pressed == set(LEFT_OUT)
    assert not pressed - set(operations())


def _grid(text: str) -> Grid:
    return [[Cell(each, "default", "default", False, False, False) for each in text]]


def _seen(grid: Grid) -> list[list[object]]:
    """Return the cells without what a blank does not show."""
    return [
        [
            (cell.text, cell.background) if cell.text in ("", " ") and not cell.underline and not cell.reverse else cell
            for cell in row
        ]
        for row in grid
    ]

"""Which cells of the screen a stretch of output draws."""

from __future__ import annotations

import pyte


class _Touching(pyte.Screen):
    def __init__(self, columns: int, lines: int) -> None:
        super().__init__(columns, lines)
        self.touched: dict[tuple[int, int], str] = {}

    def draw(self, data: str) -> None:
        for character in data:
            self.touched[self.cursor.y, self.cursor.x] = character
            super().draw(character)


def touched_cells(output: bytes, columns: int, lines: int) -> dict[tuple[int, int], str]:
    """Return the row and column of every cell that ``output`` draws, with its character."""
    screen = _Touching(columns, lines)
    pyte.ByteStream(screen).feed(output)
    return screen.touched

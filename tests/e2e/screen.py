"""The output of a program to a terminal: its bytes, and the screen that they draw."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

import pyte
from pyte.screens import wcwidth

Predicate = Callable[[list[str]], object]


class Cell(NamedTuple):
    """One character on the screen and its style; colours are names or six hexadecimal digits."""

    text: str
    foreground: str
    background: str
    bold: bool
    underline: bool
    reverse: bool


class _Filter:
    """Removes what pyte would draw as text or confuse with something else.

    That is: CSI sequences of private kinds (the kitty keyboard's), SGR with colons, OSC other than titles, and
    DCS, APC and their like. A sequence that is still being written waits for its end.
    """

    _DROPPED = re.compile(
        rb"\x1b\[[<=>][0-?]*[ -/]*[@-~]|\x1b\[[0-9;]*:[0-9:;]*m|\x1b\](?![02];).*?(?:\x07|\x1b\\)|\x1b[PX^_].*?\x1b\\",
        re.DOTALL,
    )
    _UNFINISHED = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*|[\]PX^_](?:(?!\x07|\x1b\\).)*)?\Z", re.DOTALL)

    def __init__(self) -> None:
        self._kept = b""

    def pass_on(self, data: bytes) -> bytes:
        data = self._DROPPED.sub(b"", self._kept + data)
        unfinished = self._UNFINISHED.search(data)
        end = unfinished.start() if unfinished else len(data)
        self._kept = data[end:]
        return data[:end]


def _is_wide(text: str) -> bool:
    return bool(text) and wcwidth(text[0]) == 2


def _column_after(cells: Sequence[str], characters: int) -> int:
    """Return the column after so many characters: a cell holds none, one, or one and its combining characters."""
    column = 0
    while characters > 0 or (column < len(cells) and not cells[column]):
        characters -= len(cells[column])
        column += 1
    return column


class Screen:
    """An emulated screen that one thread feeds, and that other threads read and wait for."""

    def __init__(self, cols: int, rows: int) -> None:
        self._emulated = pyte.Screen(cols, rows)
        self._stream = pyte.ByteStream(self._emulated)
        self._filter = _Filter()
        self._received = bytearray()
        self._last_byte_at = time.monotonic()
        self._ended = False
        self._news = threading.Condition()

    def feed(self, data: bytes) -> None:
        """Draw the output of the program."""
        with self._news:
            self._received += data
            self._last_byte_at = time.monotonic()
            self._stream.feed(self._filter.pass_on(data))
            self._news.notify_all()

    def end(self) -> None:
        """Release the waiting threads, because no more output will come."""
        with self._news:
            self._ended = True
            self._news.notify_all()

    def resize(self, cols: int, rows: int) -> None:
        """Change the size of the screen."""
        with self._news:
            self._emulated.resize(rows, cols)

    @property
    def bytes_received(self) -> int:
        """Return how many bytes the program has written so far; also a mark for ``since``."""
        with self._news:
            return len(self._received)

    def since(self, mark: int) -> bytes:
        """Return what the program has written since ``bytes_received`` was ``mark``, as it was sent."""
        with self._news:
            return bytes(self._received[mark:])

    def screen(self) -> list[str]:
        """Return the rows from top to bottom, each as wide as the terminal."""
        with self._news:
            return ["".join(self._cells(row)) for row in range(self._emulated.lines)]

    def _cells(self, row: int) -> list[str]:
        """Return the texts of a row's cells; the second one of a wide character is empty.

        pyte's own ``display`` fails where a wide character was half overwritten; a terminal shows a blank then.
        """
        line = self._emulated.buffer[row]
        cells = [str(line[col].data) for col in range(self._emulated.columns)]
        for col, text in enumerate(cells):
            wide_before = col > 0 and _is_wide(cells[col - 1])
            if wide_before and text:
                cells[col - 1] = " "
            elif not text and not wide_before:
                cells[col] = " "
        return cells

    @property
    def text(self) -> str:
        """Return the whole screen, without the blanks at the ends of its rows."""
        return "\n".join(row.rstrip() for row in self.screen())

    @property
    def title(self) -> str:
        with self._news:
            return str(self._emulated.title)

    @property
    def cursor(self) -> tuple[int, int] | None:
        """Return the row and column of the cursor, from zero; None if it is hidden."""
        with self._news:
            cursor = self._emulated.cursor
            return None if cursor.hidden else (cursor.y, cursor.x)

    def mode(self, number: int) -> bool:
        """Return whether a private mode is on: 1049 is the alternate screen, 1000 the mouse, 2004 bracketed paste."""
        with self._news:
            return number << 5 in self._emulated.mode

    def attributes_at(self, row: int, col: int) -> Cell:
        """Return the cell in a row and a column, counted from zero."""
        with self._news:
            cell = self._emulated.buffer[row][col]
            return Cell(cell.data, cell.fg, cell.bg, cell.bold, cell.underscore, cell.reverse)

    def cells(self) -> tuple[tuple[Cell, ...], ...]:
        """Return all cells, row by row; the second one of a wide character has no text."""
        with self._news:
            return tuple(
                tuple(
                    Cell(text, cell.fg, cell.bg, cell.bold, cell.underscore, cell.reverse)
                    for text, cell in zip(
                        self._cells(row),
                        (self._emulated.buffer[row][column] for column in range(self._emulated.columns)),
                        strict=True,
                    )
                )
                for row in range(self._emulated.lines)
            )

    def locate(self, text: str) -> tuple[int, int]:
        """Return the row and column of the first ``text``. Raises AssertionError if there is none."""
        with self._news:
            for row in range(self._emulated.lines):
                cells = self._cells(row)
                before, found, _ = "".join(cells).partition(text)
                if found:
                    return row, _column_after(cells, len(before))
        raise AssertionError(f"{text!r} is not on the screen:\n{self.text}")

    def wait_for(self, expected: str | Predicate, deadline: float = 30.0) -> list[str]:
        """Wait until ``expected`` is on the screen, or holds for its rows; return the rows.

        Raises AssertionError with the screen after ``deadline`` seconds, or as soon as nothing more can come.
        """
        holds: Predicate = expected if callable(expected) else lambda rows: any(expected in row for row in rows)
        end = time.monotonic() + deadline
        with self._news:
            while not holds(rows := self.screen()):
                left = end - time.monotonic()
                if left <= 0 or self._ended:
                    reason = f"within {deadline} s" if not self._ended else "before the terminal closed"
                    shown = "\n".join(row.rstrip() for row in rows)
                    raise AssertionError(f"{expected!r} did not come {reason}; the screen:\n{shown}")
                self._news.wait(left)
        return rows

    def settle(self, quiet: float = 0.2, deadline: float = 30.0) -> int:
        """Wait until nothing has come for ``quiet`` seconds; return ``bytes_received``, as a mark."""
        end = time.monotonic() + deadline
        with self._news:
            while (silent := time.monotonic() - self._last_byte_at) < quiet and not self._ended:
                if time.monotonic() > end:
                    raise AssertionError(f"the program was never quiet for {quiet} s within {deadline} s")
                self._news.wait(quiet - silent)
            return len(self._received)

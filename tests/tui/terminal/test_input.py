"""Keys are read on a thread that sleeps while there are none, and a lone Escape is never left unread."""

from __future__ import annotations

import os
import select
import threading
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from textual import events
from textual.message import Message

from clawtui.tui.terminal import shutdown
from clawtui.tui.terminal.shutdown import InputEnd, read_input
from tests.waiting import wait_until


class Terminal:
    """A pipe in place of a terminal, and the thread that reads it."""

    def __init__(self, timeouts: list[float | None]) -> None:
        self.reader, self._writer = os.pipe()
        self.end = InputEnd()
        self.keys: list[str] = []
        self.timeouts = timeouts
        self.thread = self.start()

    def start(self) -> threading.Thread:
        thread = threading.Thread(target=read_input, args=(self.reader, self.end, self._take), daemon=True)
        thread.start()
        return thread

    def _take(self, message: Message) -> None:
        if isinstance(message, events.Key):
            self.keys.append(message.key)

    def press(self, keys: bytes) -> None:
        os.write(self._writer, keys)

    def hang_up(self) -> None:
        os.close(self._writer)
        self._writer = -1

    def close(self) -> None:
        self.end.set()
        self.thread.join(5)
        self.end.close()
        os.close(self.reader)
        if self._writer >= 0:
            os.close(self._writer)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    """Yield a terminal that records the timeouts of the waits for it."""
    timeouts: list[float | None] = []

    def wait(readers: list[int], writers: list[int], errors: list[int], timeout: float | None) -> object:
        timeouts.append(timeout)
        return select.select(readers, writers, errors, timeout)

    monkeypatch.setattr(shutdown, "select", SimpleNamespace(select=wait))
    terminal = Terminal(timeouts)
    yield terminal
    terminal.close()


def test_without_input_the_thread_sleeps_without_a_timeout(terminal: Terminal) -> None:
    wait_until(lambda: terminal.timeouts == [None])
    terminal.press(b"j")
    wait_until(lambda: terminal.timeouts[-1] is None and len(terminal.timeouts) == 3)
    assert terminal.keys == ["j"]


@pytest.mark.parametrize("before", [0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3])
def test_a_lone_escape_is_a_key_however_soon_it_follows_another_one(terminal: Terminal, before: float) -> None:
    terminal.press(b"j")
    threading.Event().wait(before)
    terminal.press(b"\x1b")
    wait_until(lambda: terminal.keys == ["j", "escape"])
    terminal.press(b"\x1b[B")
    wait_until(lambda: terminal.keys == ["j", "escape", "down"])


def test_a_letter_in_two_parts_is_one(terminal: Terminal) -> None:
    first, second = bytes([0xC3]), bytes([0xA9])
    terminal.press(first)
    wait_until(lambda: len(terminal.timeouts) >= 2)
    terminal.press(second)
    wait_until(lambda: terminal.keys == ["é"])


def test_the_event_wakes_the_thread_and_another_one_can_follow(terminal: Terminal) -> None:
    wait_until(lambda: terminal.timeouts)
    terminal.end.set()
    terminal.end.set()
    terminal.thread.join(5)
    assert not terminal.thread.is_alive()
    terminal.end.clear()
    terminal.end.clear()
    terminal.thread = terminal.start()
    terminal.press(b"k")
    wait_until(lambda: terminal.keys == ["k"])


def test_the_thread_ends_with_the_input(terminal: Terminal) -> None:
    terminal.hang_up()
    terminal.thread.join(5)
    assert not terminal.thread.is_alive()

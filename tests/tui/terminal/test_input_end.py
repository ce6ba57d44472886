"""The event that has Textual's input thread sleep while there is no input."""

from __future__ import annotations

import os
import select
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from clawtui.tui.terminal import shutdown
from clawtui.tui.terminal.shutdown import InputEnd
from tests.waiting import wait_until


class InputThread:
    """A thread as Textual's, which checks the event before each wait for input. Its waits take no time here."""

    def __init__(self, terminal: int) -> None:
        self.end = InputEnd(terminal)
        self.checks = 0
        self.seen = b""
        self._terminal = terminal
        self.thread = threading.Thread(target=self._run, name="textual-input", daemon=True)

    def _run(self) -> None:
        while not self.end.is_set():
            self.checks += 1
            if select.select([self._terminal], [], [], 0)[0]:
                self.seen += os.read(self._terminal, 1)


class Terminal:
    """A pipe in place of a terminal."""

    def __init__(self) -> None:
        self.reader, self._writer = os.pipe()

    def press(self, key: bytes) -> None:
        os.write(self._writer, key)

    def close(self) -> None:
        os.close(self.reader)
        os.close(self._writer)


@contextmanager
def started(terminal: Terminal) -> Iterator[InputThread]:
    thread = InputThread(terminal.reader)
    thread.thread.start()
    try:
        yield thread
    finally:
        thread.end.set()
        thread.thread.join(5)
        thread.end.close()


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    terminal = Terminal()
    yield terminal
    terminal.close()


@pytest.fixture
def sleeps(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """Record the timeouts of the waits of the event."""
    waits: list[tuple[object, ...]] = []

    def wait(readers: list[int], writers: list[int], errors: list[int], *timeout: float) -> object:
        waits.append(timeout)
        return select.select(readers, writers, errors, *timeout)

    monkeypatch.setattr(shutdown, "select", SimpleNamespace(select=wait))
    return waits


def test_without_input_the_thread_sleeps_without_a_timeout(
    terminal: Terminal, sleeps: list[tuple[object, ...]]
) -> None:
    with started(terminal) as thread:
        wait_until(lambda: sleeps)
        assert sleeps == [()]
        assert thread.checks == 0


def test_after_a_key_it_is_awake_until_escape_has_been_told_from_a_sequence(
    terminal: Terminal, sleeps: list[tuple[object, ...]]
) -> None:
    with started(terminal) as thread:
        terminal.press(b"\x1b")
        wait_until(lambda: len(sleeps) == 2)
        assert thread.seen == b"\x1b"
        assert thread.checks * 0.1 > 0.1 + 0.1, "Textual waits 0.1 s each time, and reports Escape after 0.1 s"
        terminal.press(b"jk")
        wait_until(lambda: thread.seen == b"\x1bjk")


def test_the_event_wakes_it_and_another_thread_can_follow(terminal: Terminal, sleeps: list[tuple[object, ...]]) -> None:
    with started(terminal) as thread:
        wait_until(lambda: sleeps)
        thread.end.set()
        thread.end.set()
        thread.thread.join(5)
        assert not thread.thread.is_alive()
        thread.end.clear()
        thread.end.clear()
        assert not thread.end.is_set()
        next_one = threading.Thread(target=thread._run, name="textual-input", daemon=True)
        next_one.start()
        wait_until(lambda: len(sleeps) == 2)
        assert next_one.is_alive()
        thread.end.set()
        next_one.join(5)
        assert not next_one.is_alive()


def test_another_thread_gets_the_state_at_once(terminal: Terminal) -> None:
    end = InputEnd(terminal.reader)
    assert not end.is_set()
    end.set()
    assert end.is_set()
    end.close()

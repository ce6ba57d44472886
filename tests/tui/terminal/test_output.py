"""Output to real pseudo-terminals that read slowly, or not at all."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import threading
import tty
from collections.abc import Iterator
from contextlib import suppress

import pytest

from clawtui.tui.terminal.output import (
    FINAL_WAIT,
    GIVE_BACK,
    MAX_BEHIND,
    TerminalOutput,
    write_at_once,
)
from tests.waiting import wait_until

FRAME = "#" * 4096


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    """Yield the two ends of a terminal in raw mode: the emulator's and the program's."""
    emulator, program = pty.openpty()
    tty.setraw(program)
    yield emulator, program
    os.close(emulator)
    os.close(program)


def read_to(emulator: int, end: bytes) -> bytes:
    """Return what the terminal shows until `end` comes; fails if it does not come within a time limit."""
    os.set_blocking(emulator, False)
    shown = bytearray()

    def has_come() -> bool:
        with suppress(BlockingIOError):
            shown.extend(os.read(emulator, 1 << 16))
        return end in shown

    wait_until(has_come, what=repr(end))
    return bytes(shown)


def output_thread() -> threading.Thread:
    """Return the thread that writes."""
    return next(thread for thread in threading.enumerate() if thread.name == "terminal-output")


def filled(program: int) -> TerminalOutput:
    """Return an output with more queued than the terminal accepts."""
    output = TerminalOutput(program, lambda: None, "utf-8")
    output.start()
    while not output.draining:
        output.write(FRAME)
    for _ in range(MAX_BEHIND // len(FRAME)):
        output.write(FRAME)
    return output


def test_all_that_was_queued_is_written_before_the_end(terminal: tuple[int, int]) -> None:
    emulator, program = terminal
    output = TerminalOutput(program, lambda: None, "utf-8")
    output.start()
    output.write("last words")
    assert output.stop()
    assert read_to(emulator, b"words") == b"last words"


def test_a_terminal_that_reads_nothing_does_not_keep_it_from_ending(terminal: tuple[int, int]) -> None:
    _, program = terminal
    output = filled(program)
    thread = output_thread()
    assert not output.stop()
    assert not thread.is_alive()


def test_nothing_is_written_after_the_end_to_a_terminal_that_reads_slowly(terminal: tuple[int, int]) -> None:
    emulator, program = terminal
    output = filled(program)
    thread = output_thread()
    ended = threading.Event()

    def read_slowly() -> None:
        while not ended.wait(0.02):
            with suppress(BlockingIOError):
                os.read(emulator, 256)

    os.set_blocking(emulator, False)
    reader = threading.Thread(target=read_slowly)
    reader.start()
    try:
        assert not output.stop(), "a slow terminal takes longer than the last words may"
        assert not thread.is_alive()
        write_at_once(program, GIVE_BACK)
    finally:
        ended.set()
        reader.join()
        output.abandon()
    assert read_to(emulator, GIVE_BACK).endswith(GIVE_BACK)


FILL = """
import os, sys
os.set_blocking(0, False)
print("filling", flush=True)
while True:
    try:
        os.write(0, b"#" * 4096)
    except BlockingIOError:
        pass
"""


def test_the_restoring_sequence_arrives_completely_with_a_full_buffer(terminal: tuple[int, int]) -> None:
    emulator, program = terminal
    with subprocess.Popen([sys.executable, "-c", FILL], stdin=program, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        timer = threading.Timer(FINAL_WAIT / 3, process.kill)
        timer.start()
        write_at_once(program, GIVE_BACK)
        timer.join()
    assert GIVE_BACK in read_to(emulator, GIVE_BACK)

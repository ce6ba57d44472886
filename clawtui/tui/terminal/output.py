"""Output to a terminal that may be slow, stopped or gone, without waiting for it."""

from __future__ import annotations

import os
import select
import sys
import termios
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from clawtui.tui.terminal.ascii_fallback import encode

MAX_BEHIND = 128 * 1024
"""Largest number of queued characters, about ten full screens; output beyond it is dropped."""

FINAL_WAIT = 0.3
"""Seconds that the terminal has at the end to accept the queued output."""

_CHUNK = 4096
_BETWEEN_WRITES = 0.01
"""Seconds between two attempts to restore a terminal that accepts no output."""
_POLL = 100
"""Milliseconds between two checks of the deadline while the terminal accepts no output."""


class TerminalOutput:
    """Queue with a thread that writes it to the terminal, so that `write` never waits.

    When the queue is full, frames are dropped. When the terminal has accepted the rest, `caught_up` is called on the
    thread and must send the whole screen, so that a slow connection shows only the newest state.
    """

    def __init__(self, terminal: int, caught_up: Callable[[], None], encoding: str | None = None) -> None:
        self._encoding = encoding or (sys.__stdout__.encoding if sys.__stdout__ else "utf-8")
        self._terminal = terminal
        self._caught_up = caught_up
        self._waiting: list[str] = []
        self._size = 0
        self._behind = self._gone = False
        self._deadline: float | None = None
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._descriptor = -1

    def start(self) -> None:
        """Start the thread, also again after `stop`. Raises RuntimeError where the system cannot start one."""
        if self._thread is not None:
            return
        self._deadline = None
        self._gone = self._behind = False
        self._descriptor = open_for_writing(self._terminal)
        thread = threading.Thread(target=self._run, name="terminal-output", daemon=True)
        try:
            thread.start()
        except RuntimeError:
            os.close(self._descriptor)
            raise
        self._thread = thread

    def write(self, text: str) -> None:
        """Queue `text`, or drop it where more than `MAX_BEHIND` characters are queued already."""
        with self._changed:
            if self._behind or self._gone:
                return
            if self._size > MAX_BEHIND:
                self._behind = True
                return
            self._waiting.append(text)
            self._size += len(text)
            self._changed.notify()

    @property
    def draining(self) -> bool:
        """Whether the terminal has not accepted all queued output yet."""
        return self._size > 0 and not self._gone

    def skip_frames(self) -> None:
        """Drop the queued output; later output is queued as usual."""
        with self._changed:
            self._waiting.clear()
            self._size = 0
            self._behind = False

    def stop(self) -> bool:
        """End the thread when all is written, or after `FINAL_WAIT` seconds; return whether all was written."""
        return self._end_thread(FINAL_WAIT)

    def abandon(self) -> None:
        """End the thread at once; output that the terminal has not accepted is dropped."""
        self._end_thread(0)

    def _end_thread(self, seconds: float) -> bool:
        thread, self._thread = self._thread, None
        if thread is None:
            return True
        with self._changed:
            self._deadline = time.monotonic() + seconds
            self._changed.notify()
        thread.join(2 * FINAL_WAIT)
        return not self._gone and not thread.is_alive()

    def _run(self) -> None:
        try:
            while (text := self._next()) is not None:
                self._send(encode(text, self._encoding))
                if self._has_caught_up():
                    self._caught_up()
        finally:
            os.close(self._descriptor)

    def _next(self) -> str | None:
        """Wait for text and return all of it; None after the end of the output."""
        with self._changed:
            while not self._waiting:
                if self._deadline is not None:
                    return None
                self._changed.wait()
            text = "".join(self._waiting)
            self._waiting.clear()
            return text

    def _has_caught_up(self) -> bool:
        """Return whether output was dropped and the terminal has accepted all the rest now."""
        with self._changed:
            self._size = sum(map(len, self._waiting))
            was_behind = self._behind and not self._waiting
            if was_behind:
                self._behind = False
            return was_behind

    def _send(self, data: bytes) -> None:
        rest = memoryview(data)
        poll = select.poll()
        poll.register(self._descriptor, select.POLLOUT)
        while rest and not self._gone:
            try:
                rest = rest[os.write(self._descriptor, rest[:_CHUNK]) :]
            except BlockingIOError:
                poll.poll(_POLL)
            except OSError:  # the terminal is gone; the watch for its hang-up ends the program
                self._gone = True
            # Also for a slow terminal, because the restoring sequence is written after the end of this thread.
            if rest and self._deadline is not None and time.monotonic() > self._deadline:
                self._gone = True


GIVE_BACK = (
    b"\x18\x1b\\"
    b"\x1b[?2026l\x1b[?2004l\x1b[?7h\x1b[?2048l\x1b[?1000l\x1b[?1002l\x1b[?1006l\x1b[<u\x1b[?1049l\x1b[?25h\x1b[?1004l"
    b"\x1b[23;2t"
)
"""The sequence that ends an incomplete one, then switches off every mode that Textual or this package uses, and
restores the window's title."""


def open_for_writing(terminal: int) -> int:
    """Open `terminal` a second time and return a descriptor that never blocks.

    The given descriptor must stay blocking: it is shared with other processes, such as the shell.
    """
    flags = os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC
    for name in (_name_of(terminal), "/dev/tty"):
        try:
            return os.open(name, flags) if name else os.dup(terminal)
        except OSError:
            continue
    return os.dup(terminal)


def write_at_once(terminal: int, data: bytes) -> None:
    """Write `data`, and discard output that the terminal has not accepted yet.

    Another process, or a thread that is about to end, may fill the terminal's buffer right after it was emptied, so
    this is tried again for at most `FINAL_WAIT` seconds.
    """
    try:
        descriptor = open_for_writing(terminal)
    except OSError:
        return
    rest = memoryview(data)
    deadline = time.monotonic() + FINAL_WAIT
    try:
        while rest and time.monotonic() <= deadline:
            with suppress(termios.error):
                if len(rest) == len(data):  # otherwise the beginning of `data` would be discarded
                    termios.tcflush(terminal, termios.TCOFLUSH)
            try:
                rest = rest[os.write(descriptor, rest) :]
            except BlockingIOError:
                time.sleep(_BETWEEN_WRITES)
    except OSError:
        return
    finally:
        os.close(descriptor)


def _name_of(terminal: int) -> str:
    try:
        return os.ttyname(terminal)
    except OSError:  # a terminal of another container has no name here
        return "/dev/tty"

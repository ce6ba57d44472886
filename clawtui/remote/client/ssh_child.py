"""The process of ssh with an agent at its other end, which is read without ever waiting for it."""

from __future__ import annotations

import os
import selectors
import subprocess
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from typing import IO, Final

from clawtui.model.text.cleaning import clean
from clawtui.remote.command import MAX_PREAMBLE, Unreachable
from clawtui.remote.messages.fields import MAX_LINE, BadMessage
from clawtui.remote.request import read_greeting

_CHUNK: Final = 256 * 1024
_MOST_ERRORS: Final = 8 * 1024
"""Bytes of standard error that are kept."""
_MOST_LINES: Final = 5
_LONGEST_ERROR: Final = 300
"""Lines of them in a message, and the most characters of each."""
_MOST_WAITING: Final = 256 * 1024
"""Bytes of requests that wait for an agent that does not read."""


class SshChild:
    """A started ssh. Its methods do not block; `read` returns whole lines after the greeting.

    Raises Unreachable where the program cannot be started.
    """

    def __init__(self, arguments: Sequence[str], nonce: str, selector: selectors.BaseSelector) -> None:
        try:
            # A session of its own: Ctrl-C and Ctrl-Z on the terminal are for the dashboard.
            self._process = subprocess.Popen(
                arguments,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                start_new_session=True,
            )
        except OSError as error:
            raise Unreachable(f"{arguments[0]} cannot be started: {error.strerror}") from error
        self._nonce = nonce
        self._selector = selector
        self._input, self._output, self._errors = map(
            _require, (self._process.stdin, self._process.stdout, self._process.stderr)
        )
        for pipe in (self._input, self._output, self._errors):
            os.set_blocking(pipe.fileno(), False)
        selector.register(self._output, selectors.EVENT_READ)
        selector.register(self._errors, selectors.EVENT_READ)
        self._held = bytearray()
        self._skipped = 0
        self._waiting = bytearray()
        self._error_bytes: deque[int] = deque(maxlen=_MOST_ERRORS)
        self.greeting: tuple[int, str] | None = None
        """The protocol and the version of the agent; None until it has answered."""
        self.has_ended = False
        """Whether the other end sends nothing any more."""

    def read(self) -> list[bytes]:
        """Return the lines that have come. Raises BadMessage for a line or a preamble that is too long."""
        self._read_errors()
        data = _read(self._output)
        if data == b"":
            self.has_ended = True
        if not data:
            return []
        start = len(self._held)
        self._held += data
        if self._held.find(b"\n", start) < 0:
            if len(self._held) > (MAX_PREAMBLE if self.greeting is None else MAX_LINE):
                raise BadMessage("it sent a line that is too long")
            return []
        *lines, rest = bytes(self._held).split(b"\n")
        self._held = bytearray(rest)
        return self._after_greeting(lines)

    def _after_greeting(self, lines: list[bytes]) -> list[bytes]:
        while self.greeting is None and lines:
            line = lines.pop(0)
            self._skipped += len(line) + 1
            self.greeting = read_greeting(line.decode(errors="replace"), self._nonce)
            if self.greeting is None and self._skipped > MAX_PREAMBLE:
                raise BadMessage("its shell prints too much before clawtui answers")
        return lines

    def write(self, data: bytes) -> None:
        """Send a request as soon as the other end takes it. Raises BadMessage where it takes none for long."""
        self._waiting += data
        if len(self._waiting) > _MOST_WAITING:
            raise BadMessage("it takes no requests")
        self.flush()

    def flush(self) -> None:
        """Send what waits, as far as that is possible now."""
        with suppress(BlockingIOError, BrokenPipeError):
            while self._waiting:
                del self._waiting[: os.write(self._input.fileno(), self._waiting)]

    def last_errors(self) -> Sequence[str]:
        """Return the last lines of standard error, cleaned; none where nothing was printed."""
        self._read_errors()
        lines = bytes(self._error_bytes).decode(errors="replace").splitlines()
        return [text[:_LONGEST_ERROR] for line in lines[-_MOST_LINES:] if (text := clean(line).strip())]

    def end(self) -> int | None:
        """End ssh and close the pipes; return the exit status it had before, or None if it was running."""
        if self._input.closed:
            return self._process.returncode
        for pipe in (self._output, self._errors):
            with suppress(KeyError):
                self._selector.unregister(pipe)
        status = self._process.poll()
        if status is None and self.has_ended:
            with suppress(subprocess.TimeoutExpired):
                status = self._process.wait(0.5)
        for pipe in (self._input, self._output, self._errors):
            with suppress(OSError):
                pipe.close()
        self._stop()
        return status

    def _stop(self) -> None:
        if self._process.poll() is None:
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(0.2)
        if self._process.poll() is None:
            self._process.kill()  # also one that was stopped
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(0.2)

    def _read_errors(self) -> None:
        data = _read(self._errors)
        if data:
            self._error_bytes.extend(data[-_MOST_ERRORS:])
        elif data == b"":
            with suppress(KeyError):
                self._selector.unregister(self._errors)


def _require(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None
    return pipe


def _read(pipe: IO[bytes]) -> bytes | None:
    """Return the bytes that are there; None if there are none yet, nothing at the end."""
    try:
        return os.read(pipe.fileno(), _CHUNK)
    except BlockingIOError:
        return None
    except (OSError, ValueError):
        return b""

"""One dashboard in one browser: a separate process, which ends when the browser leaves."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import signal
from asyncio.subprocess import PIPE, Process
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Final

from clawtui.operations.user.actor import BROWSER

MOST_COLUMNS: Final = 1000
MOST_ROWS: Final = 500
_FEWEST: Final = 1

_TAKES: Final = 5.0
"""Seconds within which the process must read its input."""

_GRACE: Final = 2.0
"""Seconds that the process has to quit when asked, then again after SIGTERM; after that it is killed."""

_SCARCE: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.EAGAIN, errno.ENOMEM})
_START_ATTEMPTS: Final = 5
"""Attempts to start a process, one a second, while there are too many open files or processes."""

_READY: Final = b"__GANGLION__\n"
_FIRST_LINES: Final = 10
"""Lines at most before the one that Textual's driver prints first."""

_ERROR_LINES: Final = 20

_OPERATOR_S_OWN: Final = ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY", "TMUX", "STY", BROWSER)


class Session:
    """A dashboard process with Textual's web driver, whose input and output are forwarded.

    A packet is one byte for its kind, four for its length, and its payload: ``D`` is of the terminal, ``M`` is JSON
    about it.
    """

    def __init__(self, command: Sequence[str], address: str, show: Callable[[bytes], Awaitable[None]]) -> None:
        """Prepare a session.

        Args:
            command: The command of the process.
            address: The browser's, for the audit.
            show: Sends terminal output to the browser; raises ConnectionError once the browser is gone.
        """
        self._command = command
        self._address = address
        self._show = show
        self._process: Process | None = None
        self._errors: deque[bytes] = deque(maxlen=_ERROR_LINES)
        self.failure: str | None = None
        """The last line of the process on standard error, if it ended before it showed anything."""

    async def start(self, width: int, height: int) -> None:
        """Start the process with a terminal of ``width`` columns and ``height`` rows.

        Raises OSError if it cannot be started; a shortage of files or processes is waited for before.
        """
        columns, rows = bounded(width, height)
        environment = self._environment(os.environ, columns, rows)
        for left in reversed(range(_START_ATTEMPTS)):
            try:
                self._process = await asyncio.create_subprocess_exec(
                    *self._command, stdin=PIPE, stdout=PIPE, stderr=PIPE, env=environment, start_new_session=True
                )
                return
            except OSError as error:
                if error.errno not in _SCARCE or not left:
                    raise
                await asyncio.sleep(1)

    async def run(self) -> None:
        """Forward the output of the process until it ends. After the browser has left, read it and drop it."""
        process = self._started()
        assert process.stdout is not None
        errors = asyncio.create_task(self._keep_errors())
        try:
            for _ in range(_FIRST_LINES):
                if (line := await process.stdout.readline()) in (_READY, b""):
                    break
            else:
                line = b""
            if line == _READY:
                await self._carry(process.stdout)
            else:
                await errors
                message = self._errors[-1].decode("utf-8", "replace") if self._errors else "the dashboard did not start"
                self.failure = message.removeprefix("clawtui: ")
        finally:
            errors.cancel()

    async def type(self, text: str) -> None:
        """Forward input from the keyboard. Raises OSError or TimeoutError if the process does not read it."""
        await self._send(b"D", text.encode("utf-8", "replace"))

    async def resize(self, width: int, height: int) -> None:
        """Set the size of the terminal. Raises as ``type`` does."""
        columns, rows = bounded(width, height)
        await self._send_message({"type": "resize", "width": columns, "height": rows})

    async def focus(self, focused: bool) -> None:
        """Forward whether the window of the browser has the focus. Raises as ``type`` does."""
        await self._send_message({"type": "focus" if focused else "blur"})

    async def stop(self) -> None:
        """End the process: ask it to quit, then send SIGTERM, then SIGKILL."""
        process = self._process
        if process is None:
            return
        if process.returncode is None:
            with suppress(OSError, TimeoutError, RuntimeError):
                await asyncio.wait_for(self._send_message({"type": "quit"}), _GRACE / 2)
        assert process.stdin is not None
        process.stdin.close()
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                await asyncio.wait_for(process.wait(), _GRACE)
                break
            except TimeoutError:
                self._signal(number)
        await process.wait()

    def kill(self) -> None:
        """Kill the process and its children."""
        if self._process is not None and self._process.returncode is None:
            self._signal(signal.SIGKILL)

    def _signal(self, number: int) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._started().pid, number)

    def _environment(self, environment: Mapping[str, str], columns: int, rows: int) -> dict[str, str]:
        kept = {name: value for name, value in environment.items() if name not in _OPERATOR_S_OWN}
        return kept | {
            "TEXTUAL_DRIVER": "clawtui.tui.terminal.served_driver:ServedDriver",
            "TEXTUAL_FPS": "60",
            "TEXTUAL_COLOR_SYSTEM": "truecolor",
            "TERM_PROGRAM": "textual",
            "COLUMNS": str(columns),
            "ROWS": str(rows),
            BROWSER: self._address,
        }

    async def _carry(self, output: asyncio.StreamReader) -> None:
        listening = True
        with suppress(asyncio.IncompleteReadError):
            while True:
                head = await output.readexactly(5)
                payload = await output.readexactly(int.from_bytes(head[1:], "big"))
                if head[:1] == b"D" and listening:
                    try:
                        await self._show(payload)
                    except (ConnectionError, RuntimeError):
                        listening = False

    async def _keep_errors(self) -> None:
        stream = self._started().stderr
        assert stream is not None
        while piece := await stream.read(4096):
            self._errors.extend(line for line in piece[-4096:].splitlines() if line.strip())

    async def _send_message(self, message: Mapping[str, object]) -> None:
        await self._send(b"M", json.dumps(message).encode())

    async def _send(self, kind: bytes, payload: bytes) -> None:
        stdin = self._started().stdin
        assert stdin is not None
        stdin.write(kind + len(payload).to_bytes(4, "big") + payload)
        await asyncio.wait_for(stdin.drain(), _TAKES)

    def _started(self) -> Process:
        assert self._process is not None, "start() comes first"
        return self._process


def bounded(width: int, height: int) -> tuple[int, int]:
    """Return the size of a terminal within the limits for a screen: each cell costs memory."""
    return max(_FEWEST, min(width, MOST_COLUMNS)), max(_FEWEST, min(height, MOST_ROWS))

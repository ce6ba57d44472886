"""Run clawtui as people and scripts do: as a separate process, on pipes or on a terminal."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

PROJECT = Path(__file__).parents[2]


def environment(**changes: str) -> dict[str, str]:
    """Return the environment of the tests, without what would change how text is shown."""
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "CLAWDBOT_STATE_DIR")}
    return kept | {"TZ": "UTC", "TERM": "xterm-256color"} | changes


def run(
    *arguments: str, env: Mapping[str, str] | None = None, preexec_fn: Callable[[], None] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run ``clawtui`` to its end, and return its output on both streams."""
    return subprocess.run(
        [sys.executable, "-m", "clawtui", *arguments],
        env=env or environment(),
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        preexec_fn=preexec_fn,
    )


@contextmanager
def started(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Yield ``clawtui`` while it runs; kill it at the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "clawtui", *arguments],
        env=environment(PYTHONUNBUFFERED=""),
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def lines_of(stream: IO[str], count: int) -> list[str]:
    """Return the next lines; wait until they have come."""
    return [stream.readline().rstrip("\n") for _ in range(count)]


@contextmanager
def on_terminal(*arguments: str, env: Mapping[str, str]) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Yield ``clawtui`` on a terminal of its own, and the descriptor of the terminal's other end."""
    ours, theirs = pty.openpty()
    try:
        process = subprocess.Popen(
            [sys.executable, "-m", "clawtui", *arguments],
            env=env,
            cwd=PROJECT,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        with process:
            try:
                yield process, ours
            finally:
                process.kill()
    finally:
        os.close(ours)


def read_until(descriptor: int, expected: bytes = b"") -> bytes:
    """Return what a terminal shows up to ``expected``, or to the end of the process."""
    shown = b""
    while not expected or expected not in shown:
        try:
            piece = os.read(descriptor, 65536)
        except OSError:  # EIO: the other end is closed
            return shown
        if not piece:
            return shown
        shown += piece
    return shown

"""Standard output and standard error: encodings, width, colours, and the handling of write errors.

A command that changes something does so even if its output cannot be written. The first error of standard output is
kept, everything printed after it is dropped, and the exit status follows at the end (``plain_endings``).
"""

from __future__ import annotations

import errno
import io
import os
import select
import sys
import time
from contextlib import suppress
from contextvars import ContextVar
from typing import Final, TextIO

_lost: ContextVar[OSError | None] = ContextVar("lost", default=None)
"""Why standard output could not be written; None while it could."""

DEFAULT_WIDTH: Final = 80
"""Columns of a terminal that does not say how many it has."""
UNCUT: Final = 1_000_000
"""A width at which no line is cut or wrapped: lines for people have at most a few thousand characters."""
PIPE_WIDTH = UNCUT
"""Columns of a standard output that is not a terminal: a program that reads it gets whole fields."""


def require_streams() -> None:
    """Open each closed one of standard input, output and error on the null device.

    Otherwise the next file that is opened would get its number. Programs that clawtui starts inherit the streams:
    ``sed``, for instance, fails without a standard output.
    """
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)
    for name, number in (("stdout", 1), ("stderr", 2)):
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, "w", closefd=False))  # noqa: SIM115  stays open until the process ends


def begin_output() -> None:
    """Forget the error of an earlier command in this process."""
    _lost.set(None)


def lost_output() -> OSError | None:
    """Return why standard output could not be written (a reader that left, a full disk), or None."""
    return _lost.get()


def lose_output(error: OSError) -> None:
    """Keep ``error`` as the reason why standard output cannot be written, and drop all later output."""
    if _lost.get() is None:
        _lost.set(error)
    discard(sys.stdout)


def require_output() -> None:
    """Raise the OSError for which standard output could not be written, if there is one.

    For a command that is useless without its output, such as one that follows a log.
    """
    flush_output()
    if (error := _lost.get()) is not None:
        raise error


def pause_for_reader(seconds: float) -> None:
    """Wait for ``seconds``; raise BrokenPipeError at once when nothing reads standard output any more.

    For a command that waits for something to print: it would only notice when it prints the next line.
    """
    try:
        poll = select.poll()
        poll.register(sys.stdout.fileno(), 0)
    except (OSError, ValueError):  # a stream without a descriptor is not a pipe
        time.sleep(seconds)
        return
    began = time.monotonic()
    for _, event in poll.poll(seconds * 1000):
        if event & (select.POLLERR | select.POLLHUP):
            error = BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))
            lose_output(error)
            raise error
    time.sleep(max(0.0, began + seconds - time.monotonic()))


def flush_output() -> None:
    """Flush the buffer of standard output."""
    try:
        sys.stdout.flush()
    except OSError as error:
        lose_output(error)


def write_text(text: str) -> bool:
    """Write to standard output, and return whether that was possible."""
    try:
        sys.stdout.write(text)
    except OSError as error:
        lose_output(error)
        return False
    return True


def print_bytes(data: bytes) -> None:
    """Write ``data`` to standard output unchanged."""
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
    except OSError as error:
        lose_output(error)


def discard(stream: TextIO) -> None:
    """Redirect ``stream`` to the null device, because flushing its buffer at exit would fail."""
    with suppress(OSError, ValueError):  # a stream without a descriptor is not a file
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def has_colours(stream: TextIO) -> bool:
    """Return whether text for ``stream`` may have colours: on a terminal only, and not under ``NO_COLOR``."""
    allowed = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return allowed and stream.isatty()


def width(is_wide: bool = False) -> int:
    """Return the columns of the terminal that standard output is; `UNCUT` in a pipe, and if ``is_wide``."""
    if is_wide:
        return UNCUT
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or DEFAULT_WIDTH
    except (OSError, ValueError):
        return PIPE_WIDTH


def use_utf_8(stream: TextIO) -> None:
    """Encode ``stream`` as UTF-8 in any locale; a lone surrogate is written as its JSON escape."""
    if isinstance(stream, io.TextIOWrapper) and (stream.encoding, stream.errors) != ("utf-8", "backslashreplace"):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def replace_unencodable(stream: TextIO) -> None:
    """Replace characters that the encoding of ``stream`` does not have, instead of failing."""
    if isinstance(stream, io.TextIOWrapper) and stream.errors in ("strict", "surrogateescape"):
        stream.reconfigure(errors="replace")

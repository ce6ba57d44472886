"""How a command that did not do what was asked says so: the one place where errors become exit statuses."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import click

from clawtui.cli.output import say
from clawtui.operations.outcome import Failed
from clawtui.storage.errors import Changed, NoSuch, Refused, StorageError

DONE: Final = 0
FAILED: Final = 1
USAGE: Final = 2
REFUSED: Final = 3
CHANGED: Final = 4
NO_SUCH: Final = 5

INTERRUPTED: Final = 130

_STATUS: Final = ((NoSuch, NO_SUCH), (Changed, CHANGED), (Refused, REFUSED))


def exit_status(error: BaseException) -> int:
    """The exit status that ``error`` stands for; an operation's error has that of what caused it."""
    for kind, status in _STATUS:
        if isinstance(error, kind):
            return status
    if isinstance(error, Failed) and error.__cause__ is not None:
        return exit_status(error.__cause__)
    return FAILED


@contextmanager
def plain_endings() -> Iterator[None]:
    """Turns errors into plain lines and an exit status; a reader of our output who left, into a quiet end."""
    try:
        try:
            yield
        except (StorageError, Failed) as error:
            say("\n".join([error.told if isinstance(error, StorageError) else str(error), *_ways_out(error)]))
            raise click.exceptions.Exit(exit_status(error)) from error
        finally:
            sys.stdout.flush()
    except BrokenPipeError as error:
        _forget_output()
        raise click.exceptions.Exit(DONE) from error
    except KeyboardInterrupt as error:
        raise click.exceptions.Exit(INTERRUPTED) from error
    except OSError as error:
        say(_in_words(error))
        _forget_output()
        raise click.exceptions.Exit(FAILED) from error


def require_streams() -> None:
    """Where standard output or error is closed, what is written there goes nowhere, and not into a file of ours."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w"))  # noqa: SIM115  it stays open as long as the process


def tell_usage(error: click.ClickException) -> int:
    """Says what is wrong with the command line in two lines, or which commands a group has; the exit status."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
        return error.exit_code
    lines = [error.format_message()]
    if isinstance(error, click.UsageError) and error.ctx is not None:
        lines.append(f"`{error.ctx.command_path} --help` shows how it is used.")
    say("\n".join(lines))
    return error.exit_code


def _ways_out(error: BaseException) -> Iterator[str]:
    """What to do about it, where the message alone does not say so and the system's own reason does."""
    reason: BaseException | None = error
    while reason is not None and "\n" not in str(error):
        if isinstance(reason, OSError) and reason.errno in (errno.ENOSPC, errno.EDQUOT):
            yield "`clawtui prune` removes old logs, and tells with --dry-run which those are."
            return
        reason = reason.__cause__


def _forget_output() -> None:
    """What is still held for standard output goes nowhere: nobody reads it, and the interpreter would complain."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _in_words(error: OSError) -> str:
    reason = (error.strerror or str(error)).lower()
    return f"{error.filename}: {reason}" if error.filename is not None else f"the output could not be written: {reason}"

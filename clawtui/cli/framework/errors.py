"""How a command that did not do what was asked says so: the one place where errors become exit statuses."""

from __future__ import annotations

import errno
import os
import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import click

from clawtui.cli.framework.context import Invocation
from clawtui.cli.framework.output import say
from clawtui.cli.framework.streams import begin_output, flush_output, lose_output, lost_output
from clawtui.model.errors import Changed, ClawtuiError, NoSuch, Refused, reason_of_scarcity
from clawtui.model.text.command_line import CommandLine

DONE: Final = 0
FAILED: Final = 1
REFUSED: Final = 3
CHANGED: Final = 4
NO_SUCH: Final = 5

INTERRUPTED: Final = 130

ARGUMENTS: Final = "clawtui.arguments"
"""Under which the words of the command line are kept in click's ``meta``."""
UNFINISHED: Final = "clawtui …"
"""What an error of the storage layer has for the command line, which it does not know."""

_STATUS: Final = ((NoSuch, NO_SUCH), (Changed, CHANGED), (Refused, REFUSED))


def exit_status(error: BaseException) -> int:
    """Return the exit status of ``error``; an error of no kind of its own has that of its cause."""
    for kind, status in _STATUS:
        if isinstance(error, kind):
            return status
    if type(error) is ClawtuiError and error.__cause__ is not None:
        return exit_status(error.__cause__)
    return FAILED


@contextmanager
def _scarcity() -> Iterator[None]:
    """Say in plain words what the system is short of, where that is why something failed, and end with status 1."""
    try:
        yield
    except (MemoryError, RuntimeError, ImportError, OSError) as error:
        reason = None if isinstance(error, click.exceptions.Exit) else reason_of_scarcity(error)
        if reason is None:
            raise
        say(reason)
        raise click.exceptions.Exit(FAILED) from error


@contextmanager
def plain_endings(changes: Callable[[], bool], line: Callable[[], CommandLine] = CommandLine) -> Iterator[None]:
    """Turn errors into plain lines and an exit status.

    ``changes`` returns whether the command may change something. Such a command has the exit status of what it did,
    whether its output could be written or not. Of all others 1 says that the output could not be written; a reader
    who left early is no failure, unless the command has a status of its own (``doctor``). ``line`` returns how
    commands for the state directory are called; it is asked only where one is printed.
    """
    begin_output()
    try:
        try:
            with _scarcity():
                yield
        except ClawtuiError as error:
            say("\n".join([_with_command(str(error)), *_ways_out(error, line)]))
            raise click.exceptions.Exit(exit_status(error)) from error
        except BrokenPipeError as error:
            if changes():
                say("nobody could be asked: the output cannot be written; it was not done, or not all of it")
            raise click.exceptions.Exit(FAILED if changes() else DONE) from error
        except KeyboardInterrupt as error:
            raise click.exceptions.Exit(INTERRUPTED) from error
        except OSError as error:
            if error.filename is not None:
                say(_in_words(error))
            else:  # click writes to standard output too
                lose_output(error)
            raise click.exceptions.Exit(FAILED) from error
        finally:
            _tell_weaker_guarantee()
            flush_output()
    except (SystemExit, click.exceptions.Exit) as end:
        status = end.code if isinstance(end, SystemExit) else end.exit_code
        if _tell_lost_output() and not status and not changes():
            raise click.exceptions.Exit(FAILED) from end
        raise
    if _tell_lost_output() and not changes():
        raise click.exceptions.Exit(FAILED)


def _with_command(text: str) -> str:
    """Fill in this command line, with its root, where ``text`` names ``clawtui …``."""
    context = click.get_current_context(silent=True)
    if context is None or UNFINISHED not in text:
        return text
    root = context.find_root()
    words: list[str] = root.meta.get(ARGUMENTS, [])
    if not any(word == "--root" or word.startswith("--root=") for word in words):
        words = ["--root", str(root.ensure_object(Invocation).chosen_root().paths.root), *words]
    return text.replace(UNFINISHED, f"clawtui {shlex.join(words)}")


def _tell_weaker_guarantee() -> None:
    """Say where a file was replaced without the call that makes it safe beside a gateway that saves."""
    if "clawtui.files.fs.swap" in sys.modules:  # else nothing was replaced
        from clawtui.files.fs.swap import weaker_guarantee

        if (note := weaker_guarantee()) is not None:
            say(note)


def _tell_lost_output() -> bool:
    """Say why standard output could not be written, and return whether it was for more than a reader who left."""
    error = lost_output()
    if error is None or isinstance(error, BrokenPipeError):
        return False
    say(f"the output could not be written: {(error.strerror or str(error)).lower()}")
    return True


def tell_unwritten(error: OSError) -> int:
    """Say that what click itself prints, as the help, could not be written; the exit status."""
    lose_output(error)
    _tell_lost_output()
    return FAILED


def require_streams() -> None:
    """Open what is closed of standard input, output and error to nowhere, so that no file of ours gets its number.

    The programs that we start have it too: ``sed`` fails without a standard output.
    """
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)
    for name, number in (("stdout", 1), ("stderr", 2)):
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, "w", closefd=False))  # noqa: SIM115  open as long as the process


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


def _ways_out(error: BaseException, line: Callable[[], CommandLine]) -> Iterator[str]:
    """What to do about it, where the message alone does not say so and the system's own reason does."""
    reason: BaseException | None = error
    while reason is not None and "\n" not in str(error):
        if isinstance(reason, OSError) and reason.errno in (errno.ENOSPC, errno.EDQUOT):
            yield f"{line().hint('prune')} removes old logs, and tells with --dry-run which those are."
            return
        reason = reason.__cause__


def _in_words(error: OSError) -> str:
    reason = (error.strerror or str(error)).lower()
    return f"{error.filename}: {reason}"

"""Errors as messages and exit statuses. No other module turns an error into a status."""

from __future__ import annotations

import errno
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
"""The key in click's ``meta`` under which the words of the command line are kept."""
COMMAND_PLACEHOLDER: Final = "clawtui …"
"""The placeholder that a message of the storage layer has for this command line, which the layer does not know."""

_STATUS: Final = ((NoSuch, NO_SUCH), (Changed, CHANGED), (Refused, REFUSED))


def exit_status(error: BaseException) -> int:
    """Return the exit status for ``error``; a plain ClawtuiError has the status of its cause."""
    for kind, status in _STATUS:
        if isinstance(error, kind):
            return status
    if type(error) is ClawtuiError and error.__cause__ is not None:
        return exit_status(error.__cause__)
    return FAILED


@contextmanager
def _scarcity() -> Iterator[None]:
    """Report a shortage of memory, threads or files in one message, and end with status 1."""
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
    """Turn errors of the ``with`` block into messages and an exit status.

    A command that changes something has the exit status of what it did, even if its output could not be written. Any
    other command ends with 1 if its output could not be written. A reader that left early is not a failure, unless the
    command has a status of its own, as ``doctor`` has.

    Args:
        changes: Returns whether the command changes something.
        line: Returns the form of command lines for the state directory; called only if a message names a command.
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
                say("the output cannot be written, so no question could be asked; nothing was done, or not all of it")
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
            _report_weaker_guarantee()
            flush_output()
    except (SystemExit, click.exceptions.Exit) as end:
        status = end.code if isinstance(end, SystemExit) else end.exit_code
        if _report_lost_output() and not status and not changes():
            raise click.exceptions.Exit(FAILED) from end
        raise
    if _report_lost_output() and not changes():
        raise click.exceptions.Exit(FAILED)


def _with_command(text: str) -> str:
    """Replace ``clawtui …`` in ``text`` with this command line and its root."""
    context = click.get_current_context(silent=True)
    if context is None or COMMAND_PLACEHOLDER not in text:
        return text
    from clawtui.storage.roots import name_of_caller

    root = context.find_root()
    words: list[str] = root.meta.get(ARGUMENTS, [])
    if not any(word == "--root" or word.startswith("--root=") for word in words):
        chosen = root.ensure_object(Invocation).chosen_root().paths.root
        words = ["--root", name_of_caller(chosen) or str(chosen), *words]
    return text.replace(COMMAND_PLACEHOLDER, f"clawtui {shlex.join(words)}")


def _report_weaker_guarantee() -> None:
    """Print a warning if a file was replaced without the system call that makes this safe while a gateway saves."""
    if "clawtui.files.fs.swap" in sys.modules:  # otherwise nothing was replaced
        from clawtui.files.fs.swap import weaker_guarantee

        if (note := weaker_guarantee()) is not None:
            say(note)


def _report_lost_output() -> bool:
    """Print why standard output could not be written. Return False if it could, or if only its reader left."""
    error = lost_output()
    if error is None or isinstance(error, BrokenPipeError):
        return False
    say(f"the output could not be written: {(error.strerror or str(error)).lower()}")
    return True


def report_lost_output(error: OSError) -> int:
    """Report that output of click itself, such as a help text, could not be written. Return the exit status."""
    lose_output(error)
    _report_lost_output()
    return FAILED


def report_usage(error: click.ClickException) -> int:
    """Print the fault of the command line in two lines, or a group's help. Return the exit status."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()
        return error.exit_code
    lines = [_in_plain_words(error.format_message())]
    if isinstance(error, click.UsageError) and error.ctx is not None:
        lines.append(f"`{error.ctx.command_path} --help` shows how it is used.")
    say("\n".join(lines))
    return error.exit_code


_OF_CLICK: Final = {
    "is not a valid integer range": "is not a whole number",
    "is not a valid integer": "is not a whole number",
    "is not a valid float range": "is not a number",
    "is not a valid float": "is not a number",
}


def _in_plain_words(message: str) -> str:
    """Return a message of click without the names of its types."""
    for words, plain in _OF_CLICK.items():
        message = message.replace(words, plain)
    return message


def _ways_out(error: BaseException, line: Callable[[], CommandLine]) -> Iterator[str]:
    """Yield advice about a full disk if that is the cause and the error has no hint."""
    reason: BaseException | None = error
    while reason is not None and "\n" not in str(error):
        if isinstance(reason, OSError) and reason.errno in (errno.ENOSPC, errno.EDQUOT):
            yield f"{line().hint('prune')} removes old logs; with --dry-run it only lists them."
            return
        reason = reason.__cause__


def _in_words(error: OSError) -> str:
    reason = (error.strerror or str(error)).lower()
    return f"{error.filename}: {reason}"

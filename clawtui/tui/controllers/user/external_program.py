"""Other programs in our terminal: they have it to themselves until they end."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from types import FrameType

from textual.app import App, SuspendNotSupported

from clawtui.model.errors import ClawtuiError


class CannotRun(ClawtuiError):
    """The program was not run; its text says why and what to do."""


def run_outside(
    app: App[None], command: Sequence[str], *, stdin: int | None = None, extra: Mapping[str, str] | None = None
) -> int:
    """Runs ``command`` while the dashboard is away; its exit status. Raises CannotRun.

    Nothing else happens meanwhile: awaiting while suspended would deadlock with whatever repaints.
    """
    failure: OSError | None = None
    status = 0
    try:
        with app.suspend():
            # Nothing may be raised in here: Textual would not come back.
            try:
                status = _run(command, stdin, {**os.environ, **(extra or {})})
            except OSError as error:
                failure = error
    except SuspendNotSupported:
        raise CannotRun("There is no terminal here that another program could have.") from None
    if failure is not None:
        reason = (failure.strerror or str(failure)).lower()
        raise CannotRun(f"{command[0]}: {reason}. $EDITOR and $PAGER say what is run.") from failure
    return status


def _run(command: Sequence[str], stdin: int | None, environment: Mapping[str, str]) -> int:
    def leave_it_to_the_program(number: int, frame: FrameType | None) -> None:
        """Ctrl+C in a pager is meant for that; a handler, unlike an ignored signal, is not passed on to it."""

    kept = signal.signal(signal.SIGINT, leave_it_to_the_program)
    try:
        return subprocess.run(command, stdin=stdin, env=environment, check=False).returncode
    finally:
        signal.signal(signal.SIGINT, kept)

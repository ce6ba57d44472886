"""Running another program in the terminal while the dashboard is suspended."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from types import FrameType

from textual.app import App, SuspendNotSupported

from clawtui.model.errors import ClawtuiError


class CannotRun(ClawtuiError):
    """Error that the program could not be run; the text has the reason and a remedy."""


def run_outside(
    app: App[None], command: Sequence[str], *, stdin: int | None = None, extra: Mapping[str, str] | None = None
) -> int:
    """Suspend the dashboard, run `command`, and return its exit status. Raises CannotRun.

    The event loop is blocked until then: awaiting while suspended would deadlock with repaints.
    """
    failure: OSError | None = None
    status = 0
    try:
        with app.suspend():
            # No error may leave this block: Textual would not resume.
            try:
                status = _run(command, stdin, {**os.environ, **(extra or {})})
            except OSError as error:
                failure = error
    except SuspendNotSupported:
        raise CannotRun("There is no terminal here in which another program could run.") from None
    if failure is not None:
        reason = (failure.strerror or str(failure)).lower()
        raise CannotRun(f"{command[0]}: {reason}. $EDITOR and $PAGER say what is run.") from failure
    return status


def _run(command: Sequence[str], stdin: int | None, environment: Mapping[str, str]) -> int:
    def ignore(number: int, frame: FrameType | None) -> None:
        """Leave Ctrl+C to the program. A handler, unlike SIG_IGN, is not inherited by it."""

    kept = signal.signal(signal.SIGINT, ignore)
    try:
        return subprocess.run(command, stdin=stdin, env=environment, check=False).returncode
    finally:
        signal.signal(signal.SIGINT, kept)

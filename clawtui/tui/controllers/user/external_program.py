"""Running another program in the terminal while the dashboard is suspended: a pager, an editor, or a login with ssh."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from types import FrameType
from typing import TYPE_CHECKING, Final

from textual.app import App, SuspendNotSupported, SystemCommand

from clawtui.model.errors import ClawtuiError
from clawtui.storage.paths import StatePaths

if TYPE_CHECKING:
    from clawtui.remote.client.source import RemoteSource


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


class PagerController:
    """Controller of the pager, which gets an open descriptor, so that no link leads it to a file outside the root."""

    def __init__(self, app: App[None], paths: StatePaths, *, read_only: bool = False, host: str = "") -> None:
        """Prepare to show files below ``paths``; of a root on another host, ``host``, only some of them are here."""
        self._app = app
        self._paths = paths
        self._host = host
        # Many pagers can run a shell or an editor.
        self._extra = {"LESSSECURE": "1"} if read_only else {}

    def show(self, path: str | None, line: int | None = None) -> None:
        """Show the file at `path`, relative to `automations/`, from `line` on; show a warning if it is None."""
        from clawtui.files.fs.links import open_followed
        from clawtui.model.errors import ClawtuiError
        from clawtui.operations.user.programs import pager_at, pager_command

        if path is None:
            self._complain("There is no file to show here.")
            return
        try:
            descriptor = open_followed(self._paths.automations, path)
        except FileNotFoundError:
            there = f"{path} is on {self._host}: only the log in the pane Log is here, and only its end."
            self._complain(there if self._host else f"{path} is gone.")
            return
        except ClawtuiError as error:
            self._complain(f"{path}: {error.reason}")
            return
        try:
            run_outside(self._app, pager_at(pager_command(), line), stdin=descriptor, extra=self._extra)
        except ClawtuiError as error:
            self._complain(str(error))
        finally:
            os.close(descriptor)

    def _complain(self, what: str) -> None:
        self._app.notify(what, severity="warning", markup=False)


TITLE: Final = "Log in with ssh"
"""The name of the command in the palette."""


def login_commands(app: App[None], sources: Mapping[str, RemoteSource]) -> Iterator[SystemCommand]:
    """Yield a command for each root on another host; its name is only there where there are several."""
    for name, source in sources.items():
        title = TITLE if len(sources) == 1 else f"{TITLE}: {name}"
        yield SystemCommand(title, "ssh may ask for a passphrase or a host key", partial(log_in, app, source))


def log_in(app: App[None], source: RemoteSource) -> None:
    """Suspend the dashboard for a login, and connect over it."""
    try:
        status = run_outside(app, source.login.ask())
    except (ClawtuiError, OSError) as error:
        app.notify(str(error), severity="error", markup=False)
        return
    if status:
        app.notify(f"ssh ended with status {status}: there is no login.", severity="error", markup=False)
    else:
        source.rescan()

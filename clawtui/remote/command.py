"""The running of a command on the host of a remote root, with its output cleaned."""

from __future__ import annotations

import codecs
import os
import secrets
import shlex
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import IO, Final

from clawtui.model.errors import ClawtuiError, Invalid, NoSuch, Refused
from clawtui.model.text.cleaning import clean
from clawtui.remote.address import RemoteRoot
from clawtui.remote.no_answer import SSH_FAILED, why_no_answer
from clawtui.remote.request import MAX_NAME, PROTOCOL, Request, encode, read_greeting

SSH_COMMAND: Final = "CLAWTUI_SSH_COMMAND"
"""The variable with the command that replaces ``ssh``, split as by a shell: as ``GIT_SSH_COMMAND`` does for git."""

MAX_PREAMBLE: Final = 256 * 1024
"""The most bytes that the shell there may print before the answer begins."""

_CHUNK: Final = 64 * 1024
_KEPT_LINES: Final = 5
"""Lines of standard error that are kept for a message."""


class Unreachable(ClawtuiError):
    """The other host could not be reached, or has no clawtui that understands the request."""


class OutcomeUnknown(ClawtuiError):
    """The connection broke after the command had begun: it may have been carried out or not."""


def ssh_arguments(
    root: RemoteRoot,
    remote_command: str | None,
    *,
    terminal: bool = False,
    options: Sequence[str] = (),
    environment: Mapping[str, str] = os.environ,
) -> list[str]:
    """Return the command line of ssh for ``remote_command``, a text for the shell there; None: there is none.

    The command for ssh is that of the variable, or else that of the settings. Raises Invalid if it cannot be split.
    """
    named, place = (own, f"${SSH_COMMAND}") if (own := environment.get(SSH_COMMAND)) else (root.ssh, "[remote] ssh")
    try:
        program = shlex.split(named)
    except ValueError as error:
        raise Invalid(f"{place} is no command: {error}") from error
    port = ["-p", str(root.port)] if root.port is not None else []
    words = [*program, "-t" if terminal else "-T", *options, *port, "--", root.destination]
    return words if remote_command is None else [*words, remote_command]


def request_for(root: RemoteRoot, words: Sequence[str], *, read_only: bool) -> Request:
    """Return the request to run ``words`` at ``root``."""
    return Request(
        nonce=secrets.token_hex(16),
        words=tuple(words),
        root=root.path,
        called=root.label if len(root.label) <= MAX_NAME else None,
        read_only=read_only or root.read_only,
    )


def run_remote(
    root: RemoteRoot,
    request: Request,
    write: Callable[[bytes], bool],
    report: Callable[[str], None],
    environment: Mapping[str, str] = os.environ,
) -> int:
    """Run a request there, and return its exit status.

    Standard input is passed on. ``ssh`` asks its own questions on the terminal.

    Args:
        root: Where.
        request: What.
        write: Receives standard output in pieces; returns False to stop.
        report: Receives each line of standard error, cleaned.

    Raises:
        Unreachable: ssh failed, or there is no clawtui there that answers.
        OutcomeUnknown: The connection broke after the command had begun.
    """
    arguments = ssh_arguments(root, f"{root.command} agent {encode(request)}", environment=environment)
    try:
        process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0)
    except OSError as error:
        raise Unreachable(f"{arguments[0]} cannot be started: {error.strerror}") from error
    assert process.stdout is not None
    assert process.stderr is not None
    errors = _ErrorLines(process.stderr, report)
    with process:
        version = _await_greeting(process.stdout, request.nonce)
        if version is None:
            process.stdout.close()
            status = process.wait()
            raise _no_answer(root, status, errors.last_lines())
        errors.pass_on()
        protocol, there = version
        if protocol != PROTOCOL:
            report(f"clawtui: {root.label} has clawtui {clean(there)}, which speaks another version of the protocol.")
        while data := os.read(process.stdout.fileno(), _CHUNK):
            if not write(data):
                break
        process.stdout.close()
        status = process.wait()
        errors.last_lines()  # before the end of this block, which closes what is still read
    if status == SSH_FAILED or status < 0:
        raise OutcomeUnknown(f"the connection to {root.label} broke; whether the command was carried out is unknown")
    return status


def run_dashboard(root: RemoteRoot, words: Sequence[str], environment: Mapping[str, str] = os.environ) -> int:
    """Run the dashboard on the host of ``root``, in this terminal, and return its exit status."""
    request = request_for(root, words, read_only=False)
    line = f"{root.command} agent {encode(request)}"
    try:
        return subprocess.call(ssh_arguments(root, line, terminal=True, environment=environment))
    except OSError as error:
        raise Unreachable(f"ssh cannot be started: {error.strerror}") from error


def _await_greeting(stdout: IO[bytes], nonce: str) -> tuple[int, str] | None:
    """Skip what the shell there prints first; return the protocol and version of the answer, or None at the end."""
    # The stream has no buffer, so readline reads byte by byte, and leaves all that follows the line in the pipe.
    skipped = 0
    while skipped <= MAX_PREAMBLE and (line := stdout.readline(_CHUNK)):
        skipped += len(line)
        if (found := read_greeting(line.decode(errors="replace"), nonce)) is not None:
            return found
    return None


def _no_answer(root: RemoteRoot, status: int, errors: Sequence[str]) -> ClawtuiError:
    why = why_no_answer(root, status, errors)
    match why.kind:
        case "ssh" | "changed-key":
            hint = f"{why.way_out[0].upper()}{why.way_out[1:]}" if why.way_out else None
            return Unreachable(f"{root.label} cannot be reached: {why.reason}", hint=hint)
        case "missing":
            details = f": {why.details}" if why.details else ""
            return NoSuch(f"there is no clawtui on {root.label}{details}", hint=f"R{why.way_out[1:]}.")
        case _:
            return Refused(f"{root.label}: {why.line}")


class _ErrorLines:
    """Reader of standard error, which keeps the lines until `pass_on` and reports them from then on."""

    def __init__(self, stream: IO[bytes], report: Callable[[str], None]) -> None:
        self._stream = stream
        self._report = report
        self._kept: deque[str] = deque(maxlen=_KEPT_LINES)
        self._passing = False
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._read, name="ssh-errors", daemon=True)
        self._thread.start()

    def _read(self) -> None:
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        while line := self._stream.readline(_CHUNK):
            text = clean(decoder.decode(line).rstrip("\r\n"))
            with self._lock:
                if self._passing:
                    self._report(text)
                elif text:
                    self._kept.append(text)

    def pass_on(self) -> None:
        """Report each further line when it comes. Those before were of ssh and of the shell there."""
        with self._lock:
            self._passing = True

    def last_lines(self) -> Sequence[str]:
        """Return the kept lines after the end of the stream."""
        self._thread.join(5)
        return list(self._kept)

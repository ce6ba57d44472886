"""The process of the gateway: its start, and its end with every process that it started."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import clawtui
from clawtui.demo.home import ERRORS
from clawtui.model.errors import ClawtuiError

READY = b"ready\n"
"""The line that the gateway writes to its standard output when its first runs have started."""

_ERRORS = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
_READY_WITHIN = 30.0
_ENDED_WITHIN = 5.0


class GatewayFailed(ClawtuiError):
    """The error of a gateway that did not start; its text is the reason."""


class GatewayProcess:
    """Context manager that runs the gateway. If this process ends in any other way, the gateway ends too."""

    def __init__(self, home: Path, arguments: Sequence[str], module: str = "clawtui.demo.gateway.main") -> None:
        self._module = module
        self._home = home
        self._arguments = arguments

    def __enter__(self) -> GatewayProcess:
        """Start the gateway and wait until it is ready. Raises GatewayFailed."""
        listening, self._alive = os.pipe()
        command = [sys.executable, "-m", self._module, str(self._home), *self._arguments]
        try:
            with os.fdopen(os.open(self._home / ERRORS, _ERRORS, 0o600), "wb") as errors:
                self._process = subprocess.Popen(
                    [*command, f"--alive={listening}"],
                    # The directory of the package, so that it is found regardless of the caller's directory.
                    cwd=Path(clawtui.__file__).parents[1],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=errors,
                    pass_fds=[listening],
                    start_new_session=True,
                )
        except OSError:
            os.close(self._alive)
            raise
        finally:
            os.close(listening)
        try:
            self._await_ready()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the gateway with SIGTERM; kill it if it does not end in time."""
        self._end()

    @property
    def pid(self) -> int:
        """The process id of the gateway."""
        return self._process.pid

    def _await_ready(self) -> None:
        output = b""
        deadline = time.monotonic() + _READY_WITHIN
        while READY not in output:
            part = self._read_within(deadline - time.monotonic())
            if not part:
                raise GatewayFailed(self._reason())
            output += part

    def _read_within(self, seconds: float) -> bytes:
        """Return the next output of the gateway; empty if it has ended or after ``seconds``."""
        assert self._process.stdout is not None
        descriptor = self._process.stdout.fileno()
        if not select.select([descriptor], [], [], max(0.0, seconds))[0]:
            return b""
        return os.read(descriptor, 4096)

    def _reason(self) -> str:
        lines = (self._home / ERRORS).read_text(errors="replace").splitlines()
        return f"the simulated gateway did not start: {lines[-1] if lines else 'it gave no reason'}"

    def _end(self) -> None:
        os.close(self._alive)
        deadline = time.monotonic() + _ENDED_WITHIN
        # Its standard output ends with the process. It was not waited for yet, so its pid is still its own,
        # and so is its process group, in which a git process of a killed gateway may still run.
        while self._read_within(deadline - time.monotonic()):
            pass
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()

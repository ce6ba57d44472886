"""The command lines of ssh for one source, and a login for which ssh may ask: a shared connection that it then uses.

While the dashboard has the terminal, ssh must not ask for anything. `SshLogin.ask` is run on the terminal instead; its
connection (``ControlMaster``) stays in the background, and carries those of the source without a question.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from clawtui.remote.address import RemoteRoot
from clawtui.remote.command import ssh_arguments

BATCH: Final = ("-o", "BatchMode=yes", "-o", "ConnectTimeout=15", "-o", "ServerAliveInterval=15")
"""Options of ssh while the dashboard has the terminal: it must not ask for anything."""

_UNUSED: Final = 600
"""Seconds after which a shared connection ends that nothing uses, also after a kill of the dashboard."""
_LONGEST: Final = 70
"""The most characters of the directory of a control socket: the name of a socket has at most about 100."""
_ENDING: Final = 0.8
"""Seconds that the end of a shared connection may take; ssh goes on with it by itself."""


class SshLogin:
    """The command lines of ssh for one root on another host."""

    def __init__(self, root: RemoteRoot, options: Sequence[str], environment: Mapping[str, str]) -> None:
        self._root = root
        self._options = tuple(options)
        self._environment = environment
        self._directory: Path | None = None

    def arguments(self, remote_command: str) -> list[str]:
        """Return the command line that runs ``remote_command`` there without a question. Raises Invalid."""
        shared = ("-o", f"ControlPath={self._socket}") if self._socket is not None and self._socket.exists() else ()
        options = (*self._options, *shared)
        return ssh_arguments(self._root, remote_command, options=options, environment=self._environment)

    def ask(self) -> list[str]:
        """Return the command line of a login that may ask; it ends once the shared connection is there. Raises Invalid.

        The directory of the socket is made; it is short, because the name of a socket is limited.
        """
        if self._directory is None:
            usual = Path(tempfile.gettempdir())
            place = usual if len(str(usual)) < _LONGEST else Path("/tmp")
            self._directory = Path(tempfile.mkdtemp(prefix="clawtui-", dir=place))
        if self._socket is not None and self._socket.exists():
            self._end()
        options = ["-M", "-N", "-f", "-o", f"ControlPath={self._socket}", "-o", f"ControlPersist={_UNUSED}"]
        options += ["-o", "ServerAliveInterval=15"]
        return ssh_arguments(self._root, None, options=options, environment=self._environment)

    def close(self) -> None:
        """End the shared connection, if there is one."""
        if self._directory is not None:
            self._end()
            shutil.rmtree(self._directory, ignore_errors=True)
            self._directory = None

    @property
    def _socket(self) -> Path | None:
        return self._directory / "ssh" if self._directory is not None else None

    def _end(self) -> None:
        if self._socket is None or not self._socket.exists():
            return
        options = ["-o", f"ControlPath={self._socket}", "-O", "exit"]
        command = ssh_arguments(self._root, None, options=options, environment=self._environment)
        with suppress(OSError, subprocess.TimeoutExpired):
            quiet = subprocess.DEVNULL
            subprocess.run(command, stdin=quiet, stdout=quiet, stderr=quiet, check=False, timeout=_ENDING)

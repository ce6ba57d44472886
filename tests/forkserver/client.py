"""The tests' side: a `Popen` that has the fork server start ``clawtui``, and other programs itself."""

from __future__ import annotations

import inspect
import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from tests.forkserver.cloning import can_clone
from tests.forkserver.request import (
    LENGTH,
    MOST_DESCRIPTORS,
    Request,
    can_be_served,
    server_environment,
    without_terminal_prefix,
)

PROJECT: Final = Path(__file__).parents[2]

RealPopen: Final = subprocess.Popen

_EXECUTE: Final = inspect.signature(subprocess.Popen._execute_child)  # type: ignore[attr-defined]

_UNSUPPORTED: Final = {
    "executable": None,
    "preexec_fn": None,
    "startupinfo": None,
    "shell": False,
    "gid": None,
    "gids": None,
    "uid": None,
    "close_fds": True,
    "restore_signals": True,
}
"""Arguments of `Popen` that the server does not know, with their defaults."""


class Server:
    """A fork server that is a child of this process; it is started with the first request."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None
        self._owner = 0
        self.real_only = not can_clone()
        """Whether every command gets an interpreter of its own."""
        self.started = 0
        """How many processes it has started."""

    def can_start(self, command: tuple[str, ...], environment: Mapping[str, str]) -> bool:
        """Return whether to ask the server: not for other programs, users or parents than the server's."""
        if self.real_only or not can_be_served(command, environment):
            return False
        is_own_user = (os.geteuid(), os.getegid()) == (os.getuid(), os.getgid())
        if not is_own_user or self._owner not in (0, os.getpid()):
            return False
        with self._lock:
            if self._socket is None:
                self._connect()
        return not self.real_only

    def start(self, request: Request, descriptors: list[int]) -> int:
        """Start a process, and return its pid."""
        assert self._socket is not None
        body = request.encoded()
        with self._lock:
            socket.send_fds(self._socket, [LENGTH.pack(len(body))], descriptors)
            self._socket.sendall(body)
            self.started += 1
            if (pid := self._received_pid()) is None:
                raise RuntimeError("the fork server has ended; its messages are on standard error")
            return pid

    def _received_pid(self) -> int | None:
        assert self._socket is not None
        answer = self._socket.recv(LENGTH.size, socket.MSG_WAITALL)
        return int(LENGTH.unpack(answer)[0]) if len(answer) == LENGTH.size else None

    def _connect(self) -> None:
        """Start the server. Where this kernel cannot do what it does, every command gets an interpreter."""
        self._socket, theirs = socket.socketpair()
        number = theirs.fileno()
        self._process = RealPopen(
            [sys.executable, "-m", "tests.forkserver", str(number)],
            cwd=PROJECT,
            env=server_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=[number],
        )
        theirs.close()
        self._owner = os.getpid()
        probe = self._received_pid()
        self.real_only = probe is None
        if probe is not None:
            os.waitpid(probe, 0)

    def stop(self) -> None:
        """Have the server end, and wait for it. The processes that it started are not affected."""
        if self._process is None or self._socket is None:
            return
        self._socket.close()
        self._process.wait()
        self._socket = self._process = None
        self._owner = 0


SERVER: Final = Server()


class ServedPopen(subprocess.Popen[Any]):
    """A `Popen` that starts ``python -m clawtui`` through `SERVER`."""

    def _execute_child(self, *given: Any) -> None:
        """Start the process; called by `Popen.__init__`, which has opened the pipes."""
        values = _EXECUTE.bind(self, *given).arguments
        if (request := _request(values)) is None:
            _EXECUTE_REALLY(self, *given)
            return
        streams = [values[name] for name in ("p2cread", "c2pwrite", "errwrite")]
        numbers = [stream if stream != -1 else standard for standard, stream in enumerate(streams)]
        pid = SERVER.start(request, [*numbers, *request.descriptors[3:]])
        self.pid = pid
        mine: Any = self
        mine._child_created = True
        mine._close_pipe_fds(*(values[name] for name in _PIPES))


_EXECUTE_REALLY: Final = RealPopen._execute_child  # type: ignore[attr-defined]
_PIPES: Final = ("p2cread", "p2cwrite", "c2pread", "c2pwrite", "errread", "errwrite")


def _request(values: Mapping[str, Any]) -> Request | None:
    """Return what to ask the server for; None if the process needs an interpreter of its own."""
    given = values["args"]
    if not isinstance(given, (list, tuple)) or any(
        values.get(name, usual) != usual for name, usual in _UNSUPPORTED.items()
    ):
        return None
    command, takes_terminal = without_terminal_prefix([os.fspath(word) for word in given])
    inherited = values["env"]
    environment = {
        os.fsdecode(name): os.fsdecode(value)
        for name, value in (os.environ if inherited is None else inherited).items()
    }
    kept = sorted({*values["pass_fds"]} - {0, 1, 2})
    if len(kept) + 3 > MOST_DESCRIPTORS or not SERVER.can_start(command, environment):
        return None
    try:
        directory = Path(values["cwd"] or Path.cwd()).resolve(strict=True)
    except OSError:  # as Popen reports it
        return None
    umask = values["umask"] if values["umask"] != -1 else _current_umask()
    return Request(
        command,
        environment,
        str(directory),
        (0, 1, 2, *kept),
        umask,
        values["start_new_session"],
        takes_terminal,
        values["process_group"],
    )


def _current_umask() -> int:
    """Return the umask of this process. `os.umask` would change it for a moment, for all threads."""
    (line,) = re.findall(r"^Umask:\s*(\d+)$", Path("/proc/self/status").read_text(), re.MULTILINE)
    return int(line, 8)

"""The server's side: import everything, fork for each request, and make the child what was asked for."""

from __future__ import annotations

import fcntl
import gc
import importlib
import io
import os
import pkgutil
import signal
import socket
import sys
import tempfile
import termios
import threading
import time
from contextlib import suppress
from typing import Any, Final

import clawtui
from tests.forkserver.cloning import clone_sibling
from tests.forkserver.process_title import set_command_line
from tests.forkserver.request import LENGTH, MOST_DESCRIPTORS, Request

_PROGRAM: Final = "clawtui.cli.main"
"""What it does when it is imported depends on the command line, so that each child imports it itself."""

_STARTED_WITH: Final = signal.getsignal(signal.SIGINT)


def import_all() -> None:
    """Import what any command or dashboard imports, and have forks share the memory."""
    importlib.import_module(_PROGRAM)  # first: it keeps pydantic from searching for plugins
    for module in pkgutil.walk_packages(clawtui.__path__, "clawtui."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    _import_lazy_widgets()
    del sys.modules[_PROGRAM]
    assert threading.active_count() == 1
    gc.collect()
    gc.freeze()


def _import_lazy_widgets() -> None:
    """Import the widgets of Textual that clawtui uses: `textual.widgets` imports each where it is first used."""
    import textual.drivers.linux_driver
    import textual.widgets

    for name in ("Input", "OptionList", "Static", "TextArea"):
        getattr(textual.widgets, name)


def serve(client: socket.socket) -> Request | None:
    """Fork for each request of `client`. Return the request in the child, and None once the client has gone.

    First it sends the pid of a process that ends at once: the client then knows that this kernel can do all of it.
    Raises OSError where it cannot.
    """
    # Ctrl+C in the terminal of the tests is for the tests; the server ends with its client.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    set_command_line(sys.orig_argv, os.environ)
    if (probe := clone_sibling()) == 0:
        os._exit(0)
    client.sendall(LENGTH.pack(probe))
    while head := _receive_head(client):
        request, descriptors = head
        pid = clone_sibling()
        if pid == 0:
            client.close()
            _become(request, descriptors)
            return request
        for descriptor in descriptors:
            os.close(descriptor)
        client.sendall(LENGTH.pack(pid))
    return None


def _receive_head(client: socket.socket) -> tuple[Request, list[int]] | None:
    data, descriptors, _, _ = socket.recv_fds(client, LENGTH.size, MOST_DESCRIPTORS)
    if not data:
        return None
    (length,) = LENGTH.unpack(data)
    body = b""
    while len(body) < length:
        body += client.recv(length - len(body))
    return Request.decoded(body), descriptors


def _become(request: Request, received: list[int]) -> None:
    """Make this process one that was started for `request`."""
    _take_descriptors(received, request.descriptors)
    if request.new_session:
        os.setsid()
    elif request.process_group >= 0:
        os.setpgid(0, request.process_group)
    if request.takes_terminal:
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    os.umask(request.umask)
    os.chdir(request.directory)
    os.environ.clear()
    os.environ.update(request.environment)
    time.tzset()
    tempfile.tempdir = None
    set_command_line(request.command, request.environment)
    sys.orig_argv[:] = request.command
    sys.argv[:] = request.command[2:]
    sys.path[0] = request.directory
    signal.signal(signal.SIGINT, _STARTED_WITH)
    _open_streams()
    _read_again()


def _take_descriptors(received: list[int], numbers: tuple[int, ...]) -> None:
    """Give the received descriptors their numbers, and close all others."""
    above = max(*numbers, *received) + 1
    moved = [fcntl.fcntl(descriptor, fcntl.F_DUPFD, above) for descriptor in received]
    for descriptor, number in zip(moved, numbers, strict=True):
        os.dup2(descriptor, number)
    others = {int(name) for name in os.listdir("/proc/self/fd")} - {*numbers}  # noqa: PTH208
    for descriptor in others:
        with suppress(OSError):  # that of the listing itself
            os.close(descriptor)


def _open_streams() -> None:
    """Open the standard streams as the interpreter does in a locale of C.UTF-8."""
    at_once = bool(os.environ.get("PYTHONUNBUFFERED"))
    as_given: dict[str, Any] = {"encoding": "utf-8", "errors": "surrogateescape", "newline": "\n"}
    stdin = io.TextIOWrapper(open(0, "rb", closefd=False), **as_given)  # noqa: SIM115
    stdout, stderr = (
        io.TextIOWrapper(
            open(number, "wb", 0 if at_once else -1, closefd=False),  # noqa: SIM115
            **as_given | {"errors": errors},
            line_buffering=by_line,
            write_through=at_once,
        )
        for number, errors, by_line in ((1, "surrogateescape", os.isatty(1)), (2, "backslashreplace", True))
    )
    sys.stdin = sys.__stdin__ = stdin  # type: ignore[misc]
    sys.stdout = sys.__stdout__ = stdout  # type: ignore[misc]
    sys.stderr = sys.__stderr__ = stderr  # type: ignore[misc]


def _read_again() -> None:
    """Have Textual read how much to animate where it uses it: the dashboard sets that before it imports Textual."""
    from textual import constants

    def missing(name: str) -> object:
        if name != "TEXTUAL_ANIMATIONS":
            raise AttributeError(name)
        return constants._get_textual_animations()

    values = vars(constants)
    del values["TEXTUAL_ANIMATIONS"]
    values["__getattr__"] = missing

"""A process that waits before it runs its command, so that its identity is known before the command starts."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import sys
from collections.abc import Callable, Collection, Sequence

from msgspec import Struct

from clawtui.model.errors import Refused

_SET_PARENT_DEATH_SIGNAL = 1
"""``PR_SET_PDEATHSIG`` of prctl(2)."""
_WORD = 4
"""Bytes of the error number that the child writes where the command could not be started."""


class GatedCommand(Struct, frozen=True):
    """The process of a command that has not started."""

    pid: int
    _gate: socket.socket
    _fault: int

    def start(self, inherited: int | None) -> None:
        """Start the command, with the descriptor ``inherited`` open in it. Raises OSError where it cannot start."""
        try:
            with self._gate:
                socket.send_fds(self._gate, [b"\n"], [] if inherited is None else [inherited])
            fault = os.read(self._fault, _WORD)
        finally:
            os.close(self._fault)
        if fault:
            number = int.from_bytes(fault, "little")
            os.waitpid(self.pid, 0)
            raise OSError(number, os.strerror(number))

    def cancel(self) -> None:
        """End the process without starting the command."""
        self._gate.close()
        os.close(self._fault)
        os.waitpid(self.pid, 0)


def gate_command(
    command: Sequence[str], mask: Collection[int | signal.Signals], *, die_with_parent: bool
) -> GatedCommand:
    """Fork the process that is to run ``command``, with ``mask`` as its blocked signals.

    It ends by itself where this process ends before it was started. With ``die_with_parent`` it is also killed where
    the calling thread ends later, so call it in the main thread then. Raises Refused where the system cannot do that;
    OSError where no further process is possible.
    """
    bind = _parent_death_binder() if die_with_parent else _do_not_bind
    ours, theirs = socket.socketpair()
    fault, fault_of_child = os.pipe()
    parent = os.getpid()
    try:
        pid = os.fork()
    except OSError:
        for descriptor in (fault, fault_of_child):
            os.close(descriptor)
        ours.close()
        theirs.close()
        raise
    if pid == 0:
        ours.close()
        os.close(fault)
        _wait_and_run(command, mask, theirs, fault_of_child, lambda: bind(parent))
    theirs.close()
    os.close(fault_of_child)
    return GatedCommand(pid, ours, fault)


def _wait_and_run(
    command: Sequence[str],
    mask: Collection[int | signal.Signals],
    gate: socket.socket,
    fault: int,
    bind: Callable[[], None],
) -> None:
    """Run in the child; never returns."""
    try:
        bind()
        word, inherited, _, _ = socket.recv_fds(gate, 1, 1)
        if word:
            for descriptor in inherited:
                os.set_inheritable(descriptor, True)
            _reset_signals(mask)
            os.execvp(command[0], list(command))
    except OSError as error:
        os.write(fault, (error.errno or 0).to_bytes(_WORD, "little"))
    finally:
        os._exit(126)


def _reset_signals(mask: Collection[int | signal.Signals]) -> None:
    """Restore the default for signals that Python handles or ignores; signals that the caller ignores stay ignored."""
    for number in signal.valid_signals():
        if callable(signal.getsignal(number)):
            signal.signal(number, signal.SIG_DFL)
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def _do_not_bind(parent: int) -> None:
    """Let the process outlive its parent."""


def _parent_death_binder() -> Callable[[int], None]:
    """Return a function that ties the child's life to its parent's. Loaded before the fork: a child should load
    nothing."""
    if sys.platform != "linux":
        raise Refused("--die-with-me: this system cannot end a command with its parent; nothing was run")
    library = ctypes.CDLL(None, use_errno=True)

    def bind(parent: int) -> None:
        if library.prctl(_SET_PARENT_DEATH_SIGNAL, int(signal.SIGKILL), 0, 0, 0):
            raise OSError(ctypes.get_errno(), "prctl")
        if os.getppid() != parent:  # the parent ended before the child could be tied to it
            os._exit(126)

    return bind

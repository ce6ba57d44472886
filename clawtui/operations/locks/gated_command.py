"""A command that is a process already, and waits to be let go: its identity is known before it does anything."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import sys
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from clawtui.model.errors import Refused

_SET_PARENT_DEATH_SIGNAL = 1
"""``PR_SET_PDEATHSIG`` of prctl(2)."""
_WORD = 4
"""Bytes of the number that says why the command could not be started."""


@dataclass(frozen=True, slots=True)
class GatedCommand:
    """The process of a command that has not begun."""

    pid: int
    _gate: socket.socket
    _fault: int

    def let_go(self, inherited: int | None) -> None:
        """Let the command begin, with the descriptor ``inherited`` open in it. Raises OSError where it cannot."""
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
        """End the process, which has not begun."""
        self._gate.close()
        os.close(self._fault)
        os.waitpid(self.pid, 0)


def gate_command(
    command: Sequence[str], mask: Collection[int | signal.Signals], *, die_with_parent: bool
) -> GatedCommand:
    """Fork the process that is to run ``command`` with ``mask`` as its blocked signals.

    It ends by itself where this process ends before it was let go; with ``die_with_parent`` it is killed too where
    this thread ends later, so that must be the one that stays: the main thread. Raises Refused where the system cannot
    do that; OSError where there can be no further process.
    """
    bind = _parent_death_binder() if die_with_parent else _bind_nothing
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
    """Run in the child, and never return."""
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
    """As a new process has them: what Python handles and ignores is as usual, what the caller ignores stays so."""
    for number in signal.valid_signals():
        if callable(signal.getsignal(number)):
            signal.signal(number, signal.SIG_DFL)
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def _bind_nothing(parent: int) -> None:
    """Let the process live on without its parent."""


def _parent_death_binder() -> Callable[[int], None]:
    """Return what binds the child's life to its parent's. Loaded before the fork: a child should load nothing."""
    if sys.platform != "linux":
        raise Refused("--die-with-me: this system cannot end a command with its parent; nothing was run")
    library = ctypes.CDLL(None, use_errno=True)

    def bind(parent: int) -> None:
        if library.prctl(_SET_PARENT_DEATH_SIGNAL, int(signal.SIGKILL), 0, 0, 0):
            raise OSError(ctypes.get_errno(), "prctl")
        if os.getppid() != parent:  # it has ended before it could be bound to
            os._exit(126)

    return bind

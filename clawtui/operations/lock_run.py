"""Running a command with a repository's lock held, as flock(1) does with a file's."""

from __future__ import annotations

import os
import signal
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from clawtui.model.holder import LOCK_RUN_ID
from clawtui.model.lock import RepositoryLock, normalize_repo_key
from clawtui.model.text import clean
from clawtui.operations.actor import this_actor
from clawtui.operations.locks import report_at
from clawtui.operations.processes import ThisHost
from clawtui.operations.snapshot import read_fleet
from clawtui.storage.dispatcher_store import DispatcherStore
from clawtui.storage.errors import Refused, StorageError
from clawtui.storage.expired_lock import TakenBack
from clawtui.storage.lock_manager import RepositoryLockManager
from clawtui.storage.paths import StatePaths
from clawtui.storage.roots import command_line_for

NOT_FOUND = 127
NOT_EXECUTABLE = 126
"""What a shell's exit status says of a command that could not be started."""

_POLL_SECONDS = 0.1
_LOOK_SECONDS = 0.5
"""Between two looks at the command where no signal comes: one of a caller's threads may be given ours, and drop it."""
_NONE = 0
_HELD = frozenset(
    {signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2, signal.SIGCHLD}
)
_FROM_KERNEL = 0x80
"""The code of a signal that the terminal made: the whole foreground has it already, the command too."""


def _tell_nothing(message: str) -> None:
    """Say nothing: a caller that wants to know passes another function."""


_Signals = set[int | signal.Signals]


@dataclass(frozen=True, slots=True)
class Ending:
    """How a command ended that ran with a lock held."""

    status: int
    """The command's exit status, as a shell tells it."""
    complaint: str | None = None
    """What went wrong beside it, in words."""


def run_locked(
    paths: StatePaths,
    repo_url: str,
    command: Sequence[str],
    *,
    clock: Callable[[], datetime],
    wait: float = 0.0,
    tell: Callable[[str], None] = _tell_nothing,
    monotonic: Callable[[], float] = time.monotonic,
) -> Ending:
    """Runs ``command`` with the repository's lock held, and releases that lock, and no other, however it ends.

    Waits up to ``wait`` seconds for the lock. Signals are passed on to the command. ``tell`` is called with what is to
    be said before the command runs: that an expired lock was taken back. Raises Refused, and says who holds it, where
    it stays locked; Invalid where the address is none.
    """
    deadline = monotonic() + wait
    while True:
        with _signals_held_back() as usual:
            lock = _acquire(paths, repo_url, clock(), lambda taken: tell(_told_taken_back(taken)))
            if lock is not None:
                return _run_and_release(RepositoryLockManager(paths), lock, command, usual)
        if monotonic() >= deadline:
            raise Refused(_who_holds(paths, repo_url, clock()))
        time.sleep(_POLL_SECONDS)


def _acquire(
    paths: StatePaths, repo_url: str, now: datetime, on_taken_back: Callable[[TakenBack], None]
) -> RepositoryLock | None:
    """As the gateway acquires a lock; but one whose run shows life is not taken back, though it has expired."""
    manager = RepositoryLockManager(paths)
    timeout = DispatcherStore(paths).lock_timeout()
    standing = manager.get(repo_url)
    if standing is not None:
        lock = standing.value
        if lock is None or not lock.expired(now, timeout) or _is_live(paths, standing.path, now):
            return None
    return manager.acquire(
        repo_url,
        LOCK_RUN_ID,
        f"manual:{uuid.uuid4()}",
        now=now,
        pid=os.getpid(),
        hostname=ThisHost().name,
        timeout=timeout,
        actor=this_actor(),
        on_taken_back=on_taken_back,
    )


def _told_taken_back(taken: TakenBack) -> str:
    was = f"took back the lock of {taken.lock.repo_key} from {taken.lock.holder_text}: {taken.fact}"
    return "\n".join(
        [clean(was), *taken.complaints, f"It is set aside, to be restored within a day: {taken.aside.path}"]
    )


def _is_live(paths: StatePaths, path: str, now: datetime) -> bool:
    report = report_at(path, read_fleet(paths), now)
    return report is not None and report.judged.verdict == "live"


def _who_holds(paths: StatePaths, repo_url: str, now: datetime) -> str:
    standing = RepositoryLockManager(paths).get(repo_url)
    report = report_at(standing.path, read_fleet(paths), now) if standing is not None else None
    if report is None:
        return f"{repo_url} was locked until a moment ago; nothing was run\nTry again, or add --wait SECONDS."
    lock, path = report.reading.value, report.reading.path
    if lock is None:
        why = report.reading.problem.message if report.reading.problem else "cannot be read"
        return f"{path} {why}, which counts as a lock; nothing was run"
    holder = lock.holder_text
    key, line = normalize_repo_key(repo_url), command_line_for(paths.root)
    if lock.repo_key != key:
        return (
            f"{key} counts as locked: the lock of {lock.repo_key} has its name, held by {holder}; nothing was run\n"
            f"{line.hint('lock', 'show', path, name='KEY')} shows every fact."
        )
    if DispatcherStore(paths).lock_timeout() is None:
        holder += ", and whether that has expired is not known, as config/dispatcher.json cannot be read"
    return (
        f"{key} is locked by {holder}: {report.judged.verdict}; nothing was run\n"
        f"{line.hint('lock', 'show', key, name='KEY')} shows every fact. Add --wait SECONDS to wait."
    )


def _run_and_release(
    manager: RepositoryLockManager, lock: RepositoryLock, command: Sequence[str], usual: _Signals
) -> Ending:
    complaints = []
    try:
        status = _run(command, usual)
    except OSError as error:
        missing = isinstance(error, FileNotFoundError)
        status = NOT_FOUND if missing else NOT_EXECUTABLE
        complaints.append(f"{command[0]}: {'no such command' if missing else (error.strerror or str(error)).lower()}")
    finally:
        try:
            if not manager.release(lock):
                became = "is another's by now, and stays" if manager.get(lock.repo_url) else "was released meanwhile"
                complaints.append(f"the lock of {lock.repo_key} {became}")
        except StorageError as error:
            complaints.append(f"the lock was not released: {error}")
        _forget_signals()
    return Ending(status, "\n".join(complaints) or None)


@contextmanager
def _signals_held_back() -> Iterator[_Signals]:
    """Signals wait until somebody asks for them. Gives the mask that was in force before."""
    children = signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _HELD)
    try:
        yield before
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        signal.signal(signal.SIGCHLD, children)


def _forget_signals() -> None:
    """What still waits was meant for the command, which is over: its own exit status is to be ours."""
    while waiting := signal.sigpending() & _HELD:
        signal.sigwait(waiting)


def _run(command: Sequence[str], usual: _Signals) -> int:
    """The command's exit status. Raises OSError where it cannot be started."""
    ignored_by_python = (signal.SIGPIPE, signal.SIGXFSZ)
    child = os.posix_spawnp(command[0], tuple(command), os.environ, setsigmask=usual, setsigdef=ignored_by_python)
    while True:
        number, shared = _next_signal()
        if number in (signal.SIGCHLD, _NONE):
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                code = os.waitstatus_to_exitcode(status)
                return code if code >= 0 else 128 - code
        elif not shared:
            os.kill(child, number)


def _next_signal() -> tuple[int, bool]:
    """The next signal for us, if one comes soon, and whether the terminal has sent it to the command as well."""
    if sys.platform == "darwin":
        number = signal.sigwait(_HELD)
        return number, number in (signal.SIGINT, signal.SIGQUIT)
    told = signal.sigtimedwait(_HELD, _LOOK_SECONDS)
    return (told.si_signo, told.si_code == _FROM_KERNEL) if told is not None else (_NONE, False)

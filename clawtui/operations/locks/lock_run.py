"""``clawtui lock run``: a command that runs under a repository's lock, as flock(1) does with a file."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime

from msgspec import Struct

from clawtui.model.documents.lock import RepositoryLock, normalize_repo_key
from clawtui.model.errors import ClawtuiError, Refused
from clawtui.model.liveness.process_evidence import COMMAND_PID, COMMAND_TICKS, LOCK_RUN_ID
from clawtui.model.text.cleaning import clean
from clawtui.operations.evidence.host import ThisHost, identity_of
from clawtui.operations.evidence.processes import start_ticks
from clawtui.operations.locks.gated_command import GatedCommand, gate_command
from clawtui.operations.locks.report import report_at
from clawtui.operations.locks.signal_relay import SignalMask, drop_pending, signals_blocked, wait_for
from clawtui.operations.state.follow_fleet import read_fleet
from clawtui.operations.user.actor import this_actor
from clawtui.storage.locks.expired_lock import TakenBack
from clawtui.storage.locks.manager import RepositoryLockManager
from clawtui.storage.locks.open_lock import let_go
from clawtui.storage.paths import StatePaths
from clawtui.storage.roots import command_line_for
from clawtui.storage.stores.dispatcher import DispatcherStore

NOT_FOUND = 127
NOT_EXECUTABLE = 126
"""The exit statuses of a shell for a command that could not be started."""

_POLL_SECONDS = 0.1


def _ignore(message: str) -> None:
    """Ignore a message; the default of ``run_locked``."""


class Ending(Struct, frozen=True):
    """The end of a command that ran under a lock."""

    status: int
    """The exit status of the command, as a shell reports it."""
    complaint: str | None = None
    """Other errors, in one or more lines; None where there were none."""


def run_locked(
    paths: StatePaths,
    repo_url: str,
    command: Sequence[str],
    *,
    clock: Callable[[], datetime],
    wait: float = 0.0,
    notify: Callable[[str], None] = _ignore,
    die_with_me: bool = False,
    monotonic: Callable[[], float] = time.monotonic,
) -> Ending:
    """Run ``command`` under the repository's lock, and release exactly that lock however the command ends.

    Waits up to ``wait`` seconds for the lock. Signals are passed on to the command. ``notify`` receives a message
    before the command runs where an expired lock was taken back. Where this process is killed, the lock counts as held
    until the command and all processes that inherited its descriptors have ended; with ``die_with_me`` the command is
    killed too, unless it changes its user (``sudo``); call it in the main thread then.

    Raises Refused, with the holder, if the repository stays locked, or if the system cannot do that; Invalid if the
    address is not that of a repository.
    """
    deadline = monotonic() + wait
    while True:
        with signals_blocked() as usual:
            ending = _try_to_run(paths, repo_url, command, clock(), notify, usual, die_with_me)
            if ending is not None:
                return ending
        if monotonic() >= deadline:
            raise Refused(_who_holds(paths, repo_url, clock()))
        time.sleep(_POLL_SECONDS)


def _try_to_run(
    paths: StatePaths,
    repo_url: str,
    command: Sequence[str],
    now: datetime,
    notify: Callable[[str], None],
    usual: SignalMask,
    die_with_me: bool,
) -> Ending | None:
    """Take the lock and run the command; None where the repository is locked.

    The process of the command is forked before the lock is acquired, and waits. So the lock always names the process,
    and the command never runs without a lock that names it.
    """
    if not _may_be_taken(paths, repo_url, now):
        return None
    gated = gate_command(command, usual, die_with_parent=die_with_me)
    lock = None
    try:
        lock = _acquire(paths, repo_url, now, gated.pid, lambda taken: notify(_taken_back_text(taken)))
    finally:
        if lock is None:
            gated.cancel()
    return _run_and_release(RepositoryLockManager(paths), lock, command, gated) if lock is not None else None


def _may_be_taken(paths: StatePaths, repo_url: str, now: datetime) -> bool:
    """Return whether the repository is free, or has an expired lock without signs of life."""
    standing = RepositoryLockManager(paths).get(repo_url)
    if standing is None:
        return True
    lock = standing.value
    expired = lock is not None and lock.expired(now, DispatcherStore(paths).lock_timeout())
    return expired and not _is_live(paths, standing.path, now)


def _acquire(
    paths: StatePaths, repo_url: str, now: datetime, command_pid: int, on_taken_back: Callable[[TakenBack], None]
) -> RepositoryLock | None:
    """Acquire the lock as the gateway does, with the identity of this process and of the command in it."""
    command = {COMMAND_PID: command_pid, COMMAND_TICKS: start_ticks(command_pid)}
    return RepositoryLockManager(paths).acquire(
        repo_url,
        LOCK_RUN_ID,
        f"manual:{uuid.uuid4()}",
        now=now,
        pid=os.getpid(),
        hostname=ThisHost().name,
        actor=this_actor(),
        on_taken_back=on_taken_back,
        extra={**identity_of(os.getpid()), **{name: value for name, value in command.items() if value is not None}},
    )


def _taken_back_text(taken: TakenBack) -> str:
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
    unknown = ""
    if DispatcherStore(paths).lock_timeout() is None:
        unknown = "Its expiry is unknown: config/dispatcher.json cannot be read. "
    return (
        f"{key} is locked by {holder}: {report.judged.verdict}; nothing was run\n"
        f"{unknown}{line.hint('lock', 'show', key, name='KEY')} shows every fact. Add --wait SECONDS to wait."
    )


def _run_and_release(
    manager: RepositoryLockManager, lock: RepositoryLock, command: Sequence[str], gated: GatedCommand
) -> Ending:
    complaints = []
    kept = manager.keep_open(lock)
    try:
        gated.start(kept)
        status = wait_for(gated.pid)
    except OSError as error:
        missing = isinstance(error, FileNotFoundError)
        status = NOT_FOUND if missing else NOT_EXECUTABLE
        complaints.append(f"{command[0]}: {'no such command' if missing else (error.strerror or str(error)).lower()}")
    finally:
        if kept is not None:
            let_go(kept)
        try:
            if not manager.release(lock):
                became = (
                    "belongs to another holder by now, and stays"
                    if manager.get(lock.repo_url)
                    else "was released meanwhile"
                )
                complaints.append(f"the lock of {lock.repo_key} {became}")
        except ClawtuiError as error:
            complaints.append(f"the lock was not released: {error}")
        drop_pending()
    return Ending(status, "\n".join(complaints) or None)

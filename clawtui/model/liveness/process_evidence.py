"""Evidence about the process that took a lock, from its pid and host (errata 18; contract: the verdict)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.liveness.evidence import Evidence, EvidenceItem, Host, Process, Proof

LOCK_RUN_ID = "clawtui-lock-run"
"""The automation id in the locks of ``clawtui lock run``; their pid is that of its process, which ends with
the command."""
COMMAND_PID = "commandPid"
COMMAND_TICKS = "commandStartTicks"
"""Keys of such a lock: the process of the command, and its start in clock ticks since the boot (``bootId``)."""

_COMMON_HOST_NAMES = frozenset({"", "(none)", "localhost", "localhost4", "localhost6", "unknown"})
"""Host names that many hosts have, so that they identify none; compared without the domain."""


def holder_evidence(facts: Evidence, lock: RepositoryLock) -> Iterator[EvidenceItem]:
    """Yield the evidence about the process that took the lock; there is none about one on another host.

    If ``facts.kept`` says that the lock is held, the state of the process does not matter.
    """
    if facts.kept is not None:
        yield EvidenceItem(facts.kept, Proof.ALIVE)
        if not is_elsewhere(lock, facts.host) and lock.knows("pid"):
            yield EvidenceItem(_process_evidence(facts, lock).text)
        return
    if is_elsewhere(lock, facts.host):
        yield EvidenceItem(_elsewhere(lock, facts.host), Proof.UNREACHABLE)
        return
    if lock.knows("pid"):
        yield _process_evidence(facts, lock)
    else:
        unknown = Proof.NOTHING if facts.shows_life(lock) else Proof.UNREACHABLE
        yield EvidenceItem("which process holds it cannot be read", unknown)
    if (item := _boot_evidence(facts, lock)) is not None:
        yield item


def is_elsewhere(lock: RepositoryLock, host: Host) -> bool:
    """Return whether another host holds the lock: by machine-id if both are known, else by name."""
    machine = lock.holder.machine_id
    if machine is not None and host.machine_id is not None:
        return machine != host.machine_id
    return lock.knows("hostname") and lock.hostname != host.name


def is_common_host_name(name: str) -> bool:
    """Return whether many hosts have this name, so that it identifies none."""
    return name.casefold().partition(".")[0] in _COMMON_HOST_NAMES


def is_gone(facts: Evidence, lock: RepositoryLock) -> bool:
    """Return whether the process that took the lock has certainly ended."""
    if facts.kept is not None or is_elsewhere(lock, facts.host) or not lock.knows("pid"):
        return False
    return _process_evidence(facts, lock).proof == Proof.DEAD


def _elsewhere(lock: RepositoryLock, host: Host) -> str:
    held = f"pid {lock.pid} on {lock.hostname or 'a host without a name'} holds it, and this is {host.name}"
    if lock.hostname == host.name:
        return f"{held}, but with another machine-id: another host of the same name"
    alike = lock.hostname.casefold().partition(".")[0] == host.name.casefold().partition(".")[0]
    return f"{held}: perhaps the same host, but who can tell" if alike else held


def _process_evidence(facts: Evidence, lock: RepositoryLock) -> EvidenceItem:
    process = facts.host.process
    if process is None:
        return _absent(facts, lock, f"pid {lock.pid} is gone")
    if process.ended:
        return _absent(facts, lock, f"pid {lock.pid} has ended, and waits for its parent to take note")
    if process.start_ticks is not None and lock.holder.start_ticks is not None:
        return _by_ticks(facts, lock, process)
    if process.started is None or not lock.knows("acquired_at"):
        what = "when it started" if process.started is None else "whether it started before the lock was taken"
        return EvidenceItem(f"{_named(process)} is there; {what} is not known")
    return _by_start(facts, lock, process, process.started)


def _by_start(facts: Evidence, lock: RepositoryLock, process: Process, start: datetime) -> EvidenceItem:
    """Compare the start in wall-clock time, which proves nothing if the clock was set since."""
    started, taken = facts.time_texts(start, lock.acquired_at)
    if start <= lock.acquired_at + facts.slack:
        at_once = lock.acquired_at - start <= facts.slack
        order = f"{started}, as the lock was taken" if at_once else f"{started}, before the lock was taken {taken}"
        return _present(lock, f"{_named(process)} is there; it started {order}")
    stranger = f"{_named(process)} started {started}, after the lock was taken {taken}"
    if not facts.host.can_date(lock.acquired_at):
        return EvidenceItem(f"{stranger}; but {_why_undated(facts.host)}, so that proves nothing")
    last = facts.last_sign(lock)
    if last is not None and last > start + facts.slack:
        (lived,) = facts.time_texts(last)
        return EvidenceItem(f"{stranger}, yet its run showed life at {lived}: another clock, or another container")
    return _absent(facts, lock, f"{stranger}: another process")


def _by_ticks(facts: Evidence, lock: RepositoryLock, process: Process) -> EvidenceItem:
    """Compare the start in ticks since the boot, which do not depend on the wall clock."""
    if process.start_ticks == lock.holder.start_ticks:
        return _present(lock, f"{_named(process)} is there, and is the one that took the lock: the start is the same")
    return _absent(facts, lock, f"{_named(process)} has another start than the one that took the lock")


def _present(lock: RepositoryLock, text: str) -> EvidenceItem:
    if lock.automation_id == LOCK_RUN_ID:
        return EvidenceItem(f"{text}, and holds it while a command runs (clawtui lock run)", Proof.ALIVE)
    return EvidenceItem(text)


def _absent(facts: Evidence, lock: RepositoryLock, text: str) -> EvidenceItem:
    """Return the evidence of a holder that this process does not find under the pid."""
    namesake = facts.host.namesake
    if namesake is not None and _may_have_taken(namesake, facts, lock):
        inside = f"a container on this host has a pid {lock.pid} of its own, which is {_named(namesake)} out here"
        return EvidenceItem(f"{text}; but {inside}: that may be the holder")
    doubt = _why_invisible(facts.host, lock) or _why_unsure_of_host(facts.host, lock)
    if doubt is not None:
        return EvidenceItem(f"{text}, but {doubt}", Proof.UNREACHABLE)
    if facts.sign_after_exit is not None:
        (lived,) = facts.time_texts(facts.sign_after_exit.at)
        where = f"its session wrote to {facts.sign_after_exit.source} at {lived}, after that was seen"
        return EvidenceItem(f"{text}, but {where}: it runs elsewhere, on another host of this name", Proof.UNREACHABLE)
    return EvidenceItem(text, Proof.DEAD)


def _may_have_taken(process: Process, facts: Evidence, lock: RepositoryLock) -> bool:
    unknown = process.started is None or not lock.knows("acquired_at")
    return unknown or (process.started is not None and process.started <= lock.acquired_at + facts.slack)


def _why_invisible(host: Host, lock: RepositoryLock) -> str | None:
    """Return why the holder may be a process of this host that this process cannot see; None if it cannot be one."""
    namespace = lock.holder.pid_namespace
    if namespace is None or host.pid_namespace is None or lock.holder.boot_id != host.boot_id:
        return host.hidden
    return None if namespace == host.pid_namespace else "the lock was taken in another pid namespace"


def _why_unsure_of_host(host: Host, lock: RepositoryLock) -> str | None:
    """Return why the lock may be of another host although the name is the same; None if it cannot be."""
    if lock.holder.machine_id is not None and lock.holder.machine_id == host.machine_id:
        return None
    if not lock.knows("hostname"):
        return "on which host it was taken cannot be read"
    if is_common_host_name(host.name):
        return f"many hosts are called “{host.name}”, so it may be of another"
    if host.network is not None:
        return f"other hosts can use this directory too ({host.network}), and one may have the same name"
    return None


def _boot_evidence(facts: Evidence, lock: RepositoryLock) -> EvidenceItem | None:
    """Return the evidence from the last boot of this host: by boot id if the lock has one, else by the wall clock."""
    booted, boot_id = facts.host.booted, lock.holder.boot_id
    if booted is None or not lock.knows("acquired_at"):
        return None
    by_id = boot_id is not None and facts.host.boot_id is not None
    if boot_id == facts.host.boot_id if by_id else lock.acquired_at >= booted - facts.slack:
        return None
    started, taken = facts.time_texts(booted, lock.acquired_at)
    text = f"this host started {started}, after the lock was taken {taken}"
    if by_id:
        text = f"this host started {started}, and the lock is from another start of it"
    if not by_id and not facts.host.can_date(lock.acquired_at):
        return EvidenceItem(f"{text}; but {_why_undated(facts.host)}, so that proves nothing")
    last = facts.last_sign(lock)
    if last is not None and last > booted + facts.slack:
        (lived,) = facts.time_texts(last)
        return EvidenceItem(f"{text}, yet its run showed life at {lived}: the clock was set since")
    doubt = _why_unsure_of_host(facts.host, lock)
    return EvidenceItem(f"{text}, but {doubt}", Proof.UNREACHABLE) if doubt else EvidenceItem(text, Proof.DEAD)


def _why_undated(host: Host) -> str:
    if host.earlier_clocks is None:
        return "whether the clock was set since this host started is not known"
    return "the clock was set since this host started"


def _named(process: Process) -> str:
    return f"pid {process.pid} ({process.command})" if process.command else f"pid {process.pid}"

"""Locks whose holder is on the host of another open root: which host that is, and the verdict with its answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from msgspec.structs import replace

from clawtui.model.documents.base import Stamp
from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.fleet import Fleet, Reading, Workspace
from clawtui.model.liveness.process_evidence import is_common_host_name
from clawtui.model.liveness.verdict import LockJudgement, Verdict


class HostId(NamedTuple):
    """The identity of a host as it reports it."""

    name: str
    machine_id: str | None = None


class HostVerdict(NamedTuple):
    """The verdict of another host on the process of a lock."""

    judged: LockJudgement
    """``orphaned`` if the process is gone, ``live`` if it may be there, ``foreign`` if that host cannot know either."""
    host: str
    """The name of that host, cleaned."""
    at: datetime
    """When, by the clock of this host."""


def host_of(lock: RepositoryLock, own: str, hosts: Mapping[str, HostId]) -> str | None:
    """Return the root whose host the lock names, other than the root ``own`` that it is in; None if there is none.

    ``hosts`` has the host of each root that is connected. Machine-ids decide where both are known, else names.
    """
    machine = lock.holder.machine_id
    for root, host in hosts.items():
        if root == own:
            continue
        if machine is not None and host.machine_id is not None:
            if machine == host.machine_id:
                return root
        elif lock.knows("hostname") and lock.hostname == host.name and not is_common_host_name(host.name):
            return root
    return None


def with_host_verdict(
    own: LockJudgement, lock: RepositoryLock, other: HostVerdict, now: datetime, quiet_after: timedelta
) -> LockJudgement:
    """Return the verdict on a ``foreign`` lock, combined with that of the host that it names.

    A process that is gone leaves it ``orphaned``, unless its run has written since. A process that is there leaves it
    ``live`` or ``quiet``, by the signs of life in its own root. In doubt it stays ``foreign``.
    """
    who = f"judged on {other.host} at {other.at.astimezone(now.tzinfo):%H:%M:%S}: the lock names that host"
    foreign_facts = (*other.judged.facts, who)
    verdict: Verdict = "foreign"
    if other.judged.process_gone:
        if own.last_sign is None or own.last_sign <= other.at:
            verdict = "orphaned"
    elif other.judged.verdict == "live":
        shows_life = own.last_sign is not None and now - own.last_sign <= quiet_after
        verdict = "live" if shows_life or abs(lock.age(now)) <= quiet_after else "quiet"
    gone = verdict == "orphaned"
    facts = (*foreign_facts, *own.facts)
    return replace(own, verdict=verdict, facts=facts, foreign_facts=foreign_facts, process_gone=gone)


def is_same_store(one: Fleet, other: Fleet) -> bool:
    """Return whether two roots are one file system, seen from two hosts.

    They are if a lock has the same path, content and version in both, and the workspace of its automation is the same.
    The number of the device differs from host to host.
    """
    for path in one.locks.keys() & other.locks.keys():
        first, second = one.locks[path], other.locks[path]
        lock = first.value
        if lock is None or lock != second.value or not _is_same_version(first, second):
            continue
        here, there = one.workspaces.get(lock.automation_id), other.workspaces.get(lock.automation_id)
        if here is not None and there is not None and _is_same_workspace(here, there):
            return True
    return False


def _is_same_version(one: Reading[RepositoryLock], other: Reading[RepositoryLock]) -> bool:
    return (
        one.stamp is not None and other.stamp is not None and _without_device(one.stamp) == _without_device(other.stamp)
    )


def _without_device(stamp: Stamp) -> tuple[int, int, int]:
    return stamp.inode, stamp.size, stamp.mtime_ns


def _is_same_workspace(one: Workspace, other: Workspace) -> bool:
    """Return whether a document of it has the same version in both; those that are written often may differ."""
    pairs = ((one.info, other.info), (one.state, other.state))
    return any(
        here is not None
        and there is not None
        and here.stamp is not None
        and there.stamp is not None
        and _without_device(here.stamp) == _without_device(there.stamp)
        for here, there in pairs
    )

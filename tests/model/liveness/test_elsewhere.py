"""Locks that name the host of another root: which host, and the verdict combined with that of the host."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace

from clawtui.model.checked.reading import made
from clawtui.model.documents.base import Problem, Stamp
from clawtui.model.documents.lock import RepositoryLock
from clawtui.model.documents.workspace import RuntimeState
from clawtui.model.fleet import Fleet, Reading, Workspace
from clawtui.model.liveness.consent import Consent, consent_for
from clawtui.model.liveness.elsewhere import HostId, HostVerdict, host_of, is_same_store, with_host_verdict
from clawtui.model.liveness.verdict import LockJudgement, Verdict
from tests.gateway_root import NOON, iso

QUIET = timedelta(minutes=15)


def lock(**changes: object) -> RepositoryLock:
    document = {
        "repoUrl": "https://github.com/user/r.git",
        "repoKey": "github.com/user/r",
        "automationId": "r",
        "sessionId": "cron:r",
        "acquiredAt": iso(NOON - timedelta(hours=1)),
        "pid": 77,
        "hostname": "gw2",
        "lockType": "repository",
    }
    return made(RepositoryLock, document | changes)


@pytest.mark.parametrize(
    ("hosts", "found"),
    [
        ({"one": HostId("gw1"), "two": HostId("gw2")}, "two"),
        ({"one": HostId("gw2"), "two": HostId("gw3")}, None),
        ({"two": HostId("gw2.example.org")}, None),
        ({"two": HostId("gw2", "b" * 32)}, "two"),
    ],
)
def test_a_lock_is_judged_on_the_host_that_it_names_but_not_by_its_own_root(
    hosts: dict[str, HostId], found: str | None
) -> None:
    assert host_of(lock(), "one", hosts) == found


def test_machine_ids_decide_before_names_and_a_name_of_many_hosts_decides_nothing() -> None:
    named = lock(machineId="a" * 32)
    assert host_of(named, "one", {"two": HostId("gw2", "b" * 32), "three": HostId("renamed", "a" * 32)}) == "three"
    assert host_of(lock(hostname="localhost"), "one", {"two": HostId("localhost")}) is None


@pytest.mark.parametrize(
    ("there", "gone", "last_sign", "verdict"),
    [
        ("orphaned", True, None, "orphaned"),
        ("orphaned", True, NOON - timedelta(minutes=1), "orphaned"),
        ("orphaned", True, NOON + timedelta(seconds=1), "foreign"),
        ("live", False, NOON - timedelta(minutes=1), "live"),
        ("live", False, None, "quiet"),
        ("foreign", False, None, "foreign"),
    ],
)
def test_the_verdict_of_the_host_decides_unless_its_run_has_written_since(
    there: Verdict, gone: bool, last_sign: object, verdict: Verdict
) -> None:
    own = LockJudgement("foreign", False, ("it is on gw2",), last_sign)  # type: ignore[arg-type]
    other = HostVerdict(LockJudgement(there, False, ("pid 77 says it",), process_gone=gone), "gw2", NOON)
    judged = with_host_verdict(own, lock(), other, NOON + timedelta(seconds=2), QUIET)
    assert judged.verdict == verdict
    assert judged.facts == ("pid 77 says it", "judged on gw2 at 12:00:00: the lock names that host", "it is on gw2")
    assert consent_for(judged) is (Consent.LIVE if verdict == "live" else Consent.TYPED), "it saves no confirmation"


def test_two_roots_are_one_store_by_the_version_of_a_lock_and_of_its_workspace() -> None:
    def seen(device: int, *, inode: int = 5, state_inode: int = 6) -> Fleet:
        state: Reading[RuntimeState] = Reading(
            "s", None, Problem("s", "is not JSON5"), Stamp(device, state_inode, 1, 1)
        )
        held = Reading("locks/r.lock", lock(), None, Stamp(device, inode, 10, 1))
        return Fleet("", locks={"locks/r.lock": held}, workspaces={"r": Workspace("r", state=state)})

    assert is_same_store(seen(1), seen(2))
    assert not is_same_store(seen(1), seen(2, inode=7))
    assert not is_same_store(seen(1), seen(2, state_inode=7))
    assert not is_same_store(seen(1), replace(seen(2), workspaces={}))
    assert not is_same_store(Fleet(""), Fleet(""))

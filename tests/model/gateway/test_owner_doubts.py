"""Cases in which a missing process is no proof: other hosts, hidden processes, containers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from clawtui.model.gateway.owner import OwnerEvidence, judge_owner
from clawtui.model.gateway.ownership import Lease
from clawtui.model.gateway.run import RunOwner
from clawtui.model.liveness.evidence import Host, Process, SignOfLife

NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)
BEGAN = NOON - timedelta(minutes=5)
LEASE = Lease(7, "box", 500, BEGAN - timedelta(hours=1), NOON, NOON + timedelta(minutes=5))
ABSENT = OwnerEvidence(RunOwner(7, 500), BEGAN, "run", Host("box", earlier_clocks=()), NOON, LEASE)


def test_a_process_that_is_gone_from_its_own_host_is_an_orphans() -> None:
    assert judge_owner(ABSENT).verdict == "orphaned"


@pytest.mark.parametrize(
    ("doubtful", "reason"),
    [
        (replace(ABSENT, host=replace(ABSENT.host, hidden="a container")), "a container"),
        (replace(ABSENT, host=replace(ABSENT.host, network="nfs4")), "nfs4"),
        (replace(ABSENT, host=replace(ABSENT.host, network="nfs4"), is_local_file=True), "nfs4"),
        (replace(ABSENT, lease=None), "not recorded"),
        (replace(ABSENT, lease=replace(LEASE, start_ticks=501)), "not recorded"),
        (replace(ABSENT, lease=replace(LEASE, created=NOON)), "not recorded"),
        (replace(ABSENT, lease=replace(LEASE, host="localhost"), host=replace(ABSENT.host, name="localhost")), "many"),
        (replace(ABSENT, host=replace(ABSENT.host, namesake=Process(90, "node", None))), "container"),
    ],
)
def test_an_owner_that_may_be_alive_on_another_host_is_foreign(doubtful: OwnerEvidence, reason: str) -> None:
    found = judge_owner(doubtful)
    assert found.verdict == "foreign"
    assert reason in found.facts[0]


def test_a_container_of_this_host_is_seen_by_the_start_of_its_process() -> None:
    inside = replace(ABSENT, host=replace(ABSENT.host, namesake=Process(90, "node", None, start_ticks=500)))
    assert judge_owner(inside).verdict == "live"
    stranger = replace(ABSENT, host=replace(ABSENT.host, namesake=Process(90, "node", None, start_ticks=501)))
    assert judge_owner(stranger).verdict == "orphaned"


def test_a_lock_file_needs_no_host_name_where_only_this_host_can_write() -> None:
    assert judge_owner(replace(ABSENT, lease=None, is_local_file=True)).verdict == "orphaned"


def test_a_clock_that_was_set_proves_nothing() -> None:
    owner = RunOwner(7, None)
    later = Process(7, "node", NOON, start_ticks=900)
    host = replace(ABSENT.host, process=later, earlier_clocks=None, booted=NOON - timedelta(minutes=1))
    found = judge_owner(replace(ABSENT, owner=owner, host=host, lease=None))
    assert found.verdict == "quiet"
    assert sum("proves nothing" in fact for fact in found.facts) == 2


def test_signs_from_the_future_do_not_count() -> None:
    alive = replace(ABSENT.host, process=Process(7, "node", None, start_ticks=500))
    old = replace(ABSENT, since=NOON - timedelta(hours=2), host=alive, lease=None)
    assert judge_owner(old).verdict == "quiet"
    assert judge_owner(replace(old, signs=(SignOfLife("its task", NOON + timedelta(days=1)),))).verdict == "quiet"
    assert judge_owner(replace(old, signs=(SignOfLife("its task", NOON - timedelta(minutes=1)),))).verdict == "live"


def test_hostile_names_are_harmless_in_facts() -> None:
    lease = replace(LEASE, host="evil\x1b[2J\u202e")
    assert "\x1b" not in "".join(judge_owner(replace(ABSENT, lease=lease)).facts)

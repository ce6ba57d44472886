"""Verdicts on the slots of real files, and freeing one."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from clawtui.model.documents.audit import Actor
from clawtui.model.documents.concurrency import Slot
from clawtui.model.errors import Changed, NoSuch, Refused
from clawtui.model.fleet import Fleet
from clawtui.model.liveness.consent import Consent
from clawtui.model.liveness.slot_verdict import SlotJudgement
from clawtui.operations.doctor.interrupted import find_interrupted
from clawtui.operations.slots.free import (
    FreedSlot,
    SlotTarget,
    find_slot,
    free_slot,
    read_slot_context,
    target_of_slot,
)
from clawtui.operations.slots.report import judged_slots
from clawtui.operations.state.follow_fleet import read_fleet
from clawtui.storage.paths import StatePaths
from clawtui.storage.user.audit import Audit
from tests.gateway_root import GatewayRoot, iso
from tests.operations.ailing import HOUR, MINUTE, Ward
from tests.operations.evidence.test_processes import ended_pid, sleeping

ACTOR = Actor(user="alice", ssh="10.0.0.7", terminal="/dev/pts/3", pid=4711, hostname="here")
FILE = "config/concurrency-state.json"


@pytest.fixture
def ward(gateway: GatewayRoot) -> Ward:
    return Ward(gateway)


@pytest.fixture
def audit(tmp_path: Path) -> Audit:
    return Audit(tmp_path / "own")


def paths(ward: Ward) -> StatePaths:
    return StatePaths(ward.gateway.root)


def judged(ward: Ward, number: int = 1) -> SlotJudgement:
    found = judged_slots(read_fleet(paths(ward)), datetime.now(UTC))
    return next(each for each in found if each.slot.slot_number == number)


def target(ward: Ward, number: int = 1, session: str | None = None) -> SlotTarget:
    fleet = read_fleet(paths(ward))
    return target_of_slot(find_slot(fleet, number, session), fleet)


def free(ward: Ward, meant: SlotTarget, consent: Consent, audit: Audit, **more: object) -> FreedSlot:
    return free_slot(
        paths(ward),
        meant,
        consent,
        ACTOR,
        lambda: datetime.now(UTC),
        audit=audit,
        **more,  # type: ignore[arg-type]
    )


def sessions(ward: Ward) -> list[str]:
    return [slot.session_id for slot in read_fleet(paths(ward)).slots]


def _orphaned(ward: Ward) -> None:
    """Write slot 1 of a session that has failed, and slot 2 of one that is running."""
    ward.gateway.slots(ward.slot(1, "sync-dead", HOUR) | {"note": "kept"}, ward.slot(2, "sync-live"))
    ward.state("sync-dead", "failed", HOUR, 30 * MINUTE)


# Verdicts


def test_a_session_whose_gateway_died_is_over(ward: Ward) -> None:
    ward.gateway.slots(ward.slot(1, "sync-a", HOUR))
    ward.lock("a", "sync-a", pid=ended_pid())
    verdict = judged(ward)
    assert verdict.verdict == "orphaned"
    assert verdict.facts[0].startswith("it holds the lock on github.com/user/a, which is orphaned: pid ")


def test_a_session_with_the_lock_of_a_live_run_is_live(ward: Ward) -> None:
    with sleeping() as pid:
        ward.now = datetime.now(UTC)
        ward.gateway.slots(ward.slot(1, "sync-a", HOUR))
        ward.state("sync-a", "failed", HOUR, 30 * MINUTE)
        assert judged(ward).verdict == "orphaned"
        ward.lock("a", "sync-a", timedelta(0), pid=pid)
        assert judged(ward).verdict == "live"


def test_a_run_that_is_silent_is_quiet_until_its_log_grows(ward: Ward) -> None:
    ward.gateway.slots(ward.slot(1, "sync-a", HOUR))
    assert judged(ward).verdict == "quiet"
    began = ward.now - 59 * MINUTE
    log = ward.gateway.append_log(f"logs/smart-sync-fork/sync-a-{began:%Y-%m-%d-%H-%M-%S}.jsonl", {"message": "on"})
    assert judged(ward).verdict == "live"
    os.utime(log, (began.timestamp(), began.timestamp()))
    assert judged(ward).verdict == "quiet"


@pytest.mark.parametrize("status", ["failed", "running", "completed"])
def test_one_slot_judged_alone_has_the_same_verdict(ward: Ward, status: str) -> None:
    ward.automation(
        "sync-a", lastRun={"timestamp": ward.now.isoformat(), "status": "failed", "duration": 1, "summary": "no"}
    )
    ward.gateway.slots(ward.slot(1, "sync-a", HOUR), ward.slot(2, "sync-b"))
    ward.state("sync-a", status, HOUR, 30 * MINUTE)
    ward.lock("a", "sync-a", pid=ended_pid())
    now = datetime.now(UTC)
    whole = read_fleet(paths(ward))
    alone = read_slot_context(paths(ward), whole.slots[0])
    assert judged_slots(alone, now)[0] == judged_slots(whole, now)[0]


# Freeing


def test_the_slot_is_freed_and_nothing_else_in_the_file_changes(ward: Ward, audit: Audit) -> None:
    _orphaned(ward)
    before = (ward.gateway.automations / FILE).read_text()
    freed = free(ward, target(ward), Consent.CONFIRMED, audit)
    assert freed.message == "slot 1 is free; cron:sync-dead of sync-dead had it"
    assert freed.complaints == ()
    assert sessions(ward) == ["cron:sync-live"]
    after = (ward.gateway.automations / FILE).read_text()
    assert '"cron:sync-live"' in after
    assert after.startswith(before[: before.index('"activeSlots"')])


def test_actor_and_grounds_are_in_the_audit_and_in_the_dispatcher_s_log(ward: Ward, audit: Audit) -> None:
    _orphaned(ward)
    free(ward, target(ward), Consent.CONFIRMED, audit)
    intent, outcome = audit.recent()
    assert (intent.event, intent.outcome, outcome.outcome) == ("slot-free", None, "done")
    assert intent.id == outcome.id
    assert (intent.verdict, intent.consent, intent.path) == ("orphaned", "confirmed", FILE)
    assert intent.actor == ACTOR
    slot = intent.unknown["slot"]
    assert isinstance(slot, dict)
    assert (slot["slotNumber"], slot["sessionId"], slot["note"]) == (1, "cron:sync-dead", "kept")
    fleet = read_fleet(paths(ward))
    (line,) = fleet.tails[fleet.dispatcher_log or ""].lines
    for expected in ('"slot-force-freed"', '"slotNumber":1', "alice from 10.0.0.7 on /dev/pts/3", '"level":"warn"'):
        assert expected in line


@pytest.mark.parametrize(
    ("status", "silent", "consent"),
    [
        ("failed", 30 * MINUTE, Consent.NONE),
        ("running", 30 * MINUTE, Consent.CONFIRMED),
        ("running", MINUTE, Consent.TYPED),
    ],
)
def test_a_verdict_that_needs_more_consent_is_refused_and_recorded(
    ward: Ward, audit: Audit, status: str, silent: timedelta, consent: Consent
) -> None:
    ward.gateway.slots(ward.slot(1, "sync-a", HOUR))
    ward.state("sync-a", status, HOUR, silent)
    with pytest.raises(Refused, match="Nothing was done"):
        free(ward, target(ward), consent, audit)
    assert sessions(ward) == ["cron:sync-a"]
    assert [record.outcome for record in audit.recent()] == [None, "refused"]
    free(ward, target(ward), Consent(consent + 1), audit)
    assert sessions(ward) == []


def test_the_slot_is_judged_again_in_the_last_instant(ward: Ward, audit: Audit) -> None:
    _orphaned(ward)
    meant = target(ward)
    ward.state("sync-dead", "running", HOUR, timedelta(0))
    with pytest.raises(Refused, match="slot 1 is live"):
        free(ward, meant, Consent.CONFIRMED, audit)
    assert sessions(ward) == ["cron:sync-dead", "cron:sync-live"]


def _another_run_has_it(ward: Ward) -> None:
    ward.gateway.slots(ward.slot(1, "sync-next"), ward.slot(2, "sync-live"))


def _it_is_free(ward: Ward) -> None:
    ward.gateway.slots(ward.slot(2, "sync-live"))


def _the_same_again(ward: Ward) -> None:
    ward.gateway.slots(ward.slot(1, "sync-dead", HOUR) | {"note": "kept"}, ward.slot(2, "sync-live"))


def _it_is_gone(ward: Ward) -> None:
    (ward.gateway.automations / FILE).unlink()


@pytest.mark.parametrize("happens", [_another_run_has_it, _it_is_free, _the_same_again, _it_is_gone])
@pytest.mark.parametrize("after", [0, 1, 2])
def test_a_change_of_the_file_at_any_instant_is_refused(
    ward: Ward, audit: Audit, happens: Callable[[Ward], None], after: int
) -> None:
    """Before the first look, between that and the second, and between the second and the write."""
    _orphaned(ward)
    meant = target(ward)
    looks = 0

    def read(paths: StatePaths, slot: Slot) -> Fleet:
        nonlocal looks
        if looks == after:
            happens(ward)
        looks += 1
        fleet = read_slot_context(paths, slot)
        if looks == after == 2:
            happens(ward)
        return fleet

    with pytest.raises(Changed):
        free(ward, meant, Consent.LIVE, audit, read_fleet=read)
    expected: dict[Callable[[Ward], None], list[str]] = {
        _another_run_has_it: ["cron:sync-next", "cron:sync-live"],
        _it_is_free: ["cron:sync-live"],
        _the_same_again: ["cron:sync-dead", "cron:sync-live"],
        _it_is_gone: [],
    }
    assert sessions(ward) == expected[happens]


def test_of_two_slots_with_one_number_exactly_the_one_that_was_named_is_freed(ward: Ward, audit: Audit) -> None:
    ward.gateway.slots(ward.slot(2, "sync-a"), ward.slot(2, "sync-b"))
    fleet = read_fleet(paths(ward))
    with pytest.raises(Refused, match="cron:sync-a of sync-a and cron:sync-b of sync-b"):
        find_slot(fleet, 2)
    with pytest.raises(NoSuch):
        find_slot(fleet, 2, "cron:sync-c")
    free(ward, target(ward, 2, "cron:sync-b"), Consent.LIVE, audit)
    assert sessions(ward) == ["cron:sync-a"]


def test_without_a_record_no_slot_is_freed(ward: Ward, tmp_path: Path) -> None:
    _orphaned(ward)
    (tmp_path / "own/audit.jsonl").mkdir(parents=True)
    with pytest.raises(Refused, match="nothing is done without a record"):
        free(ward, target(ward), Consent.CONFIRMED, Audit(tmp_path / "own"))
    assert sessions(ward) == ["cron:sync-dead", "cron:sync-live"]


def test_a_freeing_that_was_killed_is_not_taken_for_a_lock_that_was_cut_short(ward: Ward, audit: Audit) -> None:
    _orphaned(ward)
    free(ward, target(ward), Consent.CONFIRMED, audit)
    intent, _ = audit.path.read_text().splitlines()
    audit.path.write_text(intent + "\n")
    assert find_interrupted(paths(ward), datetime.now(UTC), audit=audit) == ()


def test_a_failure_to_log_is_reported_and_the_slot_is_free(ward: Ward, audit: Audit) -> None:
    _orphaned(ward)
    (ward.gateway.automations / "logs").write_text("no directory")
    (complaint,) = free(ward, target(ward), Consent.CONFIRMED, audit).complaints
    assert "it is not in the dispatcher's log" in complaint
    assert sessions(ward) == ["cron:sync-live"]


def test_a_slot_stays_known_as_leaked_once_the_lock_of_its_session_was_released(ward: Ward) -> None:
    ward.automation("sync-main")
    ward.state("sync-main", "running", HOUR, HOUR)
    ward.gateway.slots(ward.slot(1, "sync-main", HOUR))
    lock = ward.gateway.lock("github.com/user/main", "sync-main", pid=ended_pid(), acquiredAt=iso(ward.now - HOUR))
    assert judged(ward).verdict == "orphaned"
    lock.rename(lock.with_name(f"{lock.name}.{ward.now:%Y%m%dT%H%M%SZ}.{ended_pid()}.0123abcd.released"))
    after = judged(ward)
    assert after.verdict == "orphaned"
    assert "was released by hand" in after.facts[0]

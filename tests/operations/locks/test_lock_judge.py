"""Locks that are judged again only if something has changed have the verdicts that judging all of them gives."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from clawtui.model.fleet import Fleet
from clawtui.operations.locks.lock_judge import Depth, LockJudge, RoundPace
from clawtui.operations.locks.report import judged_locks
from clawtui.operations.state.follow_fleet import read_fleet
from clawtui.storage.paths import StatePaths
from tests.gateway_root import NOON, GatewayRoot, iso, run_entry

IDS = ("sync-a", "sync-b", "sync-c")
MINUTE = timedelta(minutes=1)


def lock(gateway: GatewayRoot, id: str, **fields: object) -> str:
    path = gateway.lock(f"github.com/user/{id}", id, None, **{"acquiredAt": iso(NOON - 50 * MINUTE), **fields})
    return str(path.relative_to(gateway.automations))


def break_lock(gateway: GatewayRoot, id: str) -> None:
    (gateway.automations / lock(gateway, id)).write_text("{")


def remove_lock(gateway: GatewayRoot, id: str) -> None:
    (gateway.automations / lock(gateway, id)).unlink()


def take_slot(gateway: GatewayRoot, id: str) -> None:
    slot = {"automationId": id, "sessionId": f"cron:{id}", "acquiredAt": iso(NOON - 50 * MINUTE), "slotNumber": 1}
    gateway.slots(slot)


def write_log(gateway: GatewayRoot, id: str) -> None:
    """Write a new log, because additions to an existing one are found only when all locks are judged."""
    folder = gateway.automations / "logs/smart-sync-fork"
    count = len(list(folder.iterdir())) if folder.exists() else 0
    gateway.append_log(f"logs/smart-sync-fork/{id}-2025-01-26-11-{count:02}-00.jsonl", run_entry(id, "Merging"))


def write_to_log(gateway: GatewayRoot, id: str) -> None:
    """A line in a log that may exist, which is found by a look at the signs of life."""
    entry = run_entry(id, "Merging", NOON - 2 * MINUTE)
    gateway.append_log(f"logs/smart-sync-fork/{id}-2025-01-26-11-00-00.jsonl", entry)


STEPS: dict[str, Callable[[GatewayRoot, str], object]] = {
    "a state of now": lambda gateway, id: gateway.state(id, lastUpdate=iso(NOON - MINUTE)),
    "a state of long ago": lambda gateway, id: gateway.state(id, lastUpdate=iso(NOON - 300 * MINUTE)),
    "milestones": lambda gateway, id: gateway.progress(id, ("Merging", 40)),
    "a slot": take_slot,
    "no slot": lambda gateway, id: gateway.slots(),
    "a lock": lock,
    "an old lock": lambda gateway, id: lock(gateway, id, acquiredAt=iso(NOON - 3000 * MINUTE)),
    "a lock of init": lambda gateway, id: lock(gateway, id, pid=1),
    "a broken lock": break_lock,
    "no lock": remove_lock,
    "a timeout": lambda gateway, id: gateway.dispatcher(lockTimeout=60_000),
    "a log": write_log,
    "a line in a log": write_to_log,
}


def fleet_of(gateway: GatewayRoot) -> Fleet:
    return read_fleet(StatePaths(gateway.root))


@settings(max_examples=12, deadline=None)
@given(steps=st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.sampled_from(IDS)), min_size=4, max_size=10))
def test_after_each_change_the_verdicts_are_those_of_judging_all_locks(steps: list[tuple[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as place:
        gateway = GatewayRoot(Path(place))
        gateway.dispatcher()
        for id in IDS:
            lock(gateway, id)
        judge = LockJudge()
        judge.judge(fleet_of(gateway), NOON, every=True)
        for step, id in steps:
            STEPS[step](gateway, id)
            fleet, signs = fleet_of(gateway), step == "a line in a log"
            assert judge.judge(fleet, NOON, every=False, signs=signs) == judged_locks(fleet, NOON, patient=False), step


def test_a_verdict_that_time_changes_is_made_again_when_it_does(gateway: GatewayRoot) -> None:
    begun = datetime.now(UTC)
    path = lock(gateway, IDS[0], pid=os.getpid(), acquiredAt=iso(begun))
    gateway.state(IDS[0], startTime=iso(begun), lastUpdate=iso(begun + 5 * MINUTE))
    gateway.dispatcher(lockTimeoutHours=3)
    judge, fleet, times = LockJudge(), fleet_of(gateway), [begun + each * MINUTE for each in (6, 10, 19, 21, 240)]
    judged = [judge.judge(fleet, at, every=False, signs=False)[path] for at in times]
    whole = [judged_locks(fleet, at, patient=False)[path] for at in times]
    assert [(each.verdict, each.expired) for each in judged] == [(each.verdict, each.expired) for each in whole]
    assert judged[1] is judged[0]
    assert {(each.verdict, each.expired) for each in whole} == {("live", False), ("quiet", False), ("quiet", True)}


def test_the_mapping_is_the_same_while_no_verdict_changes(gateway: GatewayRoot) -> None:
    lock(gateway, IDS[0])
    judge, fleet = LockJudge(), fleet_of(gateway)
    assert judge.judge(fleet, NOON, every=True) is judge.judge(fleet, NOON, every=False)


def test_rounds_that_cost_much_are_rare() -> None:
    pace = RoundPace()
    whole = pace.depth(0.0)
    assert whole == Depth(every=True, signs=True)
    pace.note(whole, 1.0, cost=0.5)
    assert pace.depth(3.9) == Depth(every=False, signs=False)
    signs = pace.depth(4.1)
    assert signs == Depth(every=False, signs=True)
    pace.note(signs, 4.1, cost=0.1)
    assert not pace.depth(64.0).signs
    assert pace.depth(64.2) == Depth(every=False, signs=True)
    assert not pace.depth(900.9).every
    assert pace.depth(901.1).every


def test_a_change_has_only_the_locks_judged_on_which_it_bears(gateway: GatewayRoot) -> None:
    paths = [lock(gateway, id) for id in IDS]
    judge = LockJudge()
    before = judge.judge(fleet_of(gateway), NOON, every=True)
    gateway.state(IDS[0], lastUpdate=iso(NOON - MINUTE))
    after = judge.judge(fleet_of(gateway), NOON, every=False)
    assert [after[path] is before[path] for path in paths] == [False, True, True]
    again = judge.judge(fleet_of(gateway), NOON, every=True)
    assert not any(again[path] is after[path] for path in paths)


def test_the_end_of_a_process_is_noticed_without_a_change_of_a_file(gateway: GatewayRoot) -> None:
    with subprocess.Popen(["sleep", "600"]) as process:
        now = datetime.now(UTC)
        path = lock(gateway, IDS[0], pid=process.pid, acquiredAt=iso(now))
        judge, fleet = LockJudge(), fleet_of(gateway)
        alive = judge.judge(fleet, now, every=True)[path]
        assert judge.judge(fleet, now, every=False)[path] is alive
        process.kill()
        process.wait()
    ended = judge.judge(fleet, now, every=False)[path]
    assert (alive.verdict, ended.verdict) == ("live", "orphaned")

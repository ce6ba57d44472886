"""Locks that are judged again only if something has changed have the verdicts that judging all of them gives."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from clawtui.model.fleet import Fleet
from clawtui.operations.locks.lock_judge import LockJudge
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
    """A new log: what is written to one that exists is found when all locks are judged."""
    folder = gateway.automations / "logs/smart-sync-fork"
    count = len(list(folder.iterdir())) if folder.exists() else 0
    gateway.append_log(f"logs/smart-sync-fork/{id}-2025-01-26-11-{count:02}-00.jsonl", run_entry(id, "Merging"))


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
            fleet = fleet_of(gateway)
            assert judge.judge(fleet, NOON, every=False) == judged_locks(fleet, NOON, patient=False), step


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

"""The changes between two fleets."""

from __future__ import annotations

from datetime import timedelta

import pytest

from clawtui.model.changes import changes_between, ended_runs
from clawtui.model.fleet import Fleet
from clawtui.operations.state.follow_fleet import read_fleet
from clawtui.storage.paths import StatePaths
from tests.gateway_root import NOON, GatewayRoot, iso


def run(status: str, minutes: int, summary: str = "Push rejected") -> dict[str, object]:
    at = NOON + timedelta(minutes=minutes)
    return {"timestamp": iso(at), "status": status, "duration": 1000, "summary": summary}


@pytest.fixture
def old(gateway: GatewayRoot) -> Fleet:
    gateway.automation("alpha", lastRun=run("failed", 0), runHistory=[run("failed", 0)])
    gateway.automation("bravo")
    return now(gateway)


def now(gateway: GatewayRoot) -> Fleet:
    return read_fleet(StatePaths(gateway.root))


def changes(old: Fleet, new: Fleet) -> list[tuple[str, str]]:
    return [(news.kind, f"{news.subject} {news.text}") for news in changes_between(old, new)]


def test_the_state_at_the_start_is_no_change(gateway: GatewayRoot, old: Fleet) -> None:
    assert changes(Fleet(old.root), old) == []
    assert changes(old, old) == []
    assert changes(old, now(gateway)) == []


def test_how_runs_end(gateway: GatewayRoot, old: Fleet) -> None:
    gateway.automation("alpha", runHistory=[run("failed", 9, "Boom\x1b[2J"), run("failed", 0)])
    gateway.automation("bravo", runHistory=[run("success", 9, "")])
    new = now(gateway)
    assert changes(old, new) == [("run-failed", "alpha failed: Boom␛[2J"), ("run-ended", "bravo ended, success")]
    assert [news.subject for news in ended_runs(old, new) if news.kind == "run-failed"] == ["alpha"]


def test_the_changes_of_a_run(gateway: GatewayRoot, old: Fleet) -> None:
    gateway.state("alpha", percentage=5, milestone="Cloning")
    started = now(gateway)
    assert changes(old, started) == [("run-started", "alpha started"), ("milestone", "alpha 5% Cloning")]
    gateway.state("alpha", percentage=6, milestone="Cloning")
    same = now(gateway)
    assert changes(started, same) == []
    gateway.state("alpha", percentage=70, milestone="Pushing")
    assert changes(same, now(gateway)) == [("milestone", "alpha 70% Pushing")]


def test_locks_slots_problems_and_switches(gateway: GatewayRoot, old: Fleet) -> None:
    gateway.lock("github.com/user/repo", "alpha")
    gateway.slots({"automationId": "alpha", "sessionId": "s", "acquiredAt": iso(NOON), "slotNumber": 2})
    gateway.automation("bravo", enabled=False)
    taken = now(gateway)
    assert changes(old, taken) == [
        ("disabled", "bravo disabled"),
        ("lock-taken", "github.com/user/repo locked by alpha"),
        ("slot-taken", "alpha took slot 2"),
    ]
    gateway.lock("github.com/user/repo", "bravo", sessionId="other")
    gateway.slots()
    broken = gateway.write("config/smart-sync-fork/alpha.json", "{")
    after = now(gateway)
    kinds = [kind for kind, _ in changes(taken, after)]
    assert kinds == ["lock-freed", "lock-taken", "slot-freed", "problem"]
    broken.unlink()
    assert [kind for kind, _ in changes(after, now(gateway))] == ["automation-gone", "problem-gone"]

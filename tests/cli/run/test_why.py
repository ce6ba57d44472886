"""``clawtui why``."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cli.calls import Caller
from tests.gateway_root import NOON, GatewayRoot, iso

ID = "sync-main"
DEAD_PID = 2**22 + 5


@pytest.fixture
def root(gateway: GatewayRoot) -> GatewayRoot:
    gateway.dispatcher()
    gateway.automation(ID, nextRun=iso(NOON + timedelta(hours=1)))
    dispatched(gateway, 1)
    return gateway


def dispatched(gateway: GatewayRoot, minutes_ago: float, **entry: object) -> None:
    at = iso(NOON - timedelta(minutes=minutes_ago))
    line = {"timestamp": at, "level": "info", "event": "dispatch-started", **entry}
    gateway.append_log("logs/dispatcher/2025-01-26.jsonl", line)


def due(gateway: GatewayRoot, **changes: object) -> None:
    changes.setdefault("nextRun", iso(NOON - timedelta(minutes=2)))
    gateway.automation(ID, "smart-sync-fork", **changes)


def causes(call: Caller) -> list[str]:
    return [reason["cause"] for reason in call("why", ID, "--json").json["reasons"]]


def test_it_is_not_due_yet(root: GatewayRoot, call: Caller) -> None:
    answer = call("why", ID)
    assert answer.status == 0
    assert "not running: it is not due until" in answer.out
    assert "in 1h00m" in answer.out
    assert causes(call) == ["not-due"]


def test_an_automation_that_is_due_may_start_with_the_next_dispatch(root: GatewayRoot, call: Caller) -> None:
    due(root)
    assert causes(call) == ["due"]


def test_each_thing_that_keeps_it_from_running_is_named_the_decisive_one_first(root: GatewayRoot, call: Caller) -> None:
    due(root, enabled=False)
    assert causes(call)[0] == "disabled"
    due(root, status="paused")
    assert causes(call)[0] == "paused"
    root.dispatcher(enabled=False)
    due(root)
    assert causes(call)[0] == "dispatcher-stopped"


@pytest.mark.parametrize(
    ("schedule", "cause", "expected"),
    [
        ({"type": "cron", "value": "61 * * * *"}, "schedule-not-understood", "61"),
        ({"type": "cron", "value": "0 0 31 2 *"}, "never-due", "never due"),
    ],
)
def test_a_schedule_that_is_not_understood_or_never_comes(
    root: GatewayRoot, call: Caller, schedule: dict[str, str], cause: str, expected: str
) -> None:
    root.automation(ID, schedule=schedule)
    assert causes(call)[0] == cause
    assert expected in call("why", ID).out


def test_the_holder_of_the_lock_is_named_with_its_verdict(root: GatewayRoot, call: Caller) -> None:
    due(root)
    root.lock(f"github.com/user/{ID}", "other", hostname="another-host")
    assert causes(call) == ["repository-locked"]
    text = " ".join(call("why", ID).out.split())
    assert f"github.com/user/{ID} is locked by other, and the lock is foreign" in text
    root.lock(f"github.com/user/{ID}", "other", pid=DEAD_PID)
    assert "is locked by a dead run of other: pid" in " ".join(call("why", ID).out.split())


def test_no_slot_is_free(root: GatewayRoot, call: Caller) -> None:
    due(root)
    slot = {"automationId": "other", "sessionId": "s", "acquiredAt": iso(NOON), "slotNumber": 1}
    root.slots(slot, max_slots=1)
    assert causes(call)[0] == "no-slot"
    assert "all 1 slots are taken, by other" in call("why", ID).out


def test_the_reason_of_a_skip_is_that_of_the_dispatcher(root: GatewayRoot, call: Caller) -> None:
    due(root)
    dispatched(root, 1, event="automation-skipped", automationId=ID, reason="concurrency-limit")
    assert causes(call) == ["skipped"]
    assert "passed it over 1m ago: all slots were taken" in call("why", ID).out


def test_a_lost_run_has_its_facts_and_the_reason_why_no_other_starts(root: GatewayRoot, call: Caller) -> None:
    root.state(ID, lastUpdate=iso(NOON - timedelta(minutes=4)))
    root.lock(f"github.com/user/{ID}", ID, pid=DEAD_PID)
    lines = call("why", ID).lines
    assert lines[0] == "lost 4m ago: its process is gone"
    assert any(f"pid {DEAD_PID} is gone" in line for line in lines)
    shown = call("why", ID, "--json").json
    assert (shown["status"], shown["run"]["state"], shown["run"]["reason"]) == ("lost", "lost", "its process is gone")
    assert shown["run"]["ended"] == iso(NOON - timedelta(minutes=4))


def test_a_run_in_progress_is_shown_with_its_evidence(root: GatewayRoot, call: Caller) -> None:
    root.state(ID)
    root.lock(f"github.com/user/{ID}", ID, hostname="another-host")
    lines = call("why", ID).lines
    assert lines[0] == "running"
    assert any(f"its lock on github.com/user/{ID} is foreign" in line for line in lines)
    assert causes(call) == []


def test_an_unreadable_configuration_and_an_unknown_id(root: GatewayRoot, call: Caller) -> None:
    root.write(f"config/smart-sync-fork/{ID}.json", "{")
    assert causes(call) == ["unreadable"]
    assert call("why", "nobody").status != 0


def test_lines_fit_a_terminal_and_hostile_text_stays_text(root: GatewayRoot, call: Caller) -> None:
    due(
        root,
        name="\x1b[31mred",
        runHistory=[
            {
                "timestamp": iso(NOON - timedelta(hours=3)),
                "status": "failed",
                "duration": 1000,
                "summary": "\x1b]0;title\x07" + "long " * 60,
            }
        ],
    )
    answer = call("why", ID)
    assert "\x1b" not in answer.out
    assert all(len(line) <= 80 for line in answer.lines)

"""``clawtui status``."""

from __future__ import annotations

from datetime import timedelta

from tests.cli.calls import Caller
from tests.gateway_root import NOON, GatewayRoot, iso


def dispatch(at: str, event: str = "dispatch-started") -> dict[str, object]:
    return {"timestamp": at, "level": "info", "event": event}


def fill(gateway: GatewayRoot) -> None:
    gateway.dispatcher()
    gateway.automation("idle")
    gateway.automation("off", enabled=False)
    gateway.automation("going")
    gateway.state("going")
    gateway.write("config/smart-sync-fork/broken.json", "{")
    gateway.slots({"automationId": "going", "sessionId": "cron:going", "acquiredAt": iso(NOON), "slotNumber": 1})
    gateway.lock("github.com/user/far", "idle", hostname="another-host", acquiredAt=iso(NOON - timedelta(hours=5)))
    gateway.write("locks/broken.lock", "{")
    gateway.append_log("logs/dispatcher/2025-01-26.jsonl", dispatch(iso(NOON - timedelta(minutes=7))))


def test_the_totals_are_what_scripts_rely_on(gateway: GatewayRoot, call: Caller) -> None:
    fill(gateway)
    shown = call("status", "--json").json
    problems = shown.pop("problems")
    assert shown == {
        "root": str(gateway.root),
        "automations": {"total": 4, "enabled": 2, "running": 1, "invalid": 1},
        "slots": {"used": 1, "max": 3},
        "locks": {"total": 2, "live": 0, "quiet": 0, "orphaned": 0, "foreign": 1, "invalid": 1, "expired": 1},
        "dispatcher": {"enabled": True, "lastDispatch": iso(NOON - timedelta(minutes=7))},
    }
    assert [problem["path"] for problem in problems] == ["config/smart-sync-fork/broken.json", "locks/broken.lock"]
    assert all(problem["message"] for problem in problems)


def test_an_empty_directory_has_nothing_and_says_what_it_does_not_know(call: Caller) -> None:
    shown = call("status", "--json").json
    assert shown["automations"] == {"total": 0, "enabled": 0, "running": 0, "invalid": 0}
    assert shown["slots"] == {"used": 0, "max": None}
    assert shown["dispatcher"] == {"enabled": None, "lastDispatch": None}
    assert shown["problems"] == []


def test_the_last_dispatch_is_found_before_midnight_too(gateway: GatewayRoot, call: Caller) -> None:
    yesterday = iso(NOON - timedelta(days=1))
    gateway.append_log("logs/dispatcher/2025-01-25.jsonl", dispatch(yesterday))
    gateway.append_log("logs/dispatcher/2025-01-26.jsonl", dispatch(iso(NOON), "automation-dispatched"))
    assert call("status", "--json").json["dispatcher"]["lastDispatch"] == yesterday


def test_as_text_it_is_one_screen_that_fits(gateway: GatewayRoot, call: Caller) -> None:
    fill(gateway)
    lines = call("status").lines
    assert all(len(line) <= 80 for line in lines)
    assert len(lines) <= 24
    said = {line.split()[0]: line for line in lines if line}
    assert said["automations"].endswith("4, 2 enabled, 1 invalid")
    assert said["slots"].endswith("1 of 3 taken")
    assert said["locks"].endswith("2, 1 foreign, 1 invalid, 1 expired")
    assert "7m ago" in said["dispatcher"]
    assert "Resolving conflicts" in said["going"]

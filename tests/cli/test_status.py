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


def test_the_json_of_the_totals_has_the_documented_fields(gateway: GatewayRoot, call: Caller) -> None:
    fill(gateway)
    shown = call("status", "--json").json
    problems = shown.pop("problems")
    assert [(one["id"], one["status"]) for one in shown.pop("needAHand")] == [("broken", "invalid")]
    assert shown == {
        "root": str(gateway.root),
        "automations": {
            "total": 4,
            "enabled": 2,
            "running": 1,
            "paused": 0,
            "failed": 0,
            "lost": 0,
            "invalid": 1,
        },
        "slots": {"used": 1, "max": 3},
        "locks": {"total": 2, "live": 0, "quiet": 0, "orphaned": 0, "foreign": 1, "invalid": 1, "expired": 1},
        "dispatcher": {"enabled": True, "lastDispatch": iso(NOON - timedelta(minutes=7))},
    }
    assert [problem["path"] for problem in problems] == ["config/smart-sync-fork/broken.json", "locks/broken.lock"]
    assert all(problem["message"] for problem in problems)


def test_an_empty_directory_has_no_totals_and_null_for_unknown_values(call: Caller) -> None:
    shown = call("status", "--json").json
    counts = ("total", "enabled", "running", "paused", "failed", "lost", "invalid")
    assert shown["automations"] == dict.fromkeys(counts, 0)
    assert shown["needAHand"] == []
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
    rows = {line.split()[0]: line for line in lines if line}
    assert rows["automations"].endswith("4, 2 enabled, 1 invalid")
    assert rows["slots"].endswith("1 of 3 taken")
    assert rows["locks"].endswith("2, 1 foreign, 1 invalid, 1 expired")
    assert "7m ago" in rows["dispatcher"]
    assert "Resolving conflicts" in rows["going"]


def result(status: str, summary: str) -> dict[str, object]:
    at = iso(NOON - timedelta(minutes=14))
    return {"timestamp": at, "status": status, "duration": 120_000, "summary": summary}


def test_failures_and_lost_runs_are_counted_and_listed_with_their_reasons(gateway: GatewayRoot, call: Caller) -> None:
    gateway.automation("broken-push", runHistory=[result("failed", "Push rejected: pack exceeds the limit")])
    gateway.automation("dead")
    gateway.state("dead", lastUpdate=iso(NOON - timedelta(minutes=4)))
    gateway.lock("github.com/user/dead", "dead", pid=2**22 + 5)
    gateway.automation("fine", runHistory=[result("success", "Synced")])

    shown = call("status", "--json").json
    assert {name: shown["automations"][name] for name in ("running", "failed", "lost")} == {
        "running": 0,
        "failed": 1,
        "lost": 1,
    }
    assert [(one["id"], one["status"], one["since"], one["reason"]) for one in shown["needAHand"]] == [
        ("broken-push", "failed", iso(NOON - timedelta(minutes=12)), "Push rejected: pack exceeds the limit"),
        ("dead", "lost", iso(NOON - timedelta(minutes=4)), "its process is gone"),
    ]
    text = call("status").lines
    rows = {line.split()[0]: line for line in text if line}
    assert rows["failed"].endswith("1, 1 lost")
    assert "12m ago" in rows["broken-push"]
    assert "Push rejected: pack exceeds" in rows["broken-push"]
    assert rows["dead"].split(None, 2)[1:] == ["lost", "4m ago  its process is gone"]


def test_check_exits_with_1_where_something_needs_a_hand(gateway: GatewayRoot, call: Caller) -> None:
    gateway.automation("fine", runHistory=[result("success", "Synced")])
    assert call("status", "--check").status == 0
    gateway.automation("bad", runHistory=[result("failed", "No")])
    assert (call("status").status, call("status", "--check").status) == (0, 1)
    gateway.automation("bad")
    assert call("status", "--check").status == 0
    gateway.lock("github.com/user/dead", "fine", pid=2**22 + 5)
    assert call("status", "--check").status == 1
    assert call("status", "--check", "--follow").status == 2


def test_a_run_that_its_gateway_left_at_running_is_not_counted(gateway: GatewayRoot, call: Caller) -> None:
    gateway.automation("done", runHistory=[result("success", "Synced")])
    gateway.state("done", percentage=100, milestone="Complete", startTime=iso(NOON - timedelta(minutes=14)))
    assert call("status", "--json").json["automations"]["running"] == 0
    assert [one["status"] for one in call("automation", "list", "--json").json] == ["idle"]
    assert [one["status"] for one in call("run", "list", "done", "--json").json] == ["success"]
    (workspace,) = call("workspace", "list", "--json").json
    assert (workspace["running"], workspace["run"]) == (False, "success")


def test_what_cannot_be_read_about_the_dispatcher_is_not_called_absent(call: Caller, unprivileged: GatewayRoot) -> None:
    unprivileged.automation("alpha")
    unprivileged.write("config/dispatcher.json", "{")
    logs = unprivileged.append_log("logs/dispatcher/2025-01-26.jsonl", {}).parent
    logs.chmod(0)
    try:
        lines = call("--root", str(unprivileged.root), "status").lines
        (line,) = [line for line in lines if line.startswith("dispatcher ")]
        assert line.split(maxsplit=1)[1] == "configuration not readable, its log is not readable"
    finally:
        logs.chmod(0o700)

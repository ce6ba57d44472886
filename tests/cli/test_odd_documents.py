"""Documents with fields that are not understood are listed, shown, changed and exported."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.cli.calls import Caller
from tests.gateway_root import GatewayRoot, iso

BEGAN = "2025-01-26T08:00:00Z"


def write_odd(gateway: GatewayRoot) -> None:
    gateway.automation(
        "odd",
        schedule={"type": "event", "value": "push"},
        lastRun={"timestamp": BEGAN, "status": "exploded", "duration": 5000, "summary": "no answer"},
        runHistory=[{"timestamp": "yesterday", "status": "success", "duration": 1, "summary": "x"}],
        name="x" * 120,
    )
    now = iso(datetime.now(UTC))
    state: dict[str, object] = {"automationId": "odd", "status": "running", "startTime": now, "lastUpdate": now}
    state |= {"progress": {"percentage": "65", "milestone": "Merging"}, "git": {"forkCloned": "yes"}}
    gateway.write_json("workspaces/odd/state.json", state)


def test_an_odd_automation_and_its_run_are_seen_changed_and_exported(gateway: GatewayRoot) -> None:
    write_odd(gateway)
    run = Caller(gateway, datetime.now(UTC))
    (row,) = run("automation", "list", "--json").json
    assert (row["id"], row["enabled"], row["status"]) == ("odd", True, "running")
    assert row["lastRun"]["status"] == "exploded"
    assert row["problem"].startswith("name must have at most 100 characters")
    shown = run("automation", "show", "odd").out
    for part in ("event push", "“yesterday”", "“exploded”", "65 Merging"):
        assert part in shown
    assert "“exploded”" in run("run", "list", "odd").out
    assert run("automation", "disable", "odd").status == 0
    document = run("automation", "show", "odd", "--json").json
    assert (document["enabled"], document["runHistory"][0]["timestamp"]) == (False, "yesterday")
    exported = run("export", "-").json
    assert exported["automations"][0]["schedule"] == {"type": "event", "value": "push"}
    assert exported["automations"][0]["runHistory"][0]["timestamp"] == "yesterday"


def test_slots_that_are_not_all_known_are_not_called_free(gateway: GatewayRoot) -> None:
    gateway.slots({"automationId": "odd", "slotNumber": 1}, max_slots=16)
    run = Caller(gateway, datetime.now(UTC))
    listed = run("slot", "list").out
    assert "free" not in listed
    assert "not all slots that are taken are known" in listed
    assert run("slot", "list", "--json").json["used"] is None
    assert run("status", "--json").json["slots"] == {"used": None, "max": 16}

"""``automation run-now`` and ``snooze``: `nextRun` is set, and the message takes it back."""

from __future__ import annotations

import re
import shlex
from datetime import timedelta

import pyjson5
import pytest

from tests.cli.calls import Caller
from tests.gateway_root import NOON, GatewayRoot, iso

LATER = NOON + timedelta(hours=2)
UNDO = re.compile(r"`clawtui --root \S+ ([^`]*)` takes that back")


def next_run(gateway: GatewayRoot, id: str = "alpha") -> object:
    return pyjson5.decode((gateway.automations / f"config/smart-sync-fork/{id}.json").read_text()).get("nextRun")


def undo(call: Caller, err: str) -> None:
    found = UNDO.search(err)
    assert found is not None, err
    assert call(*shlex.split(found[1])).status == 0


@pytest.mark.parametrize("before", [None, iso(LATER), iso(NOON - timedelta(hours=1))])
def test_run_now_sets_the_next_run_to_now_and_prints_the_command_that_undoes_it(
    gateway: GatewayRoot, call: Caller, before: str | None
) -> None:
    gateway.automation("alpha", **({} if before is None else {"nextRun": before}))
    answer = call("automation", "run-now", "alpha")
    assert answer.status == 0, answer.err
    assert answer.err.startswith("clawtui: alpha is due now: the next dispatch starts it\n")
    assert next_run(gateway) == iso(NOON)
    undo(call, answer.err)
    assert next_run(gateway) == (iso(NOON) if before == iso(NOON - timedelta(hours=1)) else before)
    assert call("audit", "--json").json[-2]["event"] == "automation-run-now"


def test_run_now_refuses_an_automation_that_no_dispatch_would_start(gateway: GatewayRoot, call: Caller) -> None:
    gateway.automation("off", enabled=False)
    gateway.automation("going")
    gateway.state("going")
    before = call.files()
    refused = call("automation", "run-now", "off")
    assert (refused.status, "automation enable off" in refused.err) == (3, True)
    assert call("automation", "run-now", "going").status == 3
    assert call.files() == before
    gateway.automation("alpha")
    gateway.dispatcher(enabled=False)
    assert "(but the dispatcher is disabled)" in call("automation", "run-now", "alpha").err


@pytest.mark.parametrize(("until", "at"), [("2h", LATER), ("2025-01-26T14:00:00Z", LATER)])
def test_snooze_puts_the_next_run_off(gateway: GatewayRoot, call: Caller, until: str, at: object) -> None:
    gateway.automation("alpha", nextRun=iso(NOON + timedelta(minutes=5)))
    answer = call("automation", "snooze", "alpha", until)
    assert answer.status == 0, answer.err
    assert next_run(gateway) == iso(LATER)
    assert "alpha: no run before 2025-01-26" in answer.err
    undo(call, answer.err)
    assert next_run(gateway) == iso(NOON + timedelta(minutes=5))
    assert call("automation", "snooze", "alpha", "--clear").status == 0
    assert next_run(gateway) is None


def test_several_are_put_off_at_once(gateway: GatewayRoot, call: Caller) -> None:
    for id in ("sync-a", "sync-b", "build"):
        gateway.automation(id)
    rows = call("automation", "snooze", "--match", "sync-*", "2h", "--json").json
    assert [(row["id"], row["nextRun"], row["nextRunBefore"]) for row in rows] == [
        ("sync-a", iso(LATER), None),
        ("sync-b", iso(LATER), None),
    ]
    assert next_run(gateway, "build") is None
    assert call("automation", "snooze", "build", "sync-a", "3h").status == 0
    assert next_run(gateway, "sync-a") == next_run(gateway, "build") == iso(NOON + timedelta(hours=3))


def test_an_invalid_or_past_time_is_a_usage_error(gateway: GatewayRoot, call: Caller) -> None:
    gateway.automation("alpha")
    before = call.files()
    for wrong in ("soon", "2020-01-01T00:00", "0s"):
        assert call("automation", "snooze", "alpha", wrong).status == 2, wrong
    assert call("automation", "snooze", "alpha").status == 2
    assert call.files() == before

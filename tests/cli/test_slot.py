"""``clawtui slot``."""

from __future__ import annotations

from datetime import timedelta

from tests.cli.calls import Caller
from tests.gateway_root import NOON, GatewayRoot, iso

SLOT = {
    "automationId": "sync-main",
    "sessionId": "cron:ours",
    "acquiredAt": iso(NOON - timedelta(minutes=5)),
    "slotNumber": 2,
}


def test_every_slot_is_listed_and_those_that_are_free(call: Caller, gateway: GatewayRoot) -> None:
    gateway.slots(SLOT)
    answer = call("slot", "list")
    assert answer.status == 0
    assert [line.split() for line in answer.lines] == [
        ["SLOT", "HELD", "BY", "SESSION", "AGE"],
        ["1", "free"],
        ["2", "sync-main", "cron:ours", "5m"],
        ["3", "free"],
        [],
        ["1", "of", "3", "used"],
    ]


def test_json_says_what_the_file_says_and_what_follows(call: Caller, gateway: GatewayRoot) -> None:
    gateway.slots(SLOT | {"priority": "high"}, max_slots=2)
    said = call("slot", "list", "--json").json
    assert said == {
        "version": 1,
        "maxSlots": 2,
        "lastUpdated": iso(NOON),
        "used": 1,
        "activeSlots": [SLOT | {"priority": "high", "ageSeconds": 300}],
    }


def test_two_slots_with_one_number_are_both_listed(call: Caller, gateway: GatewayRoot) -> None:
    gateway.slots(SLOT, SLOT | {"automationId": "sync-other"})
    said = call("slot", "list").out
    assert "sync-main" in said
    assert "sync-other" in said
    assert "2 of 3 used" in said


def test_where_no_slot_was_ever_taken_the_configuration_says_how_many_there_are(
    call: Caller, gateway: GatewayRoot
) -> None:
    assert call("slot", "list").err == "clawtui: no slot was ever taken, and nothing says how many there are\n"
    assert call("slot", "list", "--json").json == {"maxSlots": None, "used": 0, "activeSlots": []}
    gateway.dispatcher(maxConcurrent=2)
    assert "0 of 2 used" in call("slot", "list").out
    assert call("slot", "list", "--json").json["maxSlots"] == 2


def test_slots_that_cannot_be_read_are_a_failure_that_says_why(call: Caller, gateway: GatewayRoot) -> None:
    gateway.write("config/concurrency-state.json", "{ broken")
    answer = call("slot", "list", "--json")
    assert (answer.status, answer.out) == (1, "")
    assert "concurrency-state.json is not JSON5" in answer.err

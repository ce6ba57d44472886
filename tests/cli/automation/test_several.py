"""Commands that act on several automations at once."""

from __future__ import annotations

import pytest

from tests.cli.calls import Caller
from tests.gateway_root import GatewayRoot


@pytest.fixture(autouse=True)
def four(gateway: GatewayRoot) -> None:
    for id in ("sync-a", "sync-b", "sync-c", "build"):
        gateway.automation(id)


def enabled(call: Caller) -> dict[str, bool]:
    return {row["id"]: row["enabled"] for row in call("automation", "list", "--json").json}


def test_several_ids_and_a_pattern_are_each_taken_once(call: Caller) -> None:
    answer = call("automation", "disable", "sync-a", "build", "sync-a", "--match", "sync-[ab]")
    assert answer.status == 0
    assert answer.err.splitlines() == [f"clawtui: {id} is disabled" for id in ("sync-a", "build", "sync-b")]
    assert enabled(call) == {"sync-a": False, "sync-b": False, "sync-c": True, "build": False}
    assert call("automation", "enable", "--match", "*").status == 0
    assert set(enabled(call).values()) == {True}


def test_as_json_one_is_an_object_and_several_are_a_list(call: Caller) -> None:
    assert call("automation", "disable", "sync-a", "--json").json["enabled"] is False
    rows = call("automation", "disable", "--match", "sync-b", "--json").json
    assert [(row["id"], row["enabled"]) for row in rows] == [("sync-b", False)]


def test_nothing_is_done_where_one_of_them_does_not_exist_or_nothing_matches(call: Caller) -> None:
    before = call.files()
    assert call("automation", "disable", "sync-a", "nope").status == 5
    assert call("automation", "disable", "--match", "nope-*").status == 5
    assert call("automation", "disable").status == 2
    assert call("automation", "disable", "sync-a", "sync-b", "--if-match", "x").status == 2
    assert call.files() == before


def test_one_failure_does_not_stop_the_others(gateway: GatewayRoot, call: Caller) -> None:
    gateway.write("config/smart-sync-fork/sync-b.json", "{")
    answer = call("automation", "disable", "--match", "sync-*", "--json")
    assert answer.status == 1
    assert [row["id"] for row in answer.json] == ["sync-a", "sync-c"]
    assert "sync-b: config/smart-sync-fork/sync-b.json: " in answer.err


def test_a_deletion_of_several_asks_one_question(call: Caller) -> None:
    assert call("automation", "delete", "--match", "sync-*").status == 3, "there is no terminal to ask on"
    assert len(enabled(call)) == 4
    answer = call("automation", "delete", "--match", "sync-*", "--yes", "--json")
    assert answer.status == 0
    assert [row["path"] for row in answer.json] == [f"config/smart-sync-fork/sync-{x}.json" for x in "abc"]
    assert list(enabled(call)) == ["build"]

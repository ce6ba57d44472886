"""``clawtui automation``."""

from __future__ import annotations

from datetime import timedelta

import pytest

from clawtui.model.schedules.grammar import grammar_text
from tests.cli.calls import Caller
from tests.gateway_root import NOON, GatewayRoot, iso

ID = "auto-sync-main-123"
RUN = {"timestamp": iso(NOON - timedelta(hours=1)), "status": "failed", "duration": 324000, "summary": "Push rejected"}
KEYS = {"id", "type", "name", "enabled", "schedule", "nextRun", "lastRun", "status", "running"}


def test_the_json_of_the_list_has_the_documented_fields(gateway: GatewayRoot, call: Caller) -> None:
    gateway.automation(ID, lastRun=RUN, runHistory=[RUN], nextRun=iso(NOON + timedelta(hours=1)))
    (row,) = call("automation", "list", "--json").json
    assert set(row) >= KEYS
    assert {name: row[name] for name in KEYS} == {
        "id": ID,
        "type": "smart-sync-fork",
        "name": "Auto Sync Main 123",
        "enabled": True,
        "schedule": {"type": "interval", "value": "2h"},
        "nextRun": iso(NOON + timedelta(hours=1)),
        "lastRun": RUN,
        "status": "failed",
        "running": None,
    }


def test_the_list_has_every_status_by_id(gateway: GatewayRoot, call: Caller) -> None:
    gateway.automation("failed", lastRun=RUN)
    gateway.automation("disabled", enabled=False)
    gateway.automation("running")
    gateway.state("running", percentage=65, milestone="Resolving conflicts")
    gateway.automation("idle")
    gateway.write("config/smart-sync-fork/invalid.json", "{ id: 'invalid'")
    rows = call("automation", "list", "--json").json
    assert [row["status"] for row in rows] == ["disabled", "failed", "idle", "invalid", "running"]
    assert rows[3]["problem"].startswith("is not JSON5")
    assert rows[3]["enabled"] is None
    assert rows[4]["running"] == {
        "sessionId": "cron:running",
        "percentage": 65,
        "milestone": "Resolving conflicts",
        "startTime": iso(NOON - timedelta(minutes=5)),
        "lastUpdate": iso(NOON),
    }


def test_a_missing_next_run_is_derived_from_the_schedule(gateway: GatewayRoot, call: Caller) -> None:
    gateway.automation("a-b", lastRun=RUN)
    assert call("automation", "list", "--json").json[0]["nextRun"] == iso(NOON + timedelta(hours=1))


def test_the_list_as_text_has_a_line_each_and_fits(gateway: GatewayRoot, call: Caller) -> None:
    gateway.automation(ID, name="A very long name " * 5, lastRun=RUN)
    gateway.automation("running")
    gateway.state("running", percentage=65)
    heading, first, second = call("automation", "list").lines
    assert heading.split()[:2] == ["ID", "NAME"]
    assert first.split()[0] == ID
    assert "failed 1h" in first
    assert "running 65 %" in second
    assert all(len(line) <= 80 for line in (heading, first, second))


def test_an_empty_list_has_its_message_on_standard_error(call: Caller) -> None:
    answer = call("automation", "list")
    assert (answer.status, answer.out, answer.err) == (0, "", "clawtui: there are no automations\n")
    assert call("automation", "list", "--json").json == []


def test_show_prints_the_document_and_the_derived_fields(gateway: GatewayRoot, call: Caller) -> None:
    gateway.automation(ID, lastRun=RUN, myOwnKey={"deep": [1, 2]})
    shown = call("automation", "show", ID, "--json").json
    assert shown["myOwnKey"] == {"deep": [1, 2]}
    assert shown["config"]["forkBranch"] == "main"
    assert shown["lastRun"] == RUN
    assert "nextRun" not in shown
    assert shown["due"] == iso(NOON + timedelta(hours=1))
    assert (shown["status"], shown["running"]) == ("failed", None)
    assert shown["path"] == f"config/smart-sync-fork/{ID}.json"


def test_show_prints_every_field_as_text(gateway: GatewayRoot, call: Caller) -> None:
    gateway.automation(ID, lastRun=RUN, description="word " * 40)
    gateway.state(ID)
    lines = call("automation", "show", ID).lines
    assert all(len(line) <= 80 for line in lines)
    text = " ".join(" ".join(lines).split())
    for expected in (
        ID,
        "word " * 40,
        "Push rejected",
        "65 % Resolving conflicts",
        "interval 2h",
        "in 1h00m",
        "took 5m24s",
    ):
        assert expected.strip() in text


def test_show_prints_the_problem_of_an_unreadable_file_and_fails(gateway: GatewayRoot, call: Caller) -> None:
    gateway.write("config/smart-sync-fork/broken.json", "{ id: 'broken'")
    answer = call("automation", "show", "broken", "--json")
    assert answer.status == 1
    assert answer.json["status"] == "invalid"
    assert answer.json["problem"].startswith("is not JSON5")
    assert "config/smart-sync-fork/broken.json: is not JSON5" in answer.err


def test_an_unknown_automation_is_an_error_with_a_hint(call: Caller) -> None:
    for verb in (["show"], ["enable"], ["disable"], ["delete", "--yes"]):
        answer = call("automation", *verb, "nope")
        assert (answer.status, answer.out) == (5, "")
        assert "automation list" in answer.err


def test_an_id_that_leads_elsewhere_is_refused(call: Caller) -> None:
    assert call("automation", "show", "../dispatcher").status == 3
    assert call("automation", "delete", "../dispatcher", "--yes").status == 3


def test_disable_and_enable_change_that_and_keep_the_persons_file(gateway: GatewayRoot, call: Caller) -> None:
    path = gateway.automation(ID)
    path.write_text("// mine\n" + path.read_text())
    answer = call("automation", "disable", ID)
    assert (answer.status, answer.out, answer.err) == (0, "", f"clawtui: {ID} is disabled\n")
    assert path.read_text().startswith("// mine\n")
    assert call("automation", "show", ID, "--json").json["enabled"] is False
    assert call("automation", "enable", ID, "--json").json["enabled"] is True


def test_an_unreadable_configuration_is_not_enabled(gateway: GatewayRoot, call: Caller) -> None:
    path = gateway.write("config/smart-sync-fork/broken.json", "{ id: 'broken'")
    assert call("automation", "enable", "broken").status == 1
    assert path.read_text() == "{ id: 'broken'"


def test_delete_asks_and_does_nothing_without_a_terminal(gateway: GatewayRoot, call: Caller) -> None:
    path = gateway.automation(ID)
    answer = call("automation", "delete", ID)
    assert answer.status == 3
    assert "--yes" in answer.err
    assert path.exists()


def test_delete_removes_the_configuration_and_nothing_else(gateway: GatewayRoot, call: Caller) -> None:
    gateway.automation(ID)
    gateway.automation("other")
    gateway.state(ID)
    before = call.files()
    answer = call("automation", "delete", ID, "--yes", "--json")
    assert answer.json == {
        "id": ID,
        "type": "smart-sync-fork",
        "path": f"config/smart-sync-fork/{ID}.json",
        "deleted": True,
    }
    assert set(before) - set(call.files()) == {f"config/smart-sync-fork/{ID}.json"}


def test_an_unreadable_configuration_can_be_deleted(gateway: GatewayRoot, call: Caller) -> None:
    path = gateway.write("config/smart-sync-fork/broken.json", "{ id: 'broken'")
    assert call("automation", "delete", "broken", "--yes").status == 0
    assert not path.exists()


@pytest.mark.parametrize(
    ("schedule", "cell", "outlook", "shown"),
    [
        (("cron", "0 9 * * *"), "in 15h", {"state": "when", "about": False}, "in Asia/Kolkata, the zone of this host"),
        (("interval", "30min"), "overdue 30m", {"state": "when", "about": False}, "30m late"),
        (("cron", "0 9 31 2 *"), "never", {"state": "never"}, "never: no such date comes"),
        (("cron", "61 * * * *"), "not understood", {"state": "not understood", "part": "61"}, "“61” is not understood"),
        (
            ("interval", "1M"),
            "not understood",
            {"state": "not understood", "part": "1M"},
            "M can be a minute or a month",
        ),
    ],
)
def test_a_schedule_is_due_or_never_or_not_understood(
    schedule: tuple[str, str],
    cell: str,
    outlook: dict[str, object],
    shown: str,
    gateway: GatewayRoot,
    call: Caller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TZ", "Asia/Kolkata")
    gateway.automation("a-b", schedule=dict(zip(("type", "value"), schedule, strict=True)), lastRun=RUN)
    assert cell in call("automation", "list").out
    found = call("automation", "list", "--json").json[0]["outlook"]
    assert outlook.items() <= found.items()
    assert shown in " ".join(call("automation", "show", "a-b").out.split())
    assert outlook.items() <= call("automation", "show", "a-b", "--json").json["outlook"].items()


def test_the_help_has_the_grammar_of_schedules(call: Caller) -> None:
    assert grammar_text().splitlines()[-1] in call("automation", "--help").out
